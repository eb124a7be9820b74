"""What a file's answers may take in all, and what is no part of that: our curiosity, our own time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from autograder.remote import client
from autograder.remote import session as sessions
from autograder.remote.errors import CallTimeout, WorkerEnded

from .conftest import Room, ask

TEXT = "def one(): return 1\ndef many(): return ['x' * 1_000] * 50\ndef end(): __import__('os')._exit(0)"


def asked(session: sessions.Session, name: str) -> Any:
    return session.ask("call", {"target": {"name": name}, "args": [], "kwargs": []}, name, None)


@pytest.fixture
def session(limited: Room) -> sessions.Session:
    opened = limited.session(TEXT)
    opened.begin_test()
    return opened


def test_curiosity_takes_nothing_from_the_tests(session: sessions.Session) -> None:
    before = session._tests.seconds, session._tests.bytes_
    with session.off_the_clock():
        asked(session, "many")

    assert (session._tests.seconds, session._tests.bytes_) == before
    assert session._curiosity.seconds > 0
    assert session._curiosity.bytes_ > 50_000


def test_curiosity_has_an_end_of_its_own(session: sessions.Session) -> None:
    session._curiosity.seconds = session.limits.call_seconds
    assert not session.may_be_examined()

    with session.off_the_clock(), pytest.raises(CallTimeout, match=r"took more than \d"):
        asked(session, "one")

    assert asked(session, "one") is not None


def test_who_ends_while_we_are_curious_is_there_again(session: sessions.Session) -> None:
    before = session._tests.seconds
    with session.off_the_clock(), pytest.raises(WorkerEnded):
        asked(session, "end")

    assert session._tests.seconds == before
    assert asked(session, "one") is not None


def test_all_answers_together_have_a_size(
    session: sessions.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session._tests.most_bytes = 120_000 + session._tests.bytes_
    for _ in range(3):
        asked(session, "many")
    with pytest.raises(CallTimeout, match=r"All answers together are larger than [\d,]+ bytes"):
        asked(session, "many")


def test_what_we_make_of_an_answer_takes_our_time(
    session: sessions.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited, judge = [], client.WorkerClient._judge

    def slow(self: client.WorkerClient, *arguments: Any) -> Any:
        waited.append(self.waited)
        time.sleep(0.05)
        return judge(self, *arguments)

    monkeypatch.setattr(client.WorkerClient, "_judge", slow)
    asked(session, "one")

    assert session._worker.waited == waited[0]


def test_an_answer_that_is_there_counts_however_late_we_look(
    limited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = limited.worker("def run(): return 1")
    worker.loaded()
    monkeypatch.setattr(client, "_GRACE_SECONDS", 0.0)
    wait = worker._channel.wait

    def late(seconds: float) -> None:
        time.sleep(0.6)
        wait(seconds)

    monkeypatch.setattr(worker._channel, "wait", late)

    assert ask(worker, seconds=0.5) is not None
