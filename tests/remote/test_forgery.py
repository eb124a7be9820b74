"""A worker in the learner's hands: whatever it says, it is tampered or theirs, never our crash."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.expressions.expression import express
from autograder.grading.pytest_plugin import outcome_of
from autograder.remote.errors import CallTimeout, LearnerFault, Tampered, WorkerEnded
from autograder.remote.learner import Learner
from autograder.remote.objects import Remote
from autograder.remote.session import Session
from autograder.remote.wrong_answer import Mismatch
from autograder.worker import protocol
from tests.worker.test_protocol import JSON

from .conftest import QUICK, Room, process_of

FORGER = """
import json, os, struct, sys, threading, time

def channel():
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["self"].reply_fd, frame.f_locals["request"]["id"]

def frame(data):
    return struct.pack(">I", len(data)) + data

def reply(id, value):
    return frame(json.dumps({"id": id, "value": {"tuple": [value, {"list": []}]}}).encode())

def ok(): return 1
"""


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param("reply(id, 42) * 2", id="twice"),
        pytest.param("reply(id, 42) + b'x'", id="a byte more"),
        pytest.param("reply(id, 42) + b'\\0\\0\\0\\7half'", id="half a frame more"),
        pytest.param("reply(id + 1, 42)", id="out of turn"),
        pytest.param("reply(id - 1, 42)", id="late"),
        pytest.param("reply(float(id), 42)", id="the id as a float"),
        pytest.param("reply(True, 42)", id="the id as true"),
        pytest.param("reply(None, 42)", id="no id"),
        pytest.param("reply(id, {'tuple': 5})", id="no value"),
        pytest.param("reply(id, 10**400)", id="many digits"),
        pytest.param("reply(id, float('nan'))", id="NaN as it is"),
        pytest.param("reply(id, 'x' * 30_000)", id="a long text"),
        pytest.param("reply(id, '\\ud800')", id="half a character"),
        pytest.param("reply(id, 1).replace(b'value', b'valve')", id="another key"),
        pytest.param("reply(id, 1)[:-1] + b' '", id="broken JSON"),
        pytest.param("frame(b'[' * 100_000)", id="deep"),
        pytest.param("frame(b'\\xff\\xfe')", id="no text"),
        pytest.param("frame(b'')", id="an empty frame"),
        pytest.param("frame(b'null')", id="null"),
        pytest.param("b'\\xff' * 8", id="a frame of four gigabytes"),
        pytest.param("b'hello, world\\n'", id="print"),
        pytest.param("frame(json.dumps({'id': id}).encode())", id="an id alone"),
        pytest.param("frame(json.dumps({'id': id, 'error': 1}).encode())", id="a bare error"),
        pytest.param("frame(json.dumps({'id': id, 'value': 1, 'error': {}}).encode())", id="both"),
        pytest.param(
            "frame(json.dumps({'id': id, 'error': {'type': 1, 'message': '', 'places': []}})"
            ".encode())",
            id="an error of no type",
        ),
        pytest.param(
            "frame(json.dumps({'id': id, 'error': {'type': 'X', 'message': '', 'places': 1}})"
            ".encode())",
            id="an error at no places",
        ),
    ],
)
def test_a_reply_that_no_honest_worker_writes_is_tampered(limited: Room, forged: str) -> None:
    session = limited.session(f"""{FORGER}
def run():
    fd, id = channel()
    data = {forged}
    while data: data = data[os.write(fd, data):]
    time.sleep(5)
""")
    session.begin_test()
    with pytest.raises(Tampered) as caught:
        Learner(session).run()

    assert outcome_of(caught.value).status == "tampered"
    session.begin_test()
    assert Learner(session).ok() == 1


def test_an_early_reply_is_noticed_when_the_real_one_comes(room: Room) -> None:
    learner = room.learner(f"""{FORGER}
def run():
    fd, id = channel()
    os.write(fd, reply(id, 42))
    time.sleep(0.2)
    return 43
