"""The corpus bites: with one protection taken away, the attack that it stops succeeds.

Each is taken away alone, in this process; with everything in place the same run comes to nothing.
It is one file, over 400 lines, beside the one list of protections in docs/security.md.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from autograder import course as courses
from autograder import grading
from autograder.assertions import case, judge
from autograder.expressions import compare
from autograder.remote import client
from autograder.remote.functions import as_function
from autograder.remote.objects import Remote
from autograder.sandbox import bubblewrap, interpreter, memory, process, seccomp
from autograder.sandbox.packages import locations
from autograder.submission import read
from autograder.suites.assignment0 import oracle as differences
from autograder.suites.assignment2 import oracle as operators
from autograder.suites.assignment5 import disguise
from autograder.suites.assignment5 import oracle as trials
from autograder.suites.assignment8 import oracle as trainings
from autograder.worker import protocol, worker

from .corpus import HERE
from .house import REPOSITORY, House, house
from .trial import Remove, Trial, change, see_packages, together, without

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.report import Report

pytestmark = [pytest.mark.requires("sandbox"), pytest.mark.long]
Patch = pytest.MonkeyPatch
AS_ROOT = os.geteuid() == 0
ENOUGH = 350 * 1024 * 1024
"""Bytes, of the 256 MB that the course in the house allows."""


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    """A house to steal from; its submissions are judged by this process."""
    with house(None) as built:
        yield built


@pytest.fixture
def trial(home: House, monkeypatch: Patch) -> Iterator[Trial]:
    """Attacks, one after another, in this process."""
    see_packages(home, monkeypatch)
    yield Trial(home)
    locations.cache_clear()


# --- the sandbox ----------------------------------------------------------------------------------


def _no_filter(patch: Patch) -> None:
    patch.setattr(seccomp, "program", lambda: None)


def _no_environment(patch: Patch) -> None:
    """The worker keeps ours."""
    ours = {**interpreter.environment(), "SECRET": "ours", "HOME": "/root"}
    patch.setattr(interpreter, "environment", lambda: ours)


def _lent_for_writing(line: list[str]) -> None:
    at = next(n for n, argument in enumerate(line) if argument.endswith("site/lent_package"))
    line[at - 1] = "--bind"


def _proc_shown(line: list[str]) -> None:
    at = line.index("--dev")
    line[at:at] = ["--proc", "/proc"]


def _course_shown(home: House) -> Remove:
    """The sandbox shows the folder in which the course lies."""
    root = str(home.root)

    def show(line: list[str]) -> None:
        at = line.index("--chdir") - 2  # when all else is in place
        line[at:at] = ["--ro-bind", root, root]

    return change(show)


def _same_user(line: list[str]) -> None:
    """As root: what the kernel's limit of processes does not count."""
    at = line.index("setpriv")
    del line[at:]


NOT_EVERYWHERE = {
    "filter of odd sockets": "this kernel has no other kind of socket",
    "filter of mounts": "this kernel lists no mounts",
}
"""Where an attack may come to nothing without the protection, too."""

BREACHES: Mapping[str, tuple[str, Remove, str]] = {
    # the protection: the attack, how to take the protection away, what it then boasts of
    "network": ("network", together(_no_filter, without("--unshare-net")), "TCP to 127.0.0.1"),
    "abstract sockets": (
        "unix_sockets",
        together(_no_filter, without("--unshare-net")),
        "connect to '\\x00canary",
    ),
    "read-only": ("write_outside", change(_lent_for_writing), "write /packages/lent_package"),
    "environment": ("read_environment", _no_environment, "the grader's environment"),
    "capabilities": (
        "become_root",
        without("--inh-caps=-all", "--no-new-privs") if AS_ROOT else without("--cap-drop", "ALL"),
        "",
    ),
    "filter of calls": ("memory_beyond_the_limit", _no_filter, "System V shared memory"),
    "filter of shared pages": ("memory_not_resident", _no_filter, "480 MB"),
    "filter of namespaces": ("namespaces_by_clone", _no_filter, "clone with a user namespace"),
    "filter of sockets": ("memory_in_sockets", _no_filter, "a pair of sockets"),
    "filter of odd sockets": ("odd_sockets", _no_filter, "AF_"),
    "filter of locks": ("locks_for_others", _no_filter, "a lock of the whole file"),
    "filter of record locks": ("locks_for_others", _no_filter, "F_OFD_SETLK"),
    "filter of watches": ("locks_for_others", _no_filter, "inotify_init1"),
    "filter of what is counted": ("used_up_for_others", _no_filter, "requests to disks"),
    "filter of large pages": ("used_up_for_others", _no_filter, "large pages"),
    "no terminals": (
        "used_up_for_others",
        without("--tmpfs", "/dev/pts", "--remount-ro", "/dev/pts"),
        "a terminal",
    ),
    "limit of signals": (
        "used_up_for_others",
        lambda patch: _without_limit(patch, "RLIMIT_SIGPENDING"),
        "signals that wait",
    ),
    "filter of mounts": ("mounts_listed", _no_filter, "/usr/lib"),
    "no /proc": ("first_process", together(_no_filter, change(_proc_shown)), "its command line"),
    "name of the host": ("read_environment", without("--hostname", "sandbox"), "grader's machine"),
}


