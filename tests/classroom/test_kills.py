"""kill -9 at random moments: nothing is lost, nothing is judged twice, the result is the same.

CLASS_KILLS=50 makes it fifty kills.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

from autograder.classroom.database import FILE

from ..processes import descendants, is_alive
from .conftest import class_in, written

pytestmark = [pytest.mark.long, pytest.mark.requires("sandbox")]
KILLS = int(os.environ.get("CLASS_KILLS", "10"))
LEARNERS = 12
TWO = ("--workers", "2")


def verdicts(out):
    """What the journal holds, without how long it took."""
    with sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True) as db:
        found = db.execute("SELECT content, conditions, report, final FROM verdicts ORDER BY 1, 2")
        rows, roll = found.fetchall(), db.execute("SELECT * FROM roll ORDER BY 1").fetchall()
        sound = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    assert sound == ("ok",)
    return rows, roll


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """A class that was judged undisturbed, and how long that took."""
    class_ = class_in(tmp_path_factory.mktemp("calm") / "whole")
    class_.mixed(LEARNERS)
    class_.hand_in("twin", class_.text(more="\n# 0\n"))  # the same as learner00
    (class_.folder / "nothing").mkdir()
    began = time.monotonic()
    running = class_.started(*class_.judging(*TWO))
    _, err = running.communicate()
    assert running.returncode == 0, err
    return class_, time.monotonic() - began


def same(class_, out):
    """What an undisturbed run comes to, in files and in the journal."""
    assert written(out) == written(class_.out)
    assert verdicts(out) == verdicts(class_.out)
    rows, roll = verdicts(out)
    assert len(rows) == LEARNERS
    assert len(roll) == LEARNERS + 2


def test_kills_at_random_moments_change_nothing(calm, tmp_path):
    class_, whole = calm
    out = tmp_path / "killed"
    chance, killed = random.Random(), 0

    while killed < KILLS:
        running = class_.started(*class_.judging(*TWO, out=out))
        try:
            running.communicate(timeout=chance.uniform(0.05, 0.9) * whole)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.communicate()
            killed += 1
        else:
            assert running.returncode == 0
            same(class_, out)
            shutil.rmtree(out)  # begin again
    last = class_.run(*class_.judging(*TWO, out=out))

    assert last.exit_code == 0, last.output
    same(class_, out)


def test_nothing_is_left_running(class_):
    """Who is killed takes graders and learners' processes with them."""
    class_.mixed(8)
    class_.hand_in("loop", "while True: pass\n")
    running = class_.started(*class_.judging(*TWO))
    deadline = time.monotonic() + 60
    all_of_them: set[int] = set()
    while len(all_of_them) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
        all_of_them = descendants(running.pid)
    assert len(all_of_them) >= 5  # the forkserver, two graders, a sandbox and what is in it

    running.kill()
    running.communicate()

    while any(map(is_alive, all_of_them)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pid for pid in all_of_them if is_alive(pid)] == []


def on_a_full_disk(class_, out, limit):
    """A run that may not make a file larger than that stops, and the next one completes."""
    shell = ("bash", "-c", f'ulimit -f {limit // 1024}; exec "$@"', "-")
    full = class_.started(*class_.judging(*TWO, out=out), through=shell)
    _, err = full.communicate()
    assert full.returncode == 1
    assert "Free some space on that disk, then run the same command again" in err
    assert "Traceback" not in err
    assert not (out / "index.html").exists()

    assert class_.run(*class_.judging(*TWO, out=out)).exit_code == 0
    same(class_, out)


@pytest.mark.parametrize("limit", [200_000, 60_000, 20_000])
def test_a_full_disk_stops_it_with_a_sentence_and_loses_nothing(limit, calm, tmp_path):
    """While it judges, while it notes who handed in what, at the beginning."""
    on_a_full_disk(calm[0], tmp_path / "full", limit)


def test_a_disk_that_is_full_when_results_are_written(calm, tmp_path):
    class_, _ = calm
    out = tmp_path / "full"
    shutil.copytree(class_.out, out)
    (out / "index.html").unlink()

    on_a_full_disk(class_, out, 20_000)
