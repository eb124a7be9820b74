"""`grade` in a notebook: grades the saved file, and shows the feedback inline.

    %load_ext autograder.magic
    %grade assignment3

or as a plain call:

    from autograder.magic import grade
    grade("assignment3")

Functions and classes that the kernel ran after the file was saved are graded as they ran.

The grade cells of a class's notebook call `check("assignment3", "tanh")`, which grades one part and
raises an exception if it is not correct yet, for `nbgrader validate` to report.

The grader runs in a process of its own, so the state of the notebook's Python does not affect it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

import autograder
from autograder import course as courses
from autograder.magic import kernel, unsaved
from autograder.submission import files
from autograder.submission.read import Ungradable, in_folder

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.report import Report

_COMMAND = "from autograder.cli.grade import main; main(prog_name='grade')"
_OF_ONE_FILE = {"--hint", "--html", "--draw", "--only", "-v", "--verbose"}
_OLD = 60
"""Seconds after which a saved file may be older than what the notebook shows."""


@dataclass(frozen=True, repr=False)
class Feedback:
    """A report that displays itself, as HTML in a notebook and as text elsewhere.

    Attributes:
        report: the verdict.
        assignment: what was graded.
        saved: when the file was saved, in words.
        course: the learner's, if the work is in its folder.

    """

    report: Report
    assignment: Assignment
    saved: str
    course: Course | None = None

    def __repr__(self) -> str:
        import click

        from autograder.feedback.terminal import render

        text = render(self.report, self.assignment, course=self.course)
        return f"{self.saved}\n{click.unstyle(text)}"

    def _repr_html_(self) -> str:
        from autograder.feedback.html import inline

        return inline(self.report, self.assignment, saved=self.saved, course=self.course)


class GradeError(Exception):
    """There is nothing to show; the message says what to do."""


class NotYet(Exception):
    """A part is not right yet: the message shows why, as on the terminal."""

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython shows: only the message, as our code would not help."""
        return [str(self)]


def grade(assignment: str, path: str | os.PathLike[str] | None = None) -> Feedback:
    """Grade an assignment's file as saved, with what its notebook has run since.

    Args:
        assignment: its name, such as `assignment3`.
        path: another file to grade, instead of the one in the assignment's folder.

    Returns:
        The feedback; it displays itself if it is the last value of a cell.

    Raises:
        GradeError: there is no such assignment or file, or nothing could be graded.

    """
    from autograder.feedback.remembered import State

    kernel.listen()
    try:
        course = courses.of_work(Path.cwd(), anywhere=True)
        chosen = course.assignment(assignment)
        file = Path(path) if path is not None else _saved_file(course, chosen)
        saved = _saved(file)
        work = unsaved.of_kernel(course, chosen, file) if path is None else None
        if kernel.is_asking(file):
            saved += _stale(file)
    except (courses.CourseError, Ungradable) as error:
        raise GradeError(str(error)) from None
    except OSError as error:
        raise GradeError(f"{error.filename}: {error.strerror}.") from None
    if work is None:
        asked = [chosen.name, str(file.resolve()), "--json", "--with-run"]
        report = _report(_run(asked, course.root))
    else:
        saved = work.said
        with work.laid_out(chosen) as judged:
            # It runs in this kernel with the learner's rights already.
            asked = [chosen.name, str(judged), "--json", "--with-run", "--mine"]
            report = unsaved.in_kernel(_report(_run(asked, course.root)))
    if report.full_marks and path is None:
        from datetime import date

        State(course).remember_solved(chosen.name, date.today())
    return Feedback(report, chosen, saved, course if path is None else None)


def check(assignment: str, part: str) -> None:
    """Grade one part of the saved notebook, as its grade cell does.

    Args:
        assignment: its name, such as `assignment3`.
        part: the part's name, such as `tanh`.

    Raises:
        NotYet: a visible test of the part does not pass, or nothing could be graded.
        GradeError: there is no such assignment, or its notebook is not found.

    """
    try:
        course = courses.of_work(Path.cwd(), anywhere=True)
        chosen = course.assignment(assignment)
        notebook = _notebook_of(chosen, part)
        saved, content = _saved(notebook), notebook.read_bytes()
        saved += _stale(notebook)
    except courses.CourseError as error:
        raise GradeError(str(error)) from None
    except OSError as error:
        raise GradeError(f"{error.filename}: {error.strerror}.") from None
    report = _of_part(_judged(chosen.name, notebook, content), part)
    feedback = Feedback(report, chosen, saved)
    if feedback.report.full_marks:
        score = f"{feedback.report.score:g} of {feedback.report.max_score:g} points"
        print(f"{saved}.\nAll good: {score}.")  # noqa: T201  the way to tell a notebook's reader
        return
    if kernel.asking_notebook() is not None:
        from IPython.display import display

        display(feedback)
        raise NotYet("Not yet: see what is missing above.")
    raise NotYet(repr(feedback))


