"""Work that is slow or ends its grader: it comes last, and costs nobody else anything."""

from __future__ import annotations

import os
import signal
from typing import Any

import msgspec
import pytest

from autograder.classroom import class_run, local
from autograder.classroom.class_run import RunOptions
from autograder.classroom.conditions import content_sha256, here
from autograder.classroom.grader_socket import Job
from autograder.report import from_json
from tests.classroom.test_class_run import nothing, reports

from .conftest import LOOP

pytestmark = pytest.mark.requires("sandbox")


def quick(class_):
    """The conditions with little time for each question."""
    limits = msgspec.structs.replace(
        class_.assignment.limits, load_seconds=3.0, call_seconds=3.0, total_seconds=4.0
    )
    assignment = msgspec.structs.replace(class_.assignment, limits=limits)
    return here(assignment, class_.clone.course.seed, sandboxed=True)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.long
def test_slow_ones_come_last_and_get_all_their_time(workers, class_, monkeypatch):
    files = {f"{n:02}": class_.text(more=f"\n# {n}\n") for n in range(14)}
    files["01 loop"] = class_.text(LOOP)
    files["02 stuck"] = "while True: pass\n"
    files["03 dies"] = "import os\nos._exit(0)\n"
    conditions = quick(class_)
    order: list[Any] = []
    steps: list[Any] = []
    aside: set[str] = set()  # others too, where the machine is busy
    wait = local.LocalGraders.wait

    def watched(graders, seconds):
        found = wait(graders, seconds)
        aside.update(each.content for each in found if each.kind == "set aside")
        return found

    monkeypatch.setattr(local.LocalGraders, "wait", watched)
    # what is usual is learned; on a busy machine that may be longer than a loop's limits
    usual = "autograder.classroom.patience.Patience.is_over"
    monkeypatch.setattr(usual, lambda _, seconds, phase, still: seconds > 1.0)
    with class_.journal(files) as book:
        book.use(conditions)
        keep = book.keep

        def noted(verdicts):
            order.extend(verdict.content for verdict in verdicts)
            return keep(verdicts)

        book.keep = noted
        number = class_run.judge(book, conditions, RunOptions(workers=workers), steps.append)
        found = reports(book)
        by_content = {row.content: row.learner for row in book.rows()}

    assert number == 17
    slow = {content for content in order if by_content[content] in ("01 loop", "02 stuck")}
    assert slow <= aside
    assert min(map(order.index, slow)) > max(order.index(c) for c in order if c not in aside)
    assert len(order) == len(set(order)) == 17
    assert steps[-1] == class_run.RunProgress(17, 17, 0)
    assert max(step.aside for step in steps) >= 1
    assert all(found[f"{n:02}"].full_marks for n in range(14))
    assert "timeout" in {test.status for test in found["01 loop"].tests}
    assert "did not finish within 3 seconds" in found["02 stuck"].reason
    assert found["03 dies"].status == "ungradable"


def test_a_grader_that_is_killed_costs_nothing(class_):
    """Whatever ends graders, each submission is judged once."""
    files = {f"{n:02}": class_.text(more=f"\n# {n}\n") for n in range(12)}
    jobs = [
        Job(content_sha256(f), f) for f in ({"closures.py": t.encode()} for t in files.values())
    ]
    graders = local.LocalGraders(class_.conditions, 2)
    waiting, sent, kinds = list(jobs), 0, []
    texts: dict[str, Any] = {}
    try:
        while waiting or len(texts) < len(jobs):
            while waiting and graders.submit(waiting[0], patient=True):
                job, sent = waiting.pop(0), sent + 1
                if sent in (4, 8):
                    (grader,) = (g for g in graders._graders if job in g.jobs)
                    os.kill(grader._pid, signal.SIGKILL)
            for outcome in graders.wait(0.2):
                kinds.append(outcome.kind)
                if outcome.kind == "judged":
                    assert outcome.content not in texts
                    texts[outcome.content] = outcome.report
                else:
                    waiting.append(next(j for j in jobs if j.content == outcome.content))
    finally:
        graders.close()

    assert kinds.count("lost") == 2
    assert all(from_json(text).full_marks for text in texts.values())


def test_what_no_grader_survives_is_our_mistake_and_is_tried_again(class_):
    class Dying:
        def __init__(self):
            self.jobs = []

        def submit(self, job, *, patient):
            self.jobs.append(job)
            return True

        def wait(self, seconds):
            lost = [local.JobResult(job.content, "lost") for job in self.jobs]
            self.jobs = []
            return lost

        def close(self):
            pass

    with class_.journal({"ann": class_.text()}) as book:
        class_run._Run(book, class_.conditions, Dying(), nothing, book.pending())()
        (report,) = reports(book).values()
        again = book.pending()

    assert report.status == "grader_error"
    assert report.reason == "The process that grades it ended or hung 3 times."
    assert len(again) == 1
