"""Grades a notebook as its cells ran, if that is newer than its file."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.magic import kernel
from autograder.submission import files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.course import Assignment, Course
    from autograder.report import Report, TestReport

_MOST_NAMES = 5


@dataclass(frozen=True)
class Work:
    """A notebook with cells that ran but are not saved.

    Attributes:
        file: the notebook's file.
        content: what it would contain, as JSON.
        said: a note on that for the learner.
    """

    file: Path
    content: str
    said: str

    @contextmanager
    def laid_out(self, assignment: Assignment) -> Iterator[Path]:
        """A file to grade, in a temporary folder with the assignment's other files."""
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made) / assignment.name
            folder.mkdir()
            known = self.file.parent.with_name(files.HANDED_OUT)
            beside = [p for each in assignment.files for p in files.both(self.file.parent, each)]
            for path in [known, *(p for p in beside if p.stem != self.file.stem)]:
                if path.is_file():
                    into = folder.parent if path == known else folder
                    shutil.copyfile(path, into / path.name)
            judged = folder / self.file.name
            judged.write_text(self.content, "utf-8")
            yield judged


def of_kernel(course: Course, assignment: Assignment, file: Path) -> Work | None:
    """An assignment's notebook as this kernel ran it; None if its file is not older.

    If it is unknown which notebook runs this, as on Colab, which saves none beside the kernel, it
    is the one that asks for what the kernel ran, if nothing of the assignment has been started.

    Args:
        course: the learner's.
        assignment: one of its assignments.
        file: the file that would be graded otherwise.

    Raises:
        OSError: it cannot be read.
    """
    asking = kernel.asking_notebook()
    if asking is None and files.untouched(course, assignment):
        names = kernel.defined()
        forms = [files.both(file.parent, f)[1] for f in assignment.files if names & {*f.asks}]
        asking = next(iter(forms), None)
    elif not kernel.is_asking(file):
        return None
    if asking is None or not asking.is_file():
        return None
    saved, fresh = asking.stat().st_mtime, not files.begun(asking)
    now = kernel.as_run(asking, None if fresh else saved)
    if now is None:
        return None
    names_of_it = ", ".join(now.names[:_MOST_NAMES]) + ", …" * (len(now.names) > _MOST_NAMES)
    if fresh:
        said = f"not saved, but graded as you ran it here: {names_of_it}"
    else:
        when = time.strftime("%H:%M:%S", time.localtime(saved))
        said = f"saved at {when}; graded as you ran it since, but not saved: {names_of_it}"
    return Work(asking, now.content, said)


def in_kernel(report: Report) -> Report:
    """The report with examples for this kernel: without imports of the file, which lacks the code.

    Args:
        report: on work of `of_kernel`.
    """
    tests = tuple(_without_import(test) for test in report.tests)
    return msgspec.structs.replace(report, tests=tests)


def _without_import(test: TestReport) -> TestReport:
    example = test.counterexample
    if example is None:
        return test
    lines = tuple(line for line in example.lines if not line.startswith("from autograder.yours."))
    example = msgspec.structs.replace(example, lines=lines)
    return msgspec.structs.replace(test, counterexample=example)