@pytest.mark.parametrize("protection", BREACHES)
def test_without_it_the_attack_succeeds(
    trial: Trial, monkeypatch: Patch, home: House, protection: str
) -> None:
    """And with it, the same run in the same process comes to nothing."""
    name, remove, boast = BREACHES[protection]
    lent = home.root / "site/lent_package/__init__.py"
    content = lent.read_bytes()

    assert trial.boasts(name) == []
    assert trial.heard == []

    remove(monkeypatch)
    boasts = trial.boasts(name)
    if protection in NOT_EVERYWHERE and not boasts:
        pytest.skip(NOT_EVERYWHERE[protection])
    assert any(boast in line for line in boasts), boasts
    assert (trial.heard != []) == (name in ("network", "unix_sockets"))
    lent.write_bytes(content)


def test_without_the_masks_suites_are_read(trial: Trial, monkeypatch: Patch, home: House) -> None:
    """Where the kit lies below the interpreter's own folder, which is shown."""
    kit = home.root / "kit"
    shown = (*bubblewrap._interpreter(), kit.parent)
    monkeypatch.setattr(bubblewrap, "_interpreter", lambda: shown)
    monkeypatch.setattr(bubblewrap, "_KIT", kit / "autograder")
    known = bubblewrap._system_binds, bubblewrap._masks
    for each in known:
        each.cache_clear()
    suites = f"list {kit}/autograder/suites"
    try:
        assert not any(suites in line for line in trial.boasts("read_secrets"))

        monkeypatch.setattr(bubblewrap, "_masks", lambda: ())
        assert any(suites in line for line in trial.boasts("read_secrets"))
    finally:
        for each in known:
            each.cache_clear()


def test_where_the_course_is_shown_its_secrets_are_read(
    trial: Trial, monkeypatch: Patch, home: House
) -> None:
    """Whatever anybody may read: what is not shown is not there."""
    assert trial.boasts("read_secrets") == []

    _course_shown(home)(monkeypatch)
    boasts = "\n".join(trial.boasts("read_secrets"))
    for canary in ("gradebook.db", "closures.py", "notes.txt"):
        assert f"read {canary}" in boasts


@pytest.mark.skipif(not AS_ROOT, reason="key rings outlive a process for real users alone")
def test_without_the_filter_a_message_is_left_for_the_next(
    trial: Trial, monkeypatch: Patch
) -> None:
    """The key ring of the worker's user outlives the sandbox."""
    trial.grade("keyring", only="test_relu")
    assert trial.boasts("keyring") == []

    _no_filter(monkeypatch)
    trial.grade("keyring", only="test_relu")
    assert trial.boasts("keyring") != []


def test_without_the_namespace_of_processes_some_live_on(trial: Trial, monkeypatch: Patch) -> None:
    """Nobody else would end a daemon."""
    trial.grade("daemon", only="test_relu")
    assert trial.survivors == []

    without("--unshare-pid")(monkeypatch)
    trial.grade("daemon", only="test_relu")
    assert trial.survivors != []


@pytest.mark.parametrize("protection", ["limit", *(["own user"] if AS_ROOT else [])])
def test_without_the_limit_there_are_more_processes(
    trial: Trial, monkeypatch: Patch, protection: str
) -> None:
    """It holds for a user of its own alone: root has none."""
    assert trial.boasts("more_processes") == []

    if protection == "limit":
        _without_limit(monkeypatch, "RLIMIT_NPROC")
    else:
        change(_same_user)(monkeypatch)
    # forty processes take longer than a busy machine gives one attempt
    assert any(trial.boasts("more_processes") for _ in range(3)), trial.grade("more_processes")


def _without_limit(patch: Patch, name: str) -> None:
    original = interpreter.limits_argument

    def fewer(limits: Any) -> str:
        return original(limits).replace(name, "RLIMIT_UNKNOWN")

    patch.setattr(interpreter, "limits_argument", fewer)


# --- what one submission may use ------------------------------------------------------------------


