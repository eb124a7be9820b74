"""`course new`: makes the folders of a new assignment, and its table in course.toml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import FILE, CourseError, load
from autograder.grading.suite import suite_folder

if TYPE_CHECKING:
    from autograder.course import Course

_TABLE = """
[[assignments]]
name = "{name}"
title = {title}
[[assignments.files]]
name = "{file}"
asks = []
"""
_SOLUTION = """\
# %% [markdown]
# # {title}
#
# What it is about, and what learners can do at the end.

# %%
# The code that is given. What learners write goes inside a function, between
# BEGIN SOLUTION and END SOLUTION: see docs/authors.md.
"""
_TESTS = '"""{name}, the tests that {who}."""\n'
_HINTS = """\
# Three steps for each part, in course order: the idea, the place, the line with one blank (____).
# [parts.NAME]
# title, rests_on (parts), idea, place, line

[parts]
"""


class NewError(Exception):
    """The assignment cannot be created; the message says why."""


def lay_out(course: Course, name: str, title: str, file: str) -> list[Path]:
    """Make the first files of an assignment; `course check` then lists what is still missing.

    Args:
        course: gets the assignment as its last one.
        name: the assignment's name, and that of its folders.
        title: for learners.
        file: the file that learners complete, such as `optimizers.py`.

    Returns:
        The files made or changed, course.toml first.

    Raises:
        NewError: the name is taken, or course.toml would become invalid.
        OSError: a file cannot be written.
    """
    solution, suite = course.root / "solutions" / name, suite_folder(name)
    if any(assignment.name == name for assignment in course.assignments):
        raise NewError(f"{name} is already in course.toml.")
    for folder in (solution, suite):
        if folder.exists():
            raise NewError(f"{folder} already exists. Move it away or choose another name.")
    table = course.root / FILE
    before = table.read_bytes()
    quoted = json.dumps(title, ensure_ascii=False)  # also a valid basic string in TOML
    added = _TABLE.format(name=name, title=quoted, file=file)
    table.write_bytes(before.rstrip() + b"\n" + added.encode())
    try:
        load(course.root)
    except CourseError as error:
        table.write_bytes(before)
        raise NewError(str(error)) from None
    texts = {
        solution / file: _SOLUTION.format(title=title),
        suite / "test_visible.py": _TESTS.format(name=name, who="learners may read"),
        suite / "test_hidden.py": _TESTS.format(name=name, who="stay with the instructor"),
        suite / "hints.toml": _HINTS,
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (suite / "right").mkdir()
    return [table, *texts]