""")

    assert learner.run() == 42  # what it says is what it could have returned
    time.sleep(0.4)
    with pytest.raises(Tampered):
        learner.ok()


def test_a_reply_to_the_next_question_is_noticed_before_it_is_asked(room: Room) -> None:
    learner = room.learner(f"""{FORGER}
def run():
    fd, id = channel()
    def late():
        time.sleep(0.1)
        os.write(fd, reply(id + 1, 42))
    threading.Thread(target=late).start()
""")
    learner.run()
    time.sleep(0.3)

    with pytest.raises(Tampered):
        learner.ok()


def test_a_reply_that_comes_before_the_question_is_read_is_noticed(
    limited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = limited.worker(FORGER)
    worker.loaded()
    os.kill(
        process_of(worker)._process.pid, signal.SIGSTOP
    )  # so that the question stands half in the pipe
    post = worker._post

    def forestalled(*arguments: Any) -> None:
        post(*arguments)
        worker._replies += protocol.frame({"id": worker._ids, "value": 42})

    monkeypatch.setattr(worker, "_post", forestalled)

    with pytest.raises(Tampered, match="it came before the question"):
        worker.ask("repr", {"target": "x" * 1_000_000}, "repr()", 5, None)


@pytest.mark.parametrize(
    ("flood", "fault"),
    [
        ("b'\\0\\0\\0\\1x' * 10_000", Tampered),
        ("struct.pack('>I', 4_000_000) + b'x' * 100", CallTimeout),
        ("b'\\0\\0'", Tampered),
    ],
)
def test_a_reply_that_does_not_end_is_cut_off(
    room: Room, flood: str, fault: type[LearnerFault]
) -> None:
    worker = room.worker(f"""{FORGER}
def run():
    fd, id = channel()
    for number in range(10**9):
        os.write(fd, {flood})
        if {len(flood) < 50}: time.sleep(5)
""")
    worker.loaded()
    started = time.monotonic()

    with pytest.raises(fault):
        worker.ask(
            "call", {"target": {"name": "run"}, "args": [], "kwargs": []}, "run()", 0.5, None
        )

    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize(
    "answer",
    ["None", "5", "[1]", "{}", "{'names': 1, 'skipped': []}", "{'names': [1], 'skipped': []}",
     "{'names': 'abc', 'skipped': []}", "{'names': [], 'skipped': 5}",
     "{'names': [], 'skipped': [5]}", "{'names': [], 'skipped': None}",
     "{'names': [], 'skipped': [{'type': 1}]}"],
)  # fmt: skip
def test_a_forged_account_of_the_import_is_tampered(limited: Room, answer: str) -> None:
    with pytest.raises(Tampered, match="importing your file"):
        limited.session(f"""{FORGER}
fd, id = channel()
os.write(fd, frame(json.dumps({{"id": id, "value": {answer}}}).encode()))
time.sleep(5)
""")


def test_names_that_are_forged_are_only_names(limited: Room) -> None:
    learner = limited.learner(
        "import sys\nsys.modules['work'].__dict__.update({'x y': 1, 'é': 2, 'run': lambda: 3})"
    )

    assert learner.run() == 3


@pytest.mark.parametrize("sabotage", [
    "sys.modules['__main__']._dumps = None",
    "sys.modules['__main__'].Worker.send = None",
    "sys.modules['__main__'].Worker.answer = lambda self, request: 5",
    "sys.modules['__main__'].Worker.answer = lambda self, request: {'id': request['id']}",
    "sys.modules['__main__'].Worker.encode = lambda self, value, depth=0: object()",
    "sys.modules['__main__'].Worker.describe = lambda self, error: 5; 1/0",
    "sys.modules['__main__'].Worker.serve = None; os.kill(os.getpid(), 14)",
    "channel_closed()",
])  # fmt: skip
def test_a_worker_that_is_taken_apart_ends_or_is_tampered(limited: Room, sabotage: str) -> None:
    session = limited.session(f"""{FORGER}
