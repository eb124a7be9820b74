"""Runs every example of a report where people paste it, and compares the output with the report.

    python -m tests.examples                       all wrong engines of the suites
    python -m tests.examples assignment5           those of one
    python -m tests.examples assignment5 my.py …   files

Each example runs as a file next to the learner's, as a file in the course's folder, line by line in
a REPL, and as a cell of a notebook. It must print what stands beside "yours", or raise it.
"""

from __future__ import annotations

import code
import json
import math
import os
import re
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from autograder import course as courses
from autograder.authoring import engines
from autograder.feedback import wording
from autograder.grading import Options, grade_each
from autograder.report import LONGEST
from autograder.sandbox.limited import Limited
from autograder.submission import files
from autograder.submission.read import Ungradable, of_texts
from autograder.worker.protocol import without_addresses

if TYPE_CHECKING:
    from autograder.authoring.engines import WrongEngine
    from autograder.course import Assignment, Course
    from autograder.report import Report, TestReport

Form = Literal["file", "course", "repl", "notebook"]
FORMS: tuple[Form, ...] = get_args(Form)
_SECONDS = 20
_VARIES = ": it varies from run to run"
_AS_SHOWN = 1e-5  # six digits are shown


class Run(msgspec.Struct, frozen=True):
    """One example in one place.

    Attributes:
        label: the file that the report is on.
        test: the failed test.
        form: where the example ran.
        lines: what ran.
        shown: what the report shows as the learner's.
        said: what was printed, or raised.
    """

    label: str
    test: str
    form: Form
    lines: tuple[str, ...]
    shown: str
    said: str

    @property
    def is_as_shown(self) -> bool:
        """Whether the example said what the report shows."""
        return _agrees(self.shown, self.said)


def _agrees(shown: str, said: str) -> bool:
    if shown.endswith(_VARIES):
        answers = shown.removesuffix(_VARIES).split(" or ")
        return answers[-1] == "another" or any(_agrees(one, said) for one in answers)
    if shown.startswith("raises "):
        return _plain(shown.removeprefix("raises ")) in _plain(said[-LONGEST:])
    last = said.rstrip("\n").split("\n")[-1 - shown.count("\n") :]
    found = "\n".join(last)
    try:
        return math.isclose(float(found), float(shown), rel_tol=_AS_SHOWN, abs_tol=1e-12) or (
            math.isnan(float(found)) and math.isnan(float(shown))
        )
    except ValueError:
        return _plain(found) == _plain(shown) or _plain(said) == _plain(shown)


def _plain(text: str) -> str:
    """The text without what differs from run to run and from place to place."""
    text = without_addresses(text).removesuffix(" …")
    return re.sub(r"\s+", " ", text)[:LONGEST].strip()


def runs(
    course: Course, assignment: Assignment, label: str, texts: dict[str, str], report: Report
) -> Iterator[Run]:
    """Run every example of a report on these files, in every place.

    Args:
        course: is laid out in a folder of its own.
        assignment: whose files they are.
        label: for the results.
        texts: what was handed in, by file name.
        report: on them.
    """
    told = [test for test in report.tests if test.counterexample is not None]
    if not told:
        return
    with tempfile.TemporaryDirectory(prefix="examples-") as place:
        root = Path(place)
        shutil.copy(course.root / courses.FILE, root / courses.FILE)
        folder = root / "assignments" / assignment.name
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")
        for file in assignment.files:
            for module in file.provides:
                (folder / f"{module}.py").write_text(courses.provided_text(module), "utf-8")
        for test in told:
            lines = wording.pasted(test)
            for form in FORMS:
                said = run(form, lines, root if form == "course" else folder)
                yield Run(label, test.name, form, lines, _shown(test), said)


def _shown(test: TestReport) -> str:
    assert test.counterexample is not None
    yours = test.counterexample.yours
    return "None" if yours is None else str(yours)