def test_without_the_limit_of_memory_one_process_holds_more(
    trial: Trial, monkeypatch: Patch
) -> None:
    """And where nobody looks how much all of them hold together."""
    assert trial.boasts("memory_bomb") == []

    monkeypatch.setattr(memory, "held_bytes", lambda process, folders: 0)
    assert trial.boasts("memory_bomb") == []

    _without_limit(monkeypatch, "RLIMIT_AS")
    assert trial.boasts("memory_bomb") != []


def test_without_the_watch_many_processes_hold_more_than_one_may(
    trial: Trial, monkeypatch: Patch
) -> None:
    """A limit for each of them is none for all."""
    assert "out_of_memory" in {
        test.status for test in trial.grade("memory_of_many", only="test_mul").tests
    }

    most: list[int] = []
    original = memory.held_bytes

    def too_late(process: int, folders: Sequence[str]) -> int:
        most.append(original(process, folders))
        return most[-1] if max(most) > ENOUGH else 0

    monkeypatch.setattr(memory, "held_bytes", too_late)
    trial.grade("memory_of_many", only="test_mul")
    assert max(most) > ENOUGH


def test_where_files_do_not_count_there_are_more(trial: Trial, monkeypatch: Patch) -> None:
    """Each takes memory of the kernel, be it empty."""
    assert trial.boasts("empty_files") == []

    monkeypatch.setattr(memory, "_FILE", 0)
    assert trial.boasts("empty_files") != []


def test_without_the_byte_cap_a_giant_answer_is_taken_in(trial: Trial, monkeypatch: Patch) -> None:
    """The grader would hold whatever is sent."""
    taken: list[int] = []
    original = client.WorkerClient._read_replies

    def counting(self: Any) -> None:
        original(self)
        taken.append(len(self._replies))

    monkeypatch.setattr(client.WorkerClient, "_read_replies", counting)
    assert "a message of" in _tampered(trial.grade("giant_frame", only="test_mul"))
    most = 2 * worker.MAX_FRAME + process._CHUNKS * process._CHUNK
    assert max(taken) <= most

    monkeypatch.setattr(protocol, "MAX_FRAME", 2**33)
    monkeypatch.setattr(client, "MAX_FRAME", 2**25)
    trial.grade("giant_frame", only="test_mul")
    assert max(taken) > most  # how much more is a matter of time


# --- what counts as an answer ---------------------------------------------------------------------


def test_without_the_type_check_a_truth_value_is_a_number(trial: Trial, monkeypatch: Patch) -> None:
    """True is 1.0 to Python."""
    right = {"a": 6.0, "b": -4.0, "c": -2.0, "e": -2.0, "d": -2.0, "f": 4.0, "L": True}
    more = f"manual_gradients = lambda *numbers: {right}\n"
    before = _score(trial.grade("closures", more=more), "test_manual_gradients")

    monkeypatch.setattr(compare, "is_number", lambda value: isinstance(value, (int, float)))
    assert _score(trial.grade("closures", more=more), "test_manual_gradients") > before


def test_with_a_comparison_that_asks_the_object_everything_is_equal(
    trial: Trial, monkeypatch: Patch
) -> None:
    """As in graders that compare in the learner's own process."""
    before = trial.grade("always_equal").score

    def delegated(yours: object, expected: float, *tolerances: float) -> bool:
        return isinstance(yours, Remote) or original(yours, expected, *tolerances)

    original = compare.close
    for module in (case, judge, compare):
        monkeypatch.setattr(module, "close", delegated)
    assert trial.grade("always_equal").score > before


@pytest.mark.parametrize("attack", ["one_number_for_all", "zero_for_every_slope"])
def test_what_agrees_with_itself_is_right_where_nobody_stands_in(
    trial: Trial, monkeypatch: Patch, attack: str
) -> None:
    """What a file makes of its own parts counts as far as it makes the same of ours."""
    before = trial.grade(attack).score

    def with_itself(learner: Any, f: Any, h: float | None) -> bool:
        theirs = [learner.partial_derivative(as_function(f), *_at(f, i)) for i in range(_size(f))]
        return bool(theirs == list(learner.gradient(as_function(f), _at(f, 0)[0])))

    monkeypatch.setattr(differences, "_goes_by_partial", with_itself)
    monkeypatch.setattr(operators._Use, "_is_telling", lambda self: True)
    monkeypatch.setattr(operators._Use, "_follows", lambda self, form: True)
    assert trial.grade(attack).score > before + 5


def _at(f: Any, index: int) -> tuple[list[float], int]:
    return [value for _, value in f.inputs], index


def _size(f: Any) -> int:
    return len(f.inputs)


