"""Where a learner starts an assignment and where to go after it, with the files' paths."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from autograder.course import ANSWERS, FINALE
from autograder.feedback import wording
from autograder.submission import files

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.feedback.style import Style
    from autograder.report import Report, TestReport

_QUIET = ("not yet", "waiting", "not run")


def file_of(course: Course, assignment: Assignment, *, notebook: bool = False) -> str:
    """The path of an assignment's first file, relative to the current folder.

    Args:
        course: the learner's.
        assignment: one of its assignments.
        notebook: the notebook instead of the script, unless only one of them exists.
    """
    script, other = files.both(course.folder(assignment), assignment.files[0])
    alone = other.is_file() and not script.is_file()
    return os.path.relpath(other if notebook or alone else script)


def start(
    course: Course, assignment: Assignment, what: str = "open", *, notebook: bool = False
) -> str:
    """How to start or continue an assignment, as a clause: its file and the command.

    Args:
        course: the learner's.
        assignment: one of its assignments.
        what: what to do with the file.
        notebook: as for `file_of`.
    """
    file = file_of(course, assignment, notebook=notebook)
    return f"{what} {file} and run: grade {assignment.name} --watch"


def after(
    course: Course,
    assignment: Assignment,
    *,
    watched: bool = False,
    notebook: bool = False,
    within: bool = False,
) -> str:
    """What comes after a finished assignment, and how to get there, in sentences.

    Args:
        course: the learner's.
        assignment: the finished one.
        watched: in watch mode, where a key leads to the next one.
        notebook: it was done in a notebook, so the next one will be, too.
        within: for display in a notebook, where commands are not typed.
    """
    onward = _onward(course, assignment, watched=watched, notebook=notebook, within=within)
    answers = course.root / "solutions" / assignment.name / ANSWERS
    if not answers.is_file():  # a handout has no solutions
        return onward
    return f"To compare and go further, see {os.path.relpath(answers)}. {onward}".rstrip()


def _onward(
    course: Course, assignment: Assignment, *, watched: bool, notebook: bool, within: bool
) -> str:
    following = course.assignments[course.assignments.index(assignment) + 1 :]
    if not following:
        return at_the_end(course)
    if not course.folder(following[0]).is_dir():
        return f"Next: {following[0].name}, once you have fetched it."
    file = file_of(course, following[0], notebook=notebook or within)
    if within:
        return f"Next: open {file}."
    if watched:
        return f"Next: open {file} and press n here."
    return f"Next: {start(course, following[0], notebook=notebook)}"


def at_the_end(course: Course) -> str:
    """What comes after the last assignment, as a sentence; empty if nothing does."""
    return f"Next: grade {FINALE}" if course.finale is not None else ""


def not_begun(report: Report, course: Course, assignment: Assignment) -> TestReport | None:
    """The first unwritten function's test, if the learner has not started; else None.

    They have not if no test failed or passed, or if the files are as handed out, as some come with
    code that is wrong on purpose.

    Args:
        report: the verdict.
        course: the learner's.
        assignment: the one that was graded.
    """
    if report.status != "graded" or any(test.status == "passed" for test in report.tests):
        return None
    silent = all(wording.state(test) in _QUIET for test in report.tests)
    if not silent and not files.untouched(course, assignment):
        return None
    return next((test for test in report.tests if test.place is not None), None)


def opening(
    report: Report,
    course: Course,
    assignment: Assignment,
    first: TestReport,
    style: Style,
    *,
    watched: bool,
) -> list[str]:
    """How to start, as lines: which file and line to open, what to write, and how to continue.

    Args:
        report: on work that has not been started.
        course: the learner's.
        assignment: the one that was graded.
        first: the test that reached the first unwritten function; it has a `place`.
        style: the terminal.
        watched: in watch mode, where each save is graded and no command needs repeating.
    """
    assert first.place is not None
    name, _, place = first.place.where.partition(", ")
    path = course.folder(assignment) / name
    notebook = path.with_suffix(".ipynb")
    read = f"Open {os.path.relpath(path)} and read down to {place}."
    if path != notebook and notebook.is_file():
        read += f" (Prefer a notebook? {notebook.name} has the same content.)"
    where = f"In `{first.place.function}`" if first.place.function else "There"
    write = f"{where}, replace `raise NotImplementedError(...)` with your code:"
    save = "Save the file. It is graded again right away."
    if not watched:
        save = f"Save the file and run grade {assignment.name} again (or let --watch do it)."
    count = len(wording.parts(report))
    worth = f"{count} part{'s' * (count != 1)}, {wording.points(report.max_score)} points."
    stuck = "press h" if watched else f"grade {assignment.name} --hint"
    return [
        "",
        *style.wrap("You haven't started this one yet. To begin:", ""),
        "",
        *_step(1, read, style),
        *_step(2, write, style),
        *(
            click.style(line, bold=True)
            for line in style.wrap(style.readable(first.message), "   ")
        ),
        *_step(3, save, style),
        "",
        *style.wrap(f"{worth} Stuck? {stuck}", ""),
    ]


def _step(number: int, text: str, style: Style) -> list[str]:
    first, *rest = style.wrap(style.readable(text), "   ")
    return [f"{number}. {first.lstrip()}", *rest]