def channel_closed():
    os.close(channel()[0])
def run():
    {sabotage}
""")
    session.begin_test()

    with pytest.raises((Tampered, WorkerEnded, CallTimeout)):
        Learner(session).run()
        Learner(session).ok()


EXPRESSION = express(lambda a, b: (a * b + b).tanh(), a=2.0, b=-0.5)
QUESTIONS = {
    "example": lambda learner, _: learner.run_example(("a = run(1.0)",), "a"),
    "walk": lambda learner, remote: learner.walk(remote, 60),
    "walk_expression": lambda learner, _: learner.walk_expression(
        EXPRESSION, backward="backward", upstream=1.0, most=60
    ),
    "held": lambda learner, _: learner.held("run"),
    "replace": lambda learner, _: learner.replace("def run(): pass", "run"),
    "call": lambda learner, _: learner.run(1.5),
    "value": lambda learner, _: learner.Value(1.0),
    "attribute": lambda _, remote: remote.data,
    "set": lambda _, remote: setattr(remote, "data", 1.0),
    "add": lambda _, remote: remote + 1,
    "len": lambda _, remote: len(remote),
    "list": lambda _, remote: list(remote),
    "item": lambda _, remote: remote[0],
    "called": lambda _, remote: remote(1),
    "repr": lambda _, remote: repr(remote),
    "read_each": lambda learner, remote: learner.read_each([remote, remote], "data"),
    "set_each": lambda learner, remote: learner.set_each([remote], "data", [1.0]),
    "keep": lambda learner, _: learner.keep([1.0]),
    "graph": lambda learner, remote: learner.graph(remote),
    "recording": lambda learner, remote: learner.record_backward(remote),
    "recording of known nodes": lambda learner, remote: learner.record_backward(
        remote, {remote: [remote]}, seed=1.0, order=[remote]
    ),
    "make": lambda learner, _: learner.make(EXPRESSION),
    "evaluate_again": lambda learner, _: learner.evaluate_again(
        [(EXPRESSION, (1.0, 2.0))], backward="backward"
    ),
    "evaluations": lambda learner, _: learner.evaluations(EXPRESSION, "exp", backward="backward"),
    "is_instance": lambda learner, remote: learner.is_instance(remote, "Value"),
    "evaluate": lambda learner, _: learner.evaluate(EXPRESSION),
    "backward": lambda learner, _: learner.evaluate(EXPRESSION, backward="backward"),
    "evaluate_each": lambda learner, _: learner.evaluate_each(EXPRESSION, [1.0, 2.0],
                                                             backward="backward"),
    "has_length": lambda learner, remote: learner.has_length(remote),
    "closures": lambda learner, _: learner.evaluate(EXPRESSION, every_gradient=True,
                                                   backward="closures"),
}  # fmt: skip
ERRORS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["ValueError", "NotAValue", "MemoryError", 5, "\x1b"]),
        "message": st.sampled_from(["x", "", None, "at 0xff"]),
        "places": st.lists(st.sampled_from([["work.py", 1, "f"], ["x", -5, None], [1], 7])),
        "syntax": st.sampled_from([["work.py", 1, 2], [], None, [1, 2, 3]]),
    },
)
HANDLES = st.builds(
    lambda number, name: {"handle": number, "type": name, "callable": True},
    st.integers(-2, 10**30),
    st.sampled_from(["Value", "", "x" * 500]),
)
ANSWERS = (
    JSON
    | HANDLES
    | st.builds(lambda a, b: {"tuple": [a, b]}, JSON | HANDLES, JSON)
    | st.builds(lambda items: {"list": items}, st.lists(JSON | HANDLES, max_size=4))
    | st.fixed_dictionaries(
        {},
        optional={
            "data": st.dictionaries(st.sampled_from(EXPRESSION.names), JSON | HANDLES) | JSON,
            "grads": st.dictionaries(st.sampled_from(EXPRESSION.names), JSON) | JSON,
            "failed": st.sampled_from([None, "backward", "zz", *EXPRESSION.names, 5, []]),
            "error": ERRORS | st.none() | JSON,
        },
    )
    | st.fixed_dictionaries(
        {},
        optional={
            "nodes": st.lists(HANDLES, max_size=3) | JSON,
            "edges": st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 2))) | JSON,
            "calls": st.lists(st.integers(-1, 3)) | JSON,
            "grads": st.lists(JSON | HANDLES, max_size=3) | JSON,
        },
    )
)
REPLIES = st.builds(
    lambda value: {"value": value}, ANSWERS | st.lists(ANSWERS, min_size=2, max_size=2)
) | st.builds(lambda error: {"error": error}, ERRORS | JSON)


class Puppet:
    """Stands before a worker's process: answers what it is given, and never ends it."""

    def __init__(self, session: Session, patch: pytest.MonkeyPatch) -> None:
        self.worker = session._worker
        self.reply: dict[str, Any] = {}
        patch.setattr(self.worker, "kill", lambda: None)
        patch.setattr(self.worker, "_no_surplus", lambda: None)
        patch.setattr(self.worker, "_post", self.post)

    def post(self, *_: object) -> None:
        self.worker._ids += 1
        self.worker._seconds = 1.0
        self.worker._replies[:] = protocol.frame({"id": self.worker._ids, **self.reply})


