"""A learner's assignments as pytest tests: `-p autograder.feedback.in_pytest` in their course.

Each test of a suite becomes a pytest test with its title, in the file that it grades. The verdict
is that of `grade`; pytest shows it, and so do editors that show pytest's tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest

from autograder import course as courses
from autograder.feedback import wording
from autograder.feedback.failure import failure
from autograder.feedback.style import Style
from autograder.grading import judge
from autograder.grading.suite import tasks
from autograder.submission import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from autograder.course import Assignment, Course
    from autograder.grading.pytest_plugin import Task
    from autograder.report import Report, TestReport

COURSE = pytest.StashKey["Course"]()
_NOT_TESTS = ("autograder", "micrograd_ref")
"""The grader's folders in a handout, which have no tests."""


class NotRight(Exception):
    """A test failed; the text is what the learner is shown."""


def pytest_configure(config: pytest.Config) -> None:
    """Find the course around pytest's root folder."""
    try:
        config.stash[COURSE] = courses.find(config.rootpath)
    except courses.CourseError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip what is not the learner's work."""
    root = config.stash[COURSE].root
    return True if collection_path in [root / name for name in _NOT_TESTS] else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the first file of an assignment, in the form that was edited."""
    course = parent.config.stash[COURSE]
    for assignment in course.assignments:
        folder = course.folder(assignment)
        if file_path.parent == folder and file_path == _place(folder, assignment):
            return CollectedFile.of(parent, file_path, course, assignment)
    return None


def _place(folder: Path, assignment: Assignment) -> Path | None:
    found = files.candidates(folder, assignment.files[0], assignment.limits.notebook_bytes)
    return found[0] if found else None


class CollectedFile(pytest.File):
    """The first file of an assignment, with the assignment's tests."""

    course: Course
    assignment: Assignment
    _report: Report | None = None

    @classmethod
    def of(
        cls, parent: pytest.Collector, path: Path, course: Course, assignment: Assignment
    ) -> CollectedFile:
        """The node for a file in its assignment's folder."""
        node: CollectedFile = cls.from_parent(parent, path=path)
        node.course, node.assignment = course, assignment
        return node

    def collect(self) -> Iterator[AssignmentTest]:
        """One pytest test for each test of the suite."""
        for task in tasks(self.assignment):
            yield AssignmentTest.of(self, task)

    def report(self) -> Report:
        """The verdict on the whole assignment, reached when the first of its tests runs."""
        if files.untouched(self.course, self.assignment):
            pytest.skip(f"not started; to begin: grade {self.assignment.name}")
        if self._report is None:
            folder = self.course.folder(self.assignment)
            self._report = judge(self.course, self.assignment, folder)
        return self._report


class AssignmentTest(pytest.Item):
    """One test of a suite."""

    parent: CollectedFile
    task: Task

    @classmethod
    def of(cls, parent: CollectedFile, task: Task) -> AssignmentTest:
        """An item whose name is the test's title."""
        item: AssignmentTest = cls.from_parent(parent, name=task.title)
        item.task = task
        return item

    def runtest(self) -> None:
        """Look the test up in the verdict."""
        report = self.parent.report()
        if report.status != "graded":
            raise NotRight(report.reason or "")
        test = next(test for test in report.tests if test.name == self.task.name)
        if test.status in ("blocked", "not_run"):
            pytest.skip(f"{wording.STATUS_WORDS[test.status]}: {test.message}")
        if test.status != "passed":
            raise NotRight(_shown(report, test))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What a learner reads, without our traceback."""
        if isinstance(excinfo.value, NotRight):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where editors go from the test: the top of the learner's file."""
        return self.path, 0, self.name


def _shown(report: Report, test: TestReport) -> str:
    said = wording.STATUS_WORDS[test.status].capitalize()
    _, *lines = failure(report, test, Style.here(), alone=False)  # pytest shows the title
    return "\n".join([f"{said}:", *map(click.unstyle, lines)])
