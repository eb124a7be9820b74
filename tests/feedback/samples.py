"""Submissions of every kind, and reports on them: right, wrong, stub, raising, hostile, broken.

The reports are stored in `reports/`, so that feedback is tested without a grader. After a change of
the suite or of what reports contain, `python -m tests.feedback.samples` makes them again;
`test_samples.py` checks that they are what `grade` reports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder import course as courses
from autograder.report import Report, from_json
from autograder.sandbox import bubblewrap as sandbox

ROOT = Path(autograder.__file__).parents[1]
COURSE = courses.load(ROOT)
ASSIGNMENT = COURSE.assignment("assignment3")
SOLUTION = (ROOT / "solutions/assignment3/closures.py").read_text("utf-8")
STUB = ROOT / "assignments/assignment3/closures.py"

MARKUP = '<img src=x onerror="alert(1)"><script>alert(1)</script>\u202e"\'>&{{7*7}}|}{\\'
HOSTILE = f"""
import math
X = {MARKUP!r}
class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, set(_children), X, X
        self._backward = lambda: None
    def __repr__(self):
        return X
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        print(X)
        print("\\x1b[2J\\x1b]0;owned\\x07\\x9b31m")
        print("</pre></details><script>document.title = 'owned'</script>")
        out = Value(self.data + other.data, (self, other), "+")
        def _backward():
            self.grad, other.grad = X, out.grad
        out._backward = _backward
        return out
    def __mul__(self, other):
        raise ValueError(X + "\\n" + X)
    def __pow__(self, other):
        return X
    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")
        def _backward():
            self.grad = float("nan")
        out._backward = _backward
        return out
    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")
        def _backward():
            self.grad = 10**300
        out._backward = _backward
        return out
    def relu(self):
        raise type("</style><style>*{{display:none}}", (Exception,), {{}})("</style></title>")
def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    return {{**dict.fromkeys("abcedfL", X), X: X}}
predict = "<script>alert(2)</script>"
"""


def changed(*changes: tuple[str, str], more: str = "") -> str:
    """The solution with some changes, and more code at its end."""
    text = SOLUTION
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text + more


SQUARED_INPUT = ("(1 - out.data**2) * out.grad", "(1 - self.data**2) * out.grad")
OWN_FACTOR = ("other.grad = self.data * out.grad", "other.grad = other.data * out.grad")
EXP_OF_INPUT = ("self.grad = out.data * out.grad", "self.grad = self.data * out.grad")


@dataclass(frozen=True)
class Sample:
    """A submission.

    Attributes:
        text: the learner's file.
        kept: the path of the report on it.
    """

    text: str
    kept: Path

    def report(self) -> Report:
        """The stored verdict on it."""
        return from_json(self.kept.read_bytes())

    def judged(self) -> str:
        """The verdict on it by the real command, as it would be stored."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / ASSIGNMENT.files[0].name
            path.write_text(self.text, "utf-8")
            done = run([ASSIGNMENT.name, str(path), "--json"], ROOT)
        report = json.loads(done.stdout)
        # what changes with every change of the kit, and what is empty, tells nothing
        report |= {"kit_version": "", "suite_sha256": ""}
        report["submission"]["sha256"] = ""
        report["tests"] = [
            {key: value for key, value in test.items() if value not in ("", None)}
            for test in report["tests"]
        ]
        return json.dumps(report, indent=1) + "\n"


SAMPLES = {
    kind: Sample(text, Path(__file__).with_name("reports") / f"{kind}.json")
    for kind, text in {
        "right": SOLUTION,
        "wrong": changed(SQUARED_INPUT, OWN_FACTOR, EXP_OF_INPUT, more="\nprint('hello')\n"),
        "stubbed": STUB.read_text("utf-8"),
        "raising": changed(("(1 - out.data**2) * out.grad", "(1 - t**2) * out.grad")),
        "hostile": HOSTILE,
        "broken": changed(("def exp(self)", "def exp(self")),
    }.items()
}


def run(arguments: list[str], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """`grade` as a learner runs it, in a folder."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


COMMAND = "from autograder.cli.grade import main; main(prog_name='grade')"


if __name__ == "__main__":
    if why := sandbox.unavailable():
        sys.exit(f"Not made: others' files are judged in the sandbox. {why}")
    for each in SAMPLES.values():
        each.kept.write_text(each.judged(), "utf-8")
