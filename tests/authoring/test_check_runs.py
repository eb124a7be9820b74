"""Many engines through the suites: stopped cleanly, and no more tests than are needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from autograder import course as courses
from autograder.authoring import engines
from autograder.authoring.check_runs import Candidate, run
from autograder.expressions import duals

COURSE = courses.find(Path(__file__))
SECONDS = 120


def test_the_tests_that_run_are_those_that_are_needed():
    assignment = COURSE.assignment("assignment1")
    (file,) = assignment.files
    solution = engines.solution_source(COURSE, assignment, file.name)
    wrong = engines.edited(
        solution, [("        self._op = _op", "        self.data, self._op = round(data, 5), _op")]
    )
    candidates = [
        Candidate("all", {file.name: wrong}),
        Candidate("slip", {file.name: wrong}, "until one fails"),
        Candidate("next slip", {file.name: wrong}, "until one fails"),
    ]

    reports = run(COURSE, {assignment.name: candidates})[assignment.name]

    ran = {label: [test.name for test in report.tests] for label, report in reports.items()}
    assert len(ran["all"]) > len(ran["slip"]) > 2
    assert ran["slip"][-1] == "test_data_as_given"
    assert ran["next slip"] == ["test_data", "test_data_as_given"]


def test_what_is_right_is_asked_of_three_readers(monkeypatch):
    """The processes of the pool are forked from this one, where forward mode is wrong."""
    assignment = COURSE.assignment("assignment3")
    (file,) = assignment.files
    solution = engines.solution_source(COURSE, assignment, file.name)
    monkeypatch.setitem(duals._SLOPES, "exp", lambda a: (a,))

    reports = run(COURSE, {assignment.name: [Candidate("solution", {file.name: solution})]})

    report = reports[assignment.name]["solution"]
    assert report.status == "grader_error"
    assert report.reason is not None
    assert "by forward mode" in report.reason


def test_an_interrupt_stops_all_processes_without_a_word_too_many():
    command = Path(sys.executable).with_name("course")
    process = subprocess.Popen(
        [command, "check", "assignment2"],
        cwd=COURSE.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert (
        process.stdout.readline() == "engines\n"
    )  # what was started by then is no engine's process
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + SECONDS
    while not (started := children.read_text().split()) and time.monotonic() < deadline:
        time.sleep(0.05)

    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=SECONDS)

    assert process.returncode == 130
    assert said.split() == ["Stopped."]
    assert started
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
