"""A real Dask scheduler and two workers, each a process: the same results as at home.

Even where a worker is killed while it judges.
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time

import msgspec
import pytest

from autograder.classroom import class_run
from autograder.classroom.class_run import RunOptions
from autograder.classroom.conditions import here
from autograder.classroom.graders import GraderError

from .conftest import class_in, environment, written

pytestmark = [pytest.mark.long, pytest.mark.requires("sandbox")]


def started(what, *arguments, folder):
    argv = [sys.executable, "-c", f"from distributed.cli.dask_{what} import main; main()"]
    common = ["--host", "127.0.0.1", "--no-dashboard", *arguments]
    log = (folder / f"{what}.log").open("a")
    with log:
        return subprocess.Popen(
            [*argv, *common], env=environment(), cwd=folder, stdout=log, stderr=log
        )


class Cluster:
    """A scheduler on a free port, and workers."""

    def __init__(self, folder):
        self.folder, self.workers = folder, []
        self.file = folder / "scheduler.json"
        self.scheduler = started(
            "scheduler", "--port", "0", "--scheduler-file", str(self.file), folder=folder
        )
        deadline = time.monotonic() + 60
        while not self.file.exists() or not self.file.read_text():
            assert time.monotonic() < deadline
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]

    def add(self):
        options = ["--nthreads", "1", "--no-nanny", "--memory-limit", "0"]
        self.workers.append(started("worker", self.address, *options, folder=self.folder))

    def close(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    with contextlib.closing(Cluster(tmp_path)) as made:
        yield made


def test_it_comes_to_the_same_even_if_a_worker_is_killed(cluster, tmp_path):
    class_ = class_in(tmp_path / "whole", total_seconds=3, call_seconds=2)
    class_.mixed(12)
    class_.hand_in("loop", "while True: pass\n")
    here_ = class_.out.with_name("here")
    assert class_.run(*class_.judging("--workers", "2", out=here_)).exit_code == 0
    cluster.add()
    cluster.add()
    running = class_.started(*class_.judging("--scheduler", cluster.address))
    deadline = time.monotonic() + 100
    while kept(class_.out) < 3:
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)

    cluster.workers[0].send_signal(signal.SIGKILL)
    out, err = running.communicate(timeout=100)

    assert running.returncode == 0, err
    assert "13 graded." in out
    there, here = written(class_.out), written(here_)
    for files in (there, here):  # how far one gets that is stopped is not the same each time
        stopped = [name for name in files if "loop" in name]
        assert len(stopped) == 2
        for name in stopped:
            del files[name]
    assert there == here


def kept(out):
    import sqlite3
    from contextlib import closing

    from autograder.classroom.database import FILE

    try:
        with closing(sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True)) as db:
            (number,) = db.execute("SELECT count(*) FROM verdicts").fetchone()
    except sqlite3.Error:
        return 0
    return number


def test_a_worker_with_another_kit_is_refused(cluster, class_):
    """Its verdicts would be kept under conditions that were not those."""
    cluster.add()
    conditions = msgspec.structs.replace(
        here(class_.assignment, class_.clone.course.seed, sandboxed=True), suite_sha256="0" * 64
    )
    with class_.journal({"ann": class_.text()}) as book:
        book.use(conditions)
        with pytest.raises(
            GraderError, match=r"has a different suite_sha256\. Install the same kit"
        ):
            class_run.judge(book, conditions, RunOptions(scheduler=cluster.address), lambda _: None)
        assert len(book.pending()) == 1


def test_a_scheduler_that_is_not_there(class_, monkeypatch):
    monkeypatch.setattr("autograder.classroom.cluster._CONNECT_SECONDS", 0.5)
    class_.mixed(1)

    done = class_.run(*class_.judging("--scheduler", "tcp://127.0.0.1:9"))

    assert done.exit_code == 3
    assert "The scheduler at tcp://127.0.0.1:9 does not answer" in done.stderr


def test_a_cluster_without_workers(cluster, class_, monkeypatch):
    monkeypatch.setattr("autograder.classroom.cluster._NOBODY_SECONDS", 0.5)

    with (
        class_.journal({"ann": class_.text()}) as book,
        pytest.raises(GraderError, match="has no workers"),
    ):
        class_run.judge(
            book, class_.conditions, RunOptions(scheduler=cluster.address), lambda _: None
        )