def _notebook_of(assignment: Assignment, part: str) -> Path:
    """The notebook that runs this, else the one in the cwd with a grade cell for the part."""
    asking = kernel.asking_notebook()
    if asking is not None and asking.is_file():
        return asking.resolve()
    names = [files.both(Path.cwd(), file)[1] for file in assignment.files]
    there = [path for path in names if path.is_file()]
    if not there:
        raise GradeError(
            f"There is no {names[0].name} in {Path.cwd()}. Save the notebook under that name."
        )
    return next((path for path in there if f'\\"{part}\\")' in path.read_text("utf-8")), there[0])


@cache
def _judged(assignment: str, notebook: Path, content: bytes) -> Report:
    """The report on a notebook with this content; its grade cells share it."""
    del content  # part of the cache's key
    root = courses.of_work(Path.cwd(), anywhere=True).root
    # It runs in this kernel with the learner's rights already.
    return _report(_run([assignment, str(notebook), "--json", "--with-run", "--mine"], root))


def _of_part(report: Report, part: str) -> Report:
    """The report on only one part's visible tests."""
    if report.status != "graded":
        return report
    tests = tuple(test for test in report.tests if test.part == part and test.visible)
    if not tests:
        raise GradeError(f"{report.assignment} has no visible tests for a part {part!r}.")
    return msgspec.structs.replace(
        report,
        tests=tests,
        score=sum(test.score for test in tests),
        max_score=sum(test.max_score for test in tests),
        predictions=(),
        judged_later=0,  # it counts points of other parts, too
    )


def _report(done: subprocess.CompletedProcess[str]) -> Report:
    from autograder.report import from_json

    if not done.stdout.startswith("{"):
        raise GradeError(done.stderr.strip() or "The grader didn't answer.")
    return from_json(done.stdout)


def _saved_file(course: Course, assignment: Assignment) -> Path:
    """The notebook that runs this, if it is one of the assignment's; else the file that counts."""
    folder = course.folder(assignment)
    asking = kernel.asking_notebook()
    names = {files.both(folder, file)[1].name for file in assignment.files}
    if asking is not None and asking.is_file() and asking.name in names:
        return asking
    return max(in_folder(assignment, folder), key=lambda path: path.stat().st_mtime)


def _stale(file: Path) -> str:
    """A note on functions that the kernel ran in another version than the saved one, if any."""
    names = kernel.unsaved(file) if file.suffix == ".ipynb" else ()
    if not names:
        return ""
    told = f"{', '.join(names)}: what you ran differs from the saved notebook"
    return f". {told}. Save it, then run this cell again"


def _saved(file: Path) -> str:
    when = file.stat().st_mtime
    ago = time.time() - when
    text = f"saved at {time.strftime('%H:%M:%S', time.localtime(when))}"
    if ago < _OLD:
        return text
    day = time.strftime("%Y-%m-%d", time.localtime(when))
    text = text if ago < 12 * 3600 else f"{text} on {day}"
    return f"{text}; if you have changed it since, save and grade again"


def _run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `grade` in a new process with this kit, without modules from the learner's folder."""
    kit = str(Path(autograder.__file__).resolve().parents[1])
    before = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([kit, before] if before else [kit])
    return subprocess.run(
        [sys.executable, "-P", "-c", _COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _magic(line: str) -> Feedback | None:
    """Grade an assignment: `%grade assignment3`, `%grade assignment3 --hint`, `%grade`."""
    words = shlex.split(line)
    if words and not any(word.startswith("-") for word in words):
        try:
            return grade(*words)
        except (GradeError, TypeError) as error:
            print(error)  # noqa: T201  a traceback would not help
            return None
    if "--watch" in words:
        print("--watch only works in a terminal. Here, save and run %grade again.")  # noqa: T201  as above
        return None
    done = _told(words)
    print((done.stdout + done.stderr).rstrip())  # noqa: T201  the way to tell a notebook's reader
    return None


def _told(words: list[str]) -> subprocess.CompletedProcess[str]:
    """The output of `grade` for these words; it grades what this kernel ran if that is newer."""
    if _OF_ONE_FILE.isdisjoint(words) or words[0].startswith("-") or not words[1].startswith("-"):
        return _run(words, Path.cwd())
    try:
        course = courses.of_work(Path.cwd(), anywhere=True)
        chosen = course.assignment(words[0])
        work = unsaved.of_kernel(course, chosen, _saved_file(course, chosen))
    except (courses.CourseError, Ungradable, OSError):
        work = None  # `grade` reports what is wrong
    if work is None:
        return _run(words, Path.cwd())
    print(f"{work.file.name}, {work.said}")  # noqa: T201  as above
    with work.laid_out(chosen) as judged:
        return _run([words[0], str(judged), *words[1:], "--mine"], Path.cwd())


def load_ipython_extension(ipython: Any) -> None:
    """Called by `%load_ext autograder.magic`; adds `%grade`."""
    kernel.listen()
    ipython.register_magic_function(_magic, "line", "grade")
