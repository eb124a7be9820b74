"""What a report shows of wrong work is Python that runs, and gives the number in the report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder import course
from autograder.course import PROVIDED
from autograder.submission import read

COURSE = course.load(Path(__file__).resolve().parents[1])
MISTAKES = {
    "assignment2": [
        ("self.data + other.data", "self.data - other.data"),
        ("math.tanh(self.data)", "math.tan(self.data)"),
        ("self + (-other)", "other + (-self)"),
    ],
    "assignment3": [
        ("out.grad", "1.0"),
        ("- out.data**2", "+ out.data**2"),
        ("other.data * out.grad", "self.data * out.grad"),
    ],
    "assignment5": [("+=", "=")],
}
GRADE = """
import json, sys
from pathlib import Path
from autograder import course, grading
from autograder.submission import read as submission
from autograder.report import to_json
facts, (name, *texts) = course.load(Path(sys.argv[1])), json.load(sys.stdin)
assignment, reports = facts.assignment(name), []
file = assignment.files[0].name
handed_in = [submission.of_texts(assignment, {file: text}, file) for text in texts]
grading.grade_each(facts, assignment, handed_in, reports.append)
print(json.dumps([json.loads(to_json(report)) for report in reports]))
"""


def python(folder: Path, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = str(folder) if folder != COURSE.root else str(COURSE.root)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", source, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
    )


def reports_on(name: str, texts: list[str]) -> list[dict[str, Any]]:
    result = subprocess.run(
        [sys.executable, "-c", GRADE, str(COURSE.root)],
        input=json.dumps([name, *texts]),
        cwd=COURSE.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    reports: list[dict[str, Any]] = json.loads(result.stdout.splitlines()[-1])
    return reports


@pytest.mark.parametrize("name", MISTAKES)
def test_every_example_of_a_report_can_be_run(name: str, tmp_path: Path) -> None:
    file = COURSE.assignment(name).files[0]
    solution = (COURSE.root / "solutions" / name / file.name).read_text("utf-8")
    texts = [solution.replace(right, wrong) for right, wrong in MISTAKES[name]]
    assert solution not in texts
    for module in file.provides:
        (tmp_path / f"{module}.py").write_bytes((PROVIDED / f"{module}.py").read_bytes())

    checked = 0
    for text, report in zip(texts, reports_on(name, texts), strict=True):
        handed_in = read.of_texts(COURSE.assignment(name), {file.name: text}, file.name)
        (tmp_path / file.name).write_text(handed_in.sources[0].blocks[0].text, "utf-8")
        assert report["score"] < report["max_score"]
        for test in report["tests"]:
            example = test["counterexample"]
            if example is None or not isinstance(example["yours"], int | float):
                continue
            *before, last = example["lines"]
            result = python(tmp_path, "\n".join((*before, f"print(repr({last}))")))

            assert result.stderr == "", (test["name"], example)
            assert float(result.stdout) == example["yours"], (test["name"], example)
            checked += 1
    assert checked
