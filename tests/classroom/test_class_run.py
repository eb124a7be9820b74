"""A class judged from end to end: what is kept, what is judged again, what stops it."""

from __future__ import annotations

import json
import shutil
import signal
import time

import msgspec
import pytest

from autograder import grading
from autograder.classroom import class_run, journal
from autograder.classroom.class_run import RunOptions
from autograder.classroom.database import JournalError
from autograder.classroom.graders import GraderError
from autograder.report import from_json, to_json
from autograder.submission import read as submissions

from ..conftest import without_sandbox
from .conftest import LOOP, NAME, class_in, put, written

pytestmark = pytest.mark.requires("sandbox")
TWO = RunOptions(workers=2)


def nothing(_):
    """Nobody wants to know how far it is."""


def reports(book):
    return {row.learner: from_json(row.report) for row in book.rows() if row.report}


# --- a run ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def judged_once(tmp_path_factory):
    """A class of every kind that has been judged: to be looked at, not touched."""
    class_ = class_in(tmp_path_factory.mktemp("class") / "whole")
    class_.mixed(6)
    class_.hand_in("broken", "def x(:\n")
    class_.hand_in("empty", "\n")
    (class_.folder / "none").mkdir()
    done = class_.run(*class_.judging("--workers", "2"))
    assert done.exit_code == 0, done.output
    return class_, done.stdout


@pytest.fixture
def judged(judged_once, tmp_path):
    """The same, to be changed and judged again."""
    return judged_once[0].copy(tmp_path / "whole")


def test_everyone_has_the_report_that_grade_gives(judged_once):
    class_, said = judged_once
    found = written(class_.out)

    assert "9 learners." in said
    assert "No file to grade for 1 of them" in said
    assert "8 graded." in said
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


def test_a_folder_around_all_of_it_is_said_to_be_one_learners(class_):
    put(class_.folder, "mallory/alice/closures.py", b"x = 1\n")
    put(class_.folder, "mallory/bob/closures.py", b"y = 1\n")

    done = class_.run(*class_.judging())

    assert "1 learner.\nEverything is in the folder mallory, " in done.stdout
    assert f"name {class_.folder}/mallory." in done.stdout
    assert [path.stem for path in (class_.out / "reports").glob("*.json")] == ["mallory"]


def test_only_what_is_new_is_judged(judged):
    first = written(judged.out)

    assert "0 graded." in judged.run(*judged.judging()).stdout
    assert written(judged.out) == first

    for n in (0, 3, 4):
        judged.hand_in(f"learner{n:02}", judged.text(more=f"\n# again {n}\n"))
    judged.hand_in("newcomer", judged.text(more="\n# 0\n"))  # what learner00 had handed in
    done = judged.run(*judged.judging())

    assert "10 learners." in done.stdout
    assert "3 graded." in done.stdout
    changed = {name for name, text in written(judged.out).items() if first.get(name) != text}
    people = ("learner00", "learner03", "learner04", "newcomer")
    expected = {f"reports/{who}.{kind}" for who in people for kind in ("json", "html")}
    assert changed - {"grades.csv", "index.html"} == expected


def test_a_change_of_what_verdicts_depend_on_judges_all_again(judged):
    file = judged.clone.root / "course.toml"
    file.write_text(file.read_text().replace('seed = "tests"', 'seed = "others"'))

    done = judged.run(*judged.judging())

    assert "Changed since the last run: seed. Everything is graded again." in done.stdout
    assert "8 graded." in done.stdout


def test_a_verdict_can_be_replayed_from_what_is_kept(judged):
    with journal.look(judged.out, judged.clone.course) as book:
        row = next(row for row in book.rows() if row.learner == "learner01")
        assert row.content is not None
        kept, files = book.conditions(), book.files(row.content)
    course = msgspec.structs.replace(judged.clone.course, seed=kept.seed)
    handed_in = submissions.of_files(kept.assignment, files)

    assert to_json(grading.grade(course, kept.assignment, handed_in)).encode() == row.report


def test_people_who_left_stay_until_told_otherwise(judged):
    shutil.rmtree(judged.folder / "learner03")

    stays = judged.run(*judged.judging())
    assert "Gone since earlier runs: 1; their results stay" in stays.stdout
    assert "reports/learner03.json" in written(judged.out)

    judged.run(*judged.judging("--drop-missing"))
    assert "reports/learner03.json" not in written(judged.out)


@pytest.mark.long
def test_what_changes_midway_counts_as_it_was_when_it_was_taken_in(judged):
    calm = written(judged.out)
    again = judged.out.with_name("again")

    running = judged.started(*judged.judging("--workers", "1", out=again))
    wait_for(lambda: enrolled(judged, again), running)
    for place in judged.folder.iterdir():
        judged.hand_in(place.name, "raise SystemExit\n")
    assert ended(running) == 0

    assert written(again) == calm
    assert "1 graded." in judged.run(*judged.judging(out=again)).stdout  # all are the same now


def enrolled(class_, out):
    """Whether a run has noted who handed in what."""
    try:
        with journal.look(out, class_.clone.course) as book:
            return any(book.rows())
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


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_asked_and_goes_on_afterwards(number, tmp_path):
    class_ = class_in(tmp_path, call_seconds=300, total_seconds=300, cpu_seconds=300)
    class_.mixed(4)
    class_.hand_in("loop", class_.text(LOOP))
    running = class_.started(*class_.judging("--workers", "2"))
    wait_for(lambda: kept(class_) == 4, running)

    running.send_signal(number)
    _, err = running.communicate(timeout=60)

    assert running.returncode == 130
    assert "Stopped. Run the same command to continue from here." in err
    assert "Traceback" not in err
    class_.hand_in("loop", class_.text(more="\n# fixed\n"))
    done = class_.run(*class_.judging("--workers", "2"))
    assert "1 graded." in done.stdout
    assert "5 graded" in done.stdout


