"""A class judged from end to end: what is kept, what is judged again, what stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import Any

import msgspec
import pytest

from autograder import grading
from autograder import submission as submissions
from autograder.classroom import grade, journal, local
from autograder.classroom.channel import Job
from autograder.classroom.conditions import content_sha256, here
from autograder.classroom.database import JournalError
from autograder.classroom.grade import How
from autograder.report import from_json, to_json

from ..conftest import ROOT
from .conftest import LOOP, NAME, written

pytestmark = pytest.mark.usefixtures("needs_sandbox")
TWO = How(workers=2)


def nothing(_):
    """Nobody wants to know how far it is."""


def reports(book):
    return {row.learner: from_json(row.report) for row in book.rows() if row.report}


# --- a run ---------------------------------------------------------------------------------------


def test_everyone_has_the_report_that_grade_gives(class_):
    class_.mixed(6)
    class_.hand_in("broken", "def x(:\n")
    class_.hand_in("empty", "\n")
    (class_.folder / "none").mkdir()

    done = class_.run(*class_.judging("--workers", "2"))

    assert done.returncode == 0, done.stderr
    assert "9 learners." in done.stdout
    assert "1 of them without a file that can be judged" in done.stdout
    assert "8 judged." in done.stdout
    found = written(class_.out)
    for place in class_.folder.iterdir():
        text = found[f"reports/{place.name}.json"].decode()
        if place.name == "none":
            assert json.loads(text)["reason"] == "none is an empty folder."
            continue
        try:
            handed_in = submissions.read(class_.assignment, place)
            alone = grading.grade(class_.clone.course, class_.assignment, handed_in)
        except submissions.Ungradable as error:
            alone = grading.refused(class_.assignment, "closures.py", error)
        assert text == to_json(alone) + "\n"
        assert f"reports/{place.name}.html" in found
    assert found["grades.csv"].count(b"\n") == 10
    assert b"<!doctype html>" in found["index.html"]


def test_only_what_is_new_is_judged(class_):
    class_.mixed(9)
    assert "9 judged." in class_.run(*class_.judging()).stdout
    first = written(class_.out)

    assert "0 judged." in class_.run(*class_.judging()).stdout
    assert written(class_.out) == first

    for n in (0, 4, 8):
        class_.hand_in(f"learner{n:02}", class_.text(more=f"\n# again {n}\n"))
    class_.hand_in("newcomer", class_.text(more="\n# 0\n"))  # what learner00 had handed in
    done = class_.run(*class_.judging())

    assert "10 learners." in done.stdout
    assert "3 judged." in done.stdout
    changed = {name for name, text in written(class_.out).items() if first.get(name) != text}
    people = ("learner00", "learner04", "learner08", "newcomer")
    expected = {f"reports/{who}.{kind}" for who in people for kind in ("json", "html")}
    assert changed - {"grades.csv", "index.html"} == expected


def test_a_change_of_what_verdicts_depend_on_judges_all_again(class_):
    class_.mixed(3)
    class_.run(*class_.judging())
    file = class_.clone.root / "course.toml"
    file.write_text(file.read_text().replace('seed = "tests"', 'seed = "others"'))

    done = class_.run(*class_.judging())

    assert "Changed since the last run: seed. All is judged again." in done.stdout
    assert "3 judged." in done.stdout


def test_the_seed_is_kept_so_that_a_verdict_can_be_replayed(class_):
    with class_.journal({"ann": class_.text((" other.data * out.grad", " other.data"))}) as book:
        grade.judge(book, class_.conditions, TWO, nothing)
        (row,) = book.rows()
        kept, files = book.conditions(), book.files(row.content)
    course = msgspec.structs.replace(class_.clone.course, seed=kept.seed)
    handed_in = submissions.of_files(kept.assignment, files)

    assert to_json(grading.grade(course, kept.assignment, handed_in)).encode() == row.report


def test_people_who_left_stay_until_told_otherwise(class_):
    class_.mixed(4)
    class_.run(*class_.judging())
    for path in (class_.folder / "learner03").iterdir():
        path.unlink()
    (class_.folder / "learner03").rmdir()

    stays = class_.run(*class_.judging())
    assert "1 of earlier runs are not there any more; their verdicts stay" in stays.stdout
    assert "reports/learner03.json" in written(class_.out)

    class_.run(*class_.judging("--drop-missing"))
    assert "reports/learner03.json" not in written(class_.out)


def test_what_changes_midway_counts_as_it_was_when_it_was_taken_in(class_):
    class_.mixed(12)
    calm = class_.out.with_name("calm")
    class_.run(*class_.judging(out=calm))

    running = class_.started(*class_.judging("--workers", "1"))
    wait_for(lambda: (class_.out / "journal.sqlite3").exists() and enrolled(class_), running)
    for place in class_.folder.iterdir():
        class_.hand_in(place.name, "raise SystemExit\n")
    assert ended(running) == 0

    assert written(class_.out) == written(calm)
    assert "1 judged." in class_.run(*class_.judging()).stdout  # they are all the same now


def enrolled(class_):
    try:
        with journal.look(class_.out, class_.clone.course) as book:
            return len(list(book.rows())) == 12
    except JournalError:
        return False


def ended(running):
    """How it ended."""
    running.communicate(timeout=120)
    return running.returncode


def wait_for(condition, running, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


# --- being stopped -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_asked_and_goes_on_afterwards(number, class_):
    class_.mixed(24)
    running = class_.started(*class_.judging("--workers", "2"))
    wait_for(lambda: class_.out.exists() and judged(class_) >= 2, running)

    running.send_signal(number)
    _, err = running.communicate(timeout=60)

    assert running.returncode == 130
    assert "Stopped. The same command goes on from here." in err
    assert "Traceback" not in err
    assert 2 <= (before := judged(class_)) < 24
    done = class_.run(*class_.judging("--workers", "2"))
    assert f"{24 - before} judged." in done.stdout


def judged(class_):
    try:
        with journal.look(class_.out, class_.clone.course) as book:
            return sum(row.report is not None for row in book.rows())
    except JournalError:
        return 0


def test_two_runs_on_one_folder(class_):
    class_.mixed(12)
    running = class_.started(*class_.judging())
    wait_for(lambda: enrolled(class_), running)

    second = class_.run(*class_.judging())

    assert second.returncode == 1
    assert "Another run is writing to" in second.stderr
    assert ended(running) == 0
    assert len([name for name in written(class_.out) if name.endswith(".json")]) == 12


# --- slow and hostile ----------------------------------------------------------------------------


def quick(class_):
    """The conditions with little time for each question."""
    limits = msgspec.structs.replace(
        class_.assignment.limits, load_seconds=2.0, call_seconds=1.5, total_seconds=2.0
    )
    assignment = msgspec.structs.replace(class_.assignment, limits=limits)
    return here(assignment, class_.clone.course.seed, sandboxed=True)


@pytest.mark.parametrize("workers", [1, 2])
def test_slow_ones_come_last_and_get_all_their_time(workers, class_):
    files = {f"{n:02}": class_.text(more=f"\n# {n}\n") for n in range(14)}
    files["01 loop"] = class_.text(LOOP)
    files["02 stuck"] = "while True: pass\n"
    files["03 dies"] = "import os\nos._exit(0)\n"
    conditions = quick(class_)
    order: list[Any] = []
    standings: list[Any] = []
    with class_.journal(files) as book:
        book.use(conditions)
        keep = book.keep

        def noted(verdicts):
            order.extend(verdict.content for verdict in verdicts)
            return keep(verdicts)

        book.keep = noted
        number = grade.judge(book, conditions, How(workers=workers), standings.append)
        found = reports(book)
        by_content = {row.content: row.learner for row in book.rows()}

    assert number == 17
    assert {by_content[content] for content in order[-2:]} == {"01 loop", "02 stuck"}
    assert len(order) == len(set(order)) == 17
    assert standings[-1] == grade.Standing(17, 17, 0)
    assert max(standing.aside for standing in standings) >= 1
    assert all(found[f"{n:02}"].full_marks for n in range(14))
    assert "timeout" in {test.status for test in found["01 loop"].tests}
    assert "did not finish within 2 seconds" in found["02 stuck"].reason
    assert found["03 dies"].status == "ungradable"


def test_a_grader_that_is_killed_costs_nothing(class_, monkeypatch):
    """Whatever ends graders, each submission is judged once."""
    files = {f"{n:02}": class_.text(more=f"\n# {n}\n") for n in range(12)}
    jobs = [
        Job(content_sha256(f), f) for f in ({"closures.py": t.encode()} for t in files.values())
    ]
    graders = local.LocalGraders(class_.conditions, 2)
    waiting, kinds = list(jobs), []
    texts: dict[str, Any] = {}
    try:
        while waiting or len(texts) < len(jobs):
            while waiting and graders.submit(waiting[0], patient=True):
                waiting.pop(0)
            for outcome in graders.wait(0.2):
                kinds.append(outcome.kind)
                if outcome.kind == "judged":
                    assert outcome.content not in texts
                    texts[outcome.content] = outcome.report
                else:
                    waiting.append(next(j for j in jobs if j.content == outcome.content))
            if len(texts) in (3, 7) and kinds.count("lost") < len(texts) // 3 and graders._graders:
                os.kill(graders._graders[0]._pid, signal.SIGKILL)
    finally:
        graders.close()

    assert kinds.count("lost") >= 1
    assert all(from_json(text).full_marks for text in texts.values())


def test_what_no_grader_survives_is_our_mistake_and_is_tried_again(class_):
    class Dying:
        def __init__(self):
            self.jobs = []

        def submit(self, job, *, patient):
            self.jobs.append(job)
            return True

        def wait(self, seconds):
            lost = [local.Outcome(job.content, "lost") for job in self.jobs]
            self.jobs = []
            return lost

        def close(self):
            pass

    with class_.journal({"ann": class_.text()}) as book:
        grade._Run(book, class_.conditions, Dying(), nothing, book.pending())()
        (report,) = reports(book).values()
        again = book.pending()

    assert report.status == "grader_error"
    assert report.reason == "The process that judges it has ended or hung, 3 times."
    assert len(again) == 1


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("{folder}", "--assignment", NAME, "--out", "{folder}/x"), 2, "--out lies in SUBMISSIONS"),
        (("{folder}", "--assignment", "assignmnt3", "--out", "x"), 2, "Did you mean assignment3"),
        (("{folder}", "--assignment", NAME, "--out", "x"), 2, "There is nothing in"),
        (("missing", "--assignment", NAME, "--out", "x"), 2, "There is no missing"),
        (("{folder}", "--assignment", NAME, "--out", "solutions"), 1, "holds other things than"),
        (("{folder}", "--assignment", NAME, "--out", "x", "--workers", "2", "--scheduler", "y"), 2, "leave out --workers"),
        (("{folder}", "--assignment", NAME), 2, "Missing option '--out'"),
    ],
)  # fmt: skip
def test_wrong_use_is_said_in_a_sentence(arguments, code, said, class_):
    done = class_.run(
        *class_.command("class", *(a.format(folder=class_.folder) for a in arguments))
    )

    assert done.returncode == code
    assert said in " ".join(done.stderr.split())


def test_others_work_is_not_judged_without_a_sandbox(class_, tmp_path):
    """Nobody gets a verdict, and the reason is said once."""
    class_.mixed(2)
    empty = tmp_path / "bin"
    empty.mkdir()
    env = {"PATH": str(empty), "PYTHONPATH": str(class_.clone.root)}

    done = subprocess.run(
        class_.judging(),
        cwd=class_.clone.root,
        env={**env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr.count("bubblewrap is not installed") == 1
    assert not (class_.out / "index.html").exists()


def test_the_risk_can_be_taken_by_name(class_):
    class_.mixed(3)

    done = class_.run(*class_.judging("--unsafe-no-sandbox"))

    assert done.returncode == 0, done.stderr
    assert "3 judged." in done.stdout


# --- regrade and export --------------------------------------------------------------------------


def test_regrade_says_whose_points_change(class_):
    class_.mixed(6)
    class_.run(*class_.judging())
    first = written(class_.out)
    for place in class_.folder.iterdir():
        for path in place.iterdir():
            path.unlink()  # what was handed in is kept

    same = class_.run(*class_.command("regrade", str(class_.out)))
    assert "6 judged." in same.stdout
    assert "The points of 0 of 6 learners change." in same.stdout
    assert written(class_.out) == first

    one = class_.run(*class_.command("regrade", str(class_.out), "--learner", "learner02"))
    assert "1 judged." in one.stdout
    wrong = class_.run(*class_.command("regrade", str(class_.out), "--learner", "nobody"))
    assert wrong.returncode == 2
    assert "has no 'nobody'" in wrong.stderr

    file = class_.clone.root / "course.toml"
    text = file.read_text().replace("load_seconds = 10", "load_seconds = 0.0001")
    file.write_text(text)
    changed = class_.run(*class_.command("regrade", str(class_.out)))
    assert "learner00: 30 → no verdict" in changed.stdout
    assert "The points of 6 of 6 learners change." in changed.stdout


def test_exports(class_, tmp_path):
    class_.mixed(3)
    class_.run(*class_.judging())
    out = str(class_.out)

    table = class_.run(*class_.command("export", out, "--format", "csv"))
    canvas = class_.run(*class_.command("export", out, "--format", "canvas"))
    junit = class_.run(
        *class_.command("export", out, "--format", "junit", "--to", str(tmp_path / "j.xml"))
    )
    scope = class_.run(
        *class_.command("export", out, "--format", "gradescope", "--to", str(tmp_path / "g"))
    )
    none = class_.run(*class_.command("export", out, "--format", "gradescope"))

    assert table.stdout.encode().replace(b"\n", b"\r\n") == written(class_.out)["grades.csv"]
    assert canvas.stdout.startswith("Student,ID,SIS User ID,SIS Login ID,Section,Closures")
    assert junit.returncode == scope.returncode == 0
    assert (tmp_path / "j.xml").read_text().startswith('<?xml version="1.0"')
    assert len(list((tmp_path / "g").glob("*/results.json"))) == 3
    assert none.returncode == 2
    assert "give --to FOLDER" in none.stderr