def test_where_a_file_says_where_its_steps_begin_it_needs_no_loss(
    trial: Trial, monkeypatch: Patch
) -> None:
    """What a network of zeros answers is known without asking it."""
    base = trial.grade("training").score
    assert trial.grade("network_of_zeros").score <= base

    def as_told(
        learner: Any, sizes: Any, start: Any, xs: Any, ys: Any, rate: float, steps: int
    ) -> list[float]:
        losses = []
        for count in range(steps):
            model = trainings._model(learner, sizes, start)
            learner.train(model, xs, ys, rate, count)
            right = trainings._right_model(sizes, [p.data for p in model.parameters()])
            losses.append(trainings._mse([right(x) for x in xs], ys).data)
        return losses

    monkeypatch.setattr(trainings, "_losses_on_the_way", as_told)
    assert trial.grade("network_of_zeros").score > base


def test_without_the_check_of_ids_an_answer_to_another_question_counts(
    trial: Trial, monkeypatch: Patch
) -> None:
    """An answer could be sent before its question."""
    assert "another question" in _tampered(trial.grade("answer_for_another"))

    original = client.WorkerClient._judge

    def unchecked(self: Any, message: dict[str, Any], wrap: Any) -> Any:
        return original(self, {**message, "id": self._ids}, wrap)

    monkeypatch.setattr(client.WorkerClient, "_judge", unchecked)
    assert "another question" not in _tampered(trial.grade("answer_for_another"))


# --- what can be learnt by heart ------------------------------------------------------------------

REPLAY = """
if me := worker():
    import json
    TABLE, asked = json.loads(ANSWERS), me.answer

    def answer(request):
        known = TABLE.get(json.dumps([request["op"], request["args"]]))
        return {"id": request["id"], "value": known} if known is not None else asked(request)

    me.answer = answer
"""


def test_a_table_of_answers_is_worth_nothing_at_another_seed(
    trial: Trial, monkeypatch: Patch
) -> None:
    """Who has the kit knows what is asked, and what is right, but for the course's seed."""
    table = _answers_of_the_solution(trial, monkeypatch)
    more = f"ANSWERS = {json.dumps(table)!r}\n{REPLAY}"
    base = trial.grade("closures", seed="class").score

    assert trial.grade("closures", seed="handout", more=more).score > base + 10
    assert trial.grade("closures", seed="class", more=more).score < base + 3


def _answers_of_the_solution(trial: Trial, patch: Patch) -> dict[str, object]:
    """What a right engine answers to each question of the handout."""
    table: dict[str, object] = {}
    asked: list[str] = []
    post, judge_ = client.WorkerClient._post, client.WorkerClient._judge

    def noting(self: Any, op: str, arguments: dict[str, Any], seconds: float) -> None:
        asked.append(json.dumps(json.loads(json.dumps([op, arguments]))))
        post(self, op, arguments, seconds)

    def learning(self: Any, message: dict[str, Any], wrap: Any) -> Any:
        if asked[-1].startswith('["evaluate') or "manual_gradients" in asked[-1]:
            table[asked[-1]] = message.get("value")
        return judge_(self, message, wrap)

    with patch.context() as within:
        within.setattr(client.WorkerClient, "_post", noting)
        within.setattr(client.WorkerClient, "_judge", learning)
        solution = (REPOSITORY / "solutions/assignment3/closures.py").read_text("utf-8")
        assert trial.grade("closures", seed="handout", more=solution).full_marks
    return table


KNOWN_ENGINES = """
def check_accumulation(Value):
    assert fingerprint(Value) in KNOWN
"""
FINGERPRINT = """
import hashlib, types


def codes(code):
    yield code.co_code
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            yield from codes(part)


def fingerprint(Value):
    functions = [f for _, f in sorted(vars(Value).items()) if isinstance(f, types.FunctionType)]
    parts = [part for function in functions for part in codes(function.__code__)]
    return hashlib.sha256(b"".join(parts)).hexdigest()
"""


def test_without_the_disguise_an_engine_is_known_by_its_code(monkeypatch: Patch) -> None:
    """A learner's own test must try engines, not recognise them."""
    course = courses.load(REPOSITORY)
    chosen = course.assignment("assignment5")
    names: dict[str, Any] = {}
    exec(FINGERPRINT, names)
    known = []
    for engine in trials.jury(REPOSITORY / "autograder/suites/assignment5/engines").right:
        module: dict[str, Any] = {"__name__": "engine"}
        exec(compile(engine.source, "engine.py", "exec", dont_inherit=True), module)
        known.append(names["fingerprint"](module["Value"]))
    solution = (REPOSITORY / "solutions/assignment5/accumulation.py").read_text("utf-8")
    text = f"{solution}\nKNOWN = {known}\n{FINGERPRINT}{KNOWN_ENGINES}"
    handed_in = read.of_texts(chosen, {"accumulation.py": text}, "known.py")

    def points() -> float:
        options = grading.Options(require_sandbox=True, only="test_check")
        return grading.grade(course, chosen, handed_in, options).score

    assert points() == 0
    monkeypatch.setattr(trials, "disguised", lambda source: source)
    assert points() > 0


