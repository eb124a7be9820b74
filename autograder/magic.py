"""`grade` in a notebook: the saved file judged, the feedback inline.

    %load_ext autograder.magic
    %grade assignment3

or as a plain call:

    from autograder.magic import grade
    grade("assignment3")

The grader runs in a process of its own: what a notebook does to its own Python does not touch it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import autograder
from autograder import course as courses
from autograder.submission import Ungradable

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.report import Report

_COMMAND = "from autograder.cli.grade import main; main(prog_name='grade')"
_OLD = 60
"""Seconds after which a saved file may well not be what the notebook shows."""


@dataclass(frozen=True, repr=False)
class Feedback:
    """A report that shows itself: rich in a notebook, as text elsewhere.

    Attributes:
        report: the verdict.
        assignment: what was asked.
        saved: when the file was saved, in words.

    """

    report: Report
    assignment: Assignment
    saved: str

    def __repr__(self) -> str:
        import click

        from autograder.feedback.terminal import render

        return f"{self.saved}\n{click.unstyle(render(self.report, self.assignment))}"

    def _repr_html_(self) -> str:
        from autograder.feedback.html import inline

        return inline(self.report, self.assignment, saved=self.saved)


class GradeError(Exception):
    """There is nothing to show; the message says what to do."""


def grade(assignment: str, path: str | os.PathLike[str] | None = None) -> Feedback:
    """Grade the saved file of an assignment.

    Args:
        assignment: its name, such as `assignment3`.
        path: another file than the one that lies in the assignment's folder.

    Returns:
        The feedback; as the last value of a cell it shows itself.

    Raises:
        GradeError: there is no such assignment or file.

    """
    from autograder.report import from_json
    from autograder.state import State

    try:
        course = courses.find(Path.cwd())
        chosen = course.assignment(assignment)
        file = Path(path) if path is not None else _saved_file(course, chosen)
        saved = _saved(file)
    except (courses.CourseError, Ungradable) as error:
        raise GradeError(str(error)) from None
    except OSError as error:
        raise GradeError(f"{error.filename}: {error.strerror}.") from None
    done = _run([chosen.name, str(file.resolve()), "--json", "--with-run"], course.root)
    if not done.stdout.startswith("{"):
        raise GradeError(done.stderr.strip() or "The grader gave no answer.")
    report = from_json(done.stdout)
    if report.full_marks and path is None:
        from datetime import date

        State(course).remember_solved(chosen.name, date.today())
    return Feedback(report, chosen, saved)


def _saved_file(course: Course, assignment: Assignment) -> Path:
    """The notebook that asks, if it is one of the assignment's; else the file saved last."""
    folder = course.root / "assignments" / assignment.name
    scripts = [folder / file.name for file in assignment.files]
    there = [p for s in scripts for p in (s, s.with_suffix(".ipynb")) if p.is_file()]
    if not there:
        raise Ungradable(
            f"There is no {scripts[0].name} in {folder}. "
            f"The stub comes back with: grade {assignment.name} --reset"
        )
    asking = _asking_notebook()
    if asking is not None and asking.resolve() in {p.resolve() for p in there}:
        return asking
    return max(there, key=lambda p: p.stat().st_mtime)


def _asking_notebook() -> Path | None:
    """The notebook in which this runs, where Jupyter or the editor tells."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    told = shell.user_ns.get("__vsc_ipynb_file__") if shell is not None else None
    name = told or os.environ.get("JPY_SESSION_NAME")
    return Path(name) if isinstance(name, str) and name.endswith(".ipynb") else None


def _saved(file: Path) -> str:
    when = file.stat().st_mtime
    ago = time.time() - when
    text = f"saved at {time.strftime('%H:%M:%S', time.localtime(when))}"
    if ago < _OLD:
        return text
    day = time.strftime("%Y-%m-%d", time.localtime(when))
    text = text if ago < 12 * 3600 else f"{text} on {day}"
    return f"{text}; if you have changed it since, save it and grade again"


def _run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `grade` beside us, with this kit and without the modules of the learner's folder."""
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
            print(error)  # noqa: T201  a traceback would help nobody
            return None
    done = _run(words, Path.cwd())
    print((done.stdout + done.stderr).rstrip())  # noqa: T201  the way to tell a notebook's reader
    return None


def load_ipython_extension(ipython: Any) -> None:
    """What `%load_ext autograder.magic` calls."""
    ipython.register_magic_function(_magic, "line", "grade")