ERROR = {"type": "ValueError", "message": "", "places": []}
DATA = {step.name: 1.0 for step in EXPRESSION.steps}
WHOLE = {"data": DATA, "grads": {"a": 1.0, "b": 2.0}, "failed": None, "error": None}


@pytest.mark.parametrize(
    "change",
    [
        {"failed": "zz", "error": ERROR},
        {"failed": "a", "error": ERROR},
        {"failed": ["d"], "error": ERROR},
        {"failed": "backward"},
        {"error": ERROR},
        {"failed": "backward", "error": 5},
        {"data": {}},
        {"data": [1.0]},
        {"data": {**DATA, EXPRESSION.root: [1.0]}},
        {"grads": {"a": 1.0}},
        {"grads": None},
    ],
)
def test_a_forged_evaluation_is_tampered(
    limited: Room, change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = limited.session("class Value: pass")
    session.begin_test()
    puppet = Puppet(session, monkeypatch)
    puppet.reply = {"value": WHOLE}
    assert Learner(session).evaluate(EXPRESSION, backward="backward").data == DATA
    puppet.reply = {"value": {**WHOLE, **change}}

    with pytest.raises(Tampered):
        Learner(session).evaluate(EXPRESSION, backward="backward")
    monkeypatch.undo()


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_any_answer_to_any_question_is_the_learners_fault_at_worst(
    limited: Room, question: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = limited.session("class Value: pass\ndef run(x): return Value()", QUICK)
    session.begin_test()
    learner = Learner(session)
    remote = learner.run(1.0)
    assert isinstance(remote, Remote)
    puppet = Puppet(session, monkeypatch)

    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
    @example({"value": 2**70})
    @example({"value": -1})
    @example({"value": 10**7})
    @example({"value": {"tuple": [1]}})
    @example({"value": {"tuple": [1, "x" * 200_000, True]}})
    @example({"value": {"tuple": [1, 2]}})
    @example({"value": {"tuple": [1, {"tuple": []}]}})
    @example({"value": {"tuple": [1, {"list": [1, {"list": []}]}]}})
    @example({"error": {"type": "DeadlinePassed", "message": "", "places": []}})
    @example({"error": {"type": "X", "message": "", "places": [["a", 10**300, ""]]}})
    @given(REPLIES)
    def ask(reply: dict[str, Any]) -> None:
        puppet.reply = reply
        session._tests.seconds = 0.0
        try:
            question(learner, remote)
        except (LearnerFault, Mismatch) as error:
            outcome_of(error)

    ask()
    monkeypatch.undo()