def run(form: Form, lines: Sequence[str], folder: Path) -> str:
    """What the lines print there, including errors.

    Args:
        form: how they are run.
        lines: as they are shown.
        folder: the one where Python is.
    """
    with tempfile.TemporaryFile() as output:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            try:
                signal.alarm(_SECONDS)
                for stream in (1, 2):
                    os.dup2(output.fileno(), stream)
                os.chdir(folder)
                sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  ends with us
                sys.stderr = sys.stdout
                sys.path[0] = str(folder) if form in ("file", "course") else ""
                _PLACES[form]("\n".join(lines) + "\n")
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                os._exit(0)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        said = output.read().decode(errors="replace")
    return said if status == 0 else f"{said}\nended by signal {status}"


def _as_file(text: str) -> None:
    exec(compile(text, "example.py", "exec"), {"__name__": "__main__"})


def _in_repl(text: str) -> None:
    console = code.InteractiveConsole({"__name__": "__console__"})
    for line in text.split("\n"):
        console.push(line)


def _in_notebook(text: str) -> None:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    quiet = Config()
    quiet.HistoryManager.enabled = False
    quiet.InteractiveShell.colors = "nocolor"
    quiet.InteractiveShell.xmode = "Minimal"
    shell: Any = InteractiveShell.instance(config=quiet)
    shell.run_cell(text)


_PLACES: dict[Form, Callable[[str], None]] = {
    "file": _as_file,
    "course": _as_file,
    "repl": _in_repl,
    "notebook": _in_notebook,
}


def reports_on(
    course: Course, assignment: Assignment, texts: dict[str, dict[str, str]]
) -> Iterator[tuple[str, Report]]:
    """The reports on files, by label; files that cannot be graded are left out."""
    handed_in = {}
    for label, each in texts.items():
        try:
            handed_in[label] = of_texts(assignment, each, next(iter(each)))
        except Ungradable:
            continue
    reports: list[Report] = []
    options = Options(sandbox=Limited(trusted=True))
    grade_each(course, assignment, list(handed_in.values()), reports.append, options)
    yield from zip(handed_in, reports, strict=True)


def files_with(course: Course, assignment: Assignment, wrong: WrongEngine) -> dict[str, str]:
    """The files handed in with that engine, by file name; the others are the solution's."""
    return {
        file.name: wrong.source
        if file.name == wrong.file
        else engines.solution_source(course, assignment, file.name)
        for file in assignment.files
    }


def _of_suite(course: Course, assignment: Assignment) -> dict[str, dict[str, str]]:
    return {
        wrong.id: files_with(course, assignment, wrong)
        for wrong in engines.wrong_engines(course, assignment)
    }


def _of_files(course: Course, assignment: Assignment, paths: Sequence[str]) -> Any:
    """The files by path; each replaces the solution's file of its name, else the first one."""
    texts = {}
    for path in map(Path, paths):
        named = [f for f in assignment.files if path in files.both(path.parent, f)]
        torch = [f for f in assignment.files if f.own_packages and path.stem.startswith("torch")]
        file = next(iter([*named, *torch]), assignment.files[0])
        others = {
            other.name: engines.solution_source(course, assignment, other.name)
            for other in assignment.files
            if other is not file
        }
        texts[str(path)] = {file.name: path.read_text("utf-8"), **others}
    return texts


def main(arguments: Sequence[str]) -> int:
    """Run the examples and print those that are wrong; returns 1 if any is, else 0."""
    course = courses.find(Path.cwd())
    chosen = [course.assignment(name) for name in arguments[:1]] or course.assignments
    held, failed = 0, []
    for assignment in chosen:
        paths = arguments[1:]
        texts = _of_files(course, assignment, paths) if paths else _of_suite(course, assignment)
        counted: Counter[str] = Counter()
        for label, report in reports_on(course, assignment, texts):
            for each in runs(course, assignment, label, texts[label], report):
                counted[each.form] += 1
                held += each.is_as_shown
                if not each.is_as_shown:
                    failed.append(each)
                    print(json.dumps(msgspec.to_builtins(each)), flush=True)
        print(f"{assignment.name}: {len(texts)} files, {dict(counted)}", file=sys.stderr)
    print(f"{held} as shown, {len(failed)} not", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