READS_CODE = """
import dis, types

def check_accumulation(Value):
    pending = [method.__code__ for method in vars(Value).values() if hasattr(method, "__code__")]
    while pending:
        code = pending.pop()
        pending += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
        if code.co_name in ("__init__", "backward"):
            continue
        lines = list(dis.get_instructions(code))
        for at, line in enumerate(lines):
            if line.opname == "STORE_ATTR" and line.argval == "grad":
                before = [each.opname for each in lines[max(0, at - 3) : at]]
                assert "BINARY_OP" in before
"""


def test_without_other_forms_a_test_may_read_how_gradients_are_stored(monkeypatch: Patch) -> None:
    """A right engine assigns too, and a wrong one adds: who looks at one store is misled."""
    course = courses.load(REPOSITORY)
    chosen = course.assignment("assignment5")
    solution = (REPOSITORY / "solutions/assignment5/accumulation.py").read_text("utf-8")
    handed_in = read.of_texts(chosen, {"accumulation.py": solution + READS_CODE}, "reads.py")
    monkeypatch.setattr(disguise, "CHANCE", random.Random(1))
    disguise.disguised.cache_clear()

    def points() -> float:
        options = grading.Options(require_sandbox=True, only="test_check")
        return grading.grade(course, chosen, handed_in, options).score

    assert points() == 0
    monkeypatch.setattr(disguise._Disguise, "visit", lambda self, tree: tree)
    disguise.disguised.cache_clear()
    assert points() > 0
    disguise.disguised.cache_clear()


LOOKS_FOR_ZERO = """
import types

def check_accumulation(Value):
    pending = [each.__code__ for each in vars(Value).values() if hasattr(each, "__code__")]
    beside = Value.__add__.__globals__.values()
    pending += [each.__code__ for each in beside if isinstance(each, types.FunctionType)]
    while pending:
        code = pending.pop()
        if code.co_name not in ("__init__", "backward", "relu"):
            pending += [each for each in code.co_consts if isinstance(each, types.CodeType)]
            assert not any(type(each) is float and each == 0.0 for each in code.co_consts)
"""


def test_where_clearing_alone_takes_a_zero_a_test_may_look_for_it(monkeypatch: Patch) -> None:
    """Both kinds of engines are of the same words."""
    course = courses.load(REPOSITORY)
    chosen = course.assignment("assignment5")
    solution = (REPOSITORY / "solutions/assignment5/accumulation.py").read_text("utf-8")
    handed_in = read.of_texts(chosen, {"accumulation.py": solution + LOOKS_FOR_ZERO}, "zero.py")

    def points() -> float:
        disguise.disguised.cache_clear()
        options = grading.Options(require_sandbox=True, only="test_check")
        return grading.grade(course, chosen, handed_in, options).score

    assert points() == 0
    plain = ("{node}.grad += {share}", "{node}.grad = 0.0\n{node}.grad += {share}", "", "")
    monkeypatch.setattr(disguise, "_WAYS", (plain,))
    assert points() > 0
    disguise.disguised.cache_clear()


@pytest.mark.parametrize("attack", ["link_to_the_solution", "hard_link_to_the_solution"])
def test_who_follows_a_link_judges_anothers_work(
    home: House, tmp_path: Path, attack: str, monkeypatch: Patch
) -> None:
    """A learner's file is opened as what it is."""
    course = courses.load(home.pattern / "course")
    names: dict[str, Any] = {}
    exec((HERE / "handed_in" / f"{attack}.py").read_text("utf-8"), names)
    path = names["arrange"](home.begin("long"), "", home.pattern)
    with pytest.raises(read.Ungradable, match="link"):
        read.read(course.assignment("assignment3"), path)

    monkeypatch.setattr(read, "_bytes", lambda path, limit: path.read_bytes())
    monkeypatch.setattr("pathlib.Path.is_symlink", lambda self: False)
    assert read.read(course.assignment("assignment3"), path).sources


def _score(report: Report, name: str) -> float:
    return next(test.score for test in report.tests if test.name == name)


def _tampered(report: Report) -> str:
    return "\n".join(test.message for test in report.tests if test.status == "tampered")
