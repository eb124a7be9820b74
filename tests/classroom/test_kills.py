"""kill -9 at random moments: nothing is lost, nothing is judged twice, the result is the same.

CLASS_KILLS=50 makes it fifty kills.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time

import pytest

from autograder.classroom.database import FILE

from .conftest import written

pytestmark = pytest.mark.usefixtures("needs_sandbox")
KILLS = int(os.environ.get("CLASS_KILLS", "10"))
LEARNERS = 24


def verdicts(out):
    """What the journal holds, without how long it took."""
    with sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True) as db:
        found = db.execute("SELECT content, conditions, report, final FROM verdicts ORDER BY 1, 2")
        rows, roll = found.fetchall(), db.execute("SELECT * FROM roll ORDER BY 1").fetchall()
        sound = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    assert sound == ("ok",)
    return rows, roll


def test_kills_at_random_moments_change_nothing(class_):
    class_.mixed(LEARNERS)
    class_.hand_in("twin", class_.text(more="\n# 0\n"))  # the same as learner00
    (class_.folder / "nothing").mkdir()
    calm = class_.out.with_name("calm")
    began = time.monotonic()
    assert class_.run(*class_.judging("--workers", "2", out=calm)).returncode == 0
    whole = time.monotonic() - began
    chance, killed, completed = random.Random(), 0, 0

    while killed < KILLS:
        running = class_.started(*class_.judging("--workers", "2"))
        try:
            running.communicate(timeout=chance.uniform(0.05, 0.9) * whole)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.communicate()
            killed += 1
        else:
            assert running.returncode == 0
            completed += 1
            for path in sorted(class_.out.rglob("*"), reverse=True):  # begin again
                path.rmdir() if path.is_dir() else path.unlink()
    last = class_.run(*class_.judging("--workers", "2"))

    assert last.returncode == 0, last.stderr
    assert written(class_.out) == written(calm)
    assert verdicts(class_.out) == verdicts(calm)
    rows, roll = verdicts(class_.out)
    assert len(rows) == LEARNERS
    assert len(roll) == LEARNERS + 2


def test_nothing_is_left_running(class_):
    """Who is killed takes graders and learners' processes with them."""
    class_.mixed(8)
    class_.hand_in("loop", "while True: pass\n")
    running = class_.started(*class_.judging("--workers", "2"))
    nursery = None
    deadline = time.monotonic() + 60
    while nursery is None and time.monotonic() < deadline:
        nursery = next(iter(children(running.pid)), None)
        time.sleep(0.01)
    assert nursery is not None
    while len(descendants(nursery)) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    all_of_them = descendants(running.pid)

    running.kill()
    running.communicate()

    while any(map(is_alive, all_of_them)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pid for pid in all_of_them if is_alive(pid)] == []


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def descendants(pid):
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.parametrize("limit", [300_000, 120_000, 20_000])
def test_a_full_disk_stops_it_with_a_sentence_and_loses_nothing(limit, class_):
    """As far as one file can show it: no file may grow beyond a limit."""
    class_.mixed(LEARNERS)
    calm = class_.out.with_name("calm")
    assert class_.run(*class_.judging("--workers", "2", out=calm)).returncode == 0
    blocks = str(limit // 1024)
    shell = ("bash", "-c", f'ulimit -f {blocks}; exec "$@"', "-", *class_.judging("--workers", "2"))

    full = class_.run(*shell)
    assert full.returncode == 1
    assert "Make room on that disk, then give the same command again" in full.stderr

    done = class_.run(*class_.judging("--workers", "2"))
    assert done.returncode == 0
    assert written(class_.out) == written(calm)
    assert verdicts(class_.out) == verdicts(calm)
