"""What stands where nbgrader would execute a notebook, and where it enters points in its books."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import compute_checksum, determine_grade, is_task

from autograder import course as courses
from autograder.classroom.bridge import books, cells, class_book
from autograder.classroom.bridge.verdicts import NoVerdict, verdict


class Grade(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Writes our verdict below the cells; no code of the learner's runs in this process.

    Without a verdict there is no grade: nbgrader leaves this submission out, says why, and goes on
    with the next. An earlier grade is taken back.
    """

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """See `nbconvert.preprocessors.Preprocessor`."""
        facts = resources["nbgrader"]
        try:
            self._mark(nb, facts)
        except NoVerdict as problem:
            self._take_back(facts)
            what = f"No grade for {facts['student']}, {facts['assignment']}: {problem}"
            raise NbGraderException(what) from None
        except BaseException:
            self._take_back(facts)
            raise
        return nb, resources

    def _mark(self, nb: Any, facts: Any) -> None:
        place, name, learner = CourseDirectory(parent=self), facts["assignment"], facts["student"]
        submitted = Path(place.format_path(place.submitted_directory, learner, name)).parents[1]
        with books.gradebook(facts["db_url"]) as gradebook:
            known = class_book.enrolment(gradebook, name, submitted)
        report = verdict(Path(place.root), submitted, name, learner, self.log.info, known)
        for note in report.notes:
            self.log.warning("%s: %s", learner, note)
        with books.gradebook(facts["db_url"]) as gradebook:
            notebooks = gradebook.find_assignment(name).notebooks
            graded = [cell.name for each in notebooks for cell in each.grade_cells]
        cells.expect_all(report, graded)
        cells.mark(nb.cells, report, courses.find(Path(place.root)).assignment(name))

    @staticmethod
    def _take_back(facts: Any) -> None:
        with books.gradebook(facts["db_url"]) as gradebook:
            who = facts["notebook"], facts["assignment"], facts["student"]
            for grade in gradebook.find_submission_notebook(*who).grades:
                grade.auto_score, grade.needs_manual_grade = None, True
            gradebook.db.commit()


class Save(SaveAutoGrades):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's own, with one question and one transaction a notebook in the place of one a cell.

    Each transaction waits for the disk, and together they took longer than all the rest.
    """

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """See `nbconvert.preprocessors.Preprocessor`."""
        facts = resources["nbgrader"]
        who = facts["notebook"], facts["assignment"], facts["student"]
        with books.gradebook(facts["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(*who)
            self._grades = books.grades(gradebook, notebook)
            self._comments = books.comments(gradebook, notebook)
            for number, cell in enumerate(nb.cells):
                self.preprocess_cell(cell, resources, number)
            gradebook.db.commit()
        return nb, resources

    def _add_score(self, cell: Any, resources: Any) -> None:
        del resources
        grade = self._grades[cell.metadata["nbgrader"]["grade_id"]]
        grade.auto_score, _ = determine_grade(cell, self.log)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None

    def _add_comment(self, cell: Any, resources: Any) -> None:
        del resources
        unchanged = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
        comment = self._comments[cell.metadata["nbgrader"]["grade_id"]]
        comment.auto_comment = "No response." if unchanged and not is_task(cell) else None