def kept(class_):
    try:
        with journal.look(class_.out, class_.clone.course) as book:
            return sum(row.report is not None for row in book.rows())
    except JournalError:
        return 0


def test_two_runs_on_one_folder(judged):
    before = written(judged.out)
    with journal.resume(judged.out, judged.clone.course):
        second = judged.run(*judged.judging())

    assert second.exit_code == 1
    assert "Another run is writing to" in second.stderr
    assert written(judged.out) == before


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("{folder}", "--assignment", NAME, "--out", "{folder}/x"), 2, "--out is inside SUBMISSIONS"),
        (("{folder}", "--assignment", "assignmnt3", "--out", "x"), 2, "Did you mean assignment3"),
        (("{folder}", "--assignment", NAME, "--out", "x"), 2, "contains nothing that a learner"),
        (("missing", "--assignment", NAME, "--out", "x"), 2, "There is no missing"),
        (("{folder}", "--assignment", NAME, "--out", "solutions"), 1, "contains something other than"),
        (("{folder}", "--assignment", NAME, "--out", "x", "--workers", "2", "--scheduler", "y"), 2, "leave out --workers"),
        (("{folder}", "--assignment", NAME), 2, "Missing option '--out'"),
    ],
)  # fmt: skip
def test_wrong_use_is_said_in_a_sentence(arguments, code, said, class_):
    done = class_.run("class", *(a.format(folder=class_.folder) for a in arguments))

    assert done.exit_code == code
    assert said in " ".join(done.stderr.split())


def test_others_work_is_not_judged_without_a_sandbox(class_, tmp_path):
    """Nothing is begun; what is said is why, what to do, and the option that names the risk."""
    class_.mixed(2)
    changed = [f"{name}={value}" for name, value in without_sandbox(tmp_path / "bare").items()]

    running = class_.started(*class_.judging(), through=("/usr/bin/env", *changed))
    _, err = running.communicate(timeout=120)

    assert running.returncode == 2
    assert err.startswith(
        "Error: Other people's work is only graded in a sandbox. bubblewrap is not"
    )
    assert "With --unsafe-no-sandbox" in err
    assert "Traceback" not in err
    assert not class_.out.exists()


def test_a_machine_without_a_sandbox_judges_for_nobody(class_, tmp_path, monkeypatch):
    """As one of a cluster's may be; it says which machine it is."""
    for name, value in without_sandbox(tmp_path / "bare").items():
        monkeypatch.setenv(name, value)

    with class_.journal({"ann": class_.text()}) as book:
        with pytest.raises(
            GraderError, match=r"The sandbox does not work on .*bubblewrap is not installed"
        ):
            class_run.judge(book, class_.conditions, RunOptions(workers=1), nothing)
        assert len(book.pending()) == 1


def test_the_risk_can_be_taken_by_name(class_):
    class_.mixed(3)

    done = class_.run(*class_.judging("--unsafe-no-sandbox"))

    assert done.exit_code == 0, done.output
    assert "3 graded." in done.stdout


# --- regrade and export --------------------------------------------------------------------------


def test_regrade_says_whose_points_change(judged):
    first = written(judged.out)
    shutil.rmtree(judged.folder)  # what was handed in is kept

    same = judged.run("regrade", str(judged.out))
    assert "8 graded." in same.stdout
    assert "Points changed for 0 of 9 learners." in same.stdout
    assert written(judged.out) == first

    one = judged.run("regrade", str(judged.out), "--learner", "learner02")
    assert "1 graded." in one.stdout
    wrong = judged.run("regrade", str(judged.out), "--learner", "nobody")
    assert wrong.exit_code == 2
    assert "has no learner 'nobody'" in wrong.stderr

    file = judged.clone.root / "course.toml"
    file.write_text(file.read_text().replace("load_seconds = 10", "load_seconds = 0.0001"))
    changed = judged.run("regrade", str(judged.out))
    assert "learner00: 30 → no result" in changed.stdout
    assert "Points changed for 6 of 9 learners." in changed.stdout


def test_exports(judged_once, tmp_path):
    class_, _ = judged_once
    out = str(class_.out)

    table = class_.run("export", out, "--format", "csv")
    canvas = class_.run("export", out, "--format", "canvas")
    junit = class_.run("export", out, "--format", "junit", "--to", str(tmp_path / "j.xml"))
    scope = class_.run("export", out, "--format", "gradescope", "--to", str(tmp_path / "g"))
    none = class_.run("export", out, "--format", "gradescope")

    assert table.stdout_bytes == written(class_.out)["grades.csv"]
    assert canvas.stdout.startswith("Student,ID,SIS User ID,SIS Login ID,Section,Closures")
    assert junit.exit_code == scope.exit_code == 0
    assert (tmp_path / "j.xml").read_text().startswith('<?xml version="1.0"')
    assert len(list((tmp_path / "g").glob("*/results.json"))) == 9
    assert none.exit_code == 2
    assert "give --to FOLDER" in none.stderr
