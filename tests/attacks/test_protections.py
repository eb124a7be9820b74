"""The corpus bites: with one protection taken away, the attack that it stops succeeds.

Each protection is taken away alone, in this process, where `grade` can be changed; the attacks are
those of the corpus, and with everything in place the same run comes to nothing.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder import course as courses
from autograder import grading, submission
from autograder.learner import host, protocol, sandbox, seccomp, watch, worker
from autograder.learner.remote import Remote
from autograder.oracles import case, compare, judge

from .house import HERE, Attack, House, Listeners, house

if TYPE_CHECKING:
    from autograder.report import Report

Patch = pytest.MonkeyPatch
Remove = Callable[[Patch], None]


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    """A house to steal from; the attacks run in it, graded by this process."""
    reason = sandbox.unavailable()
    if reason is not None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with house(None) as built:
        yield built


class Trial:
    """Attacks graded by this process.

    Attributes:
        heard: which listeners were called in the last run.
        survivors: processes of a submission that had to be ended by hand after the last run.
    """

    def __init__(self, home: House, folder: Path) -> None:
        self._home, self._folder = home, folder
        self.heard: list[str] = []
        self.survivors: list[int] = []

    def grade(self, name: str) -> Report:
        """The verdict on an attack of the corpus; with a name of a base, on that alone."""
        path = HERE / "code" / f"{name}.py"
        attack = Attack.read(path) if path.exists() else None
        base, assignment = (attack.base, attack.assignment) if attack else (name, "assignment3")
        course = courses.load(self._home.pattern / "course")
        chosen = course.assignment(assignment)
        sandbox._locations.cache_clear()
        before = _sandboxed()
        with Listeners(self._folder) as listeners:
            text = listeners.facts + self._home.composed(attack, base, self._folder)
            handed_in = submission.of_texts(chosen, {chosen.files[0].name: text}, "attack.py")
            policy = grading.Policy(require_sandbox=True)
            report = grading.grade(course, chosen, handed_in, policy)
            self.heard = listeners.heard()
        (self._folder / "socket").unlink()
        self.survivors = _wait_for_end(before)
        return report


@pytest.fixture
def trial(home: House, tmp_path: Path, monkeypatch: Patch) -> Iterator[Trial]:
    """Attacks, one after another, in this process."""
    monkeypatch.setattr(sys, "path", [str(home.root / "site"), *sys.path])
    folder = home.root / "here"
    folder.mkdir(exist_ok=True)
    yield Trial(home, folder)
    sandbox._locations.cache_clear()


def _sandboxed() -> set[int]:
    """Processes with the worker of this process in their command line."""
    marker = b"/worker.pyc"
    found = set()
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker in place.read_bytes() and place.parent.name != str(os.getpid()):
                found.add(int(place.parent.name))
        except OSError:
            continue
    return found


def _wait_for_end(before: set[int]) -> list[int]:
    """Those of ours that are still there after a moment; they are ended."""
    until = time.monotonic() + 1
    while (left := _ours() - before) and time.monotonic() < until:
        time.sleep(0.02)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return sorted(left)


def _ours() -> set[int]:
    """Like `_sandboxed`, without those that other graders on this machine have started."""
    limits = b'"RLIMIT_NPROC": 24'  # of the course in the house
    found = set()
    for pid in _sandboxed():
        try:
            if limits in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
        except OSError:
            continue
    return found


def _output(report: Report) -> str:
    return "\n".join(f"{test.message}\n{test.output}" for test in report.tests)


def _without(*arguments: str) -> Remove:
    """bubblewrap's command line without these."""

    def remove(patch: Patch) -> None:
        original = sandbox._bubblewrap
        together = ("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net",
                    "--unshare-uts", "--unshare-cgroup-try")  # fmt: skip

        def shorter(slot: int, packages: tuple[Path, ...]) -> tuple[str, ...]:
            line: list[str] = []
            for argument in original(slot, packages):
                line += together if argument == "--unshare-all" else [argument]
            return tuple(argument for argument in line if argument not in arguments)

        patch.setattr(sandbox, "_bubblewrap", shorter)

    return remove


def _writable(patch: Patch) -> None:
    """What is lent may be written."""
    original = sandbox._bubblewrap

    def lent(slot: int, packages: tuple[Path, ...]) -> tuple[str, ...]:
        line = list(original(slot, packages))
        for place in packages:
            line[line.index(str(place)) - 1] = "--bind"
        return tuple(line)

    patch.setattr(sandbox, "_bubblewrap", lent)


def _no_filter(patch: Patch) -> None:
    patch.setattr(sandbox, "_filter", lambda: None)


def _first_process_shown(patch: Patch) -> None:
    _no_filter(patch)
    _without("--tmpfs /proc/1")(patch)
    shown = sandbox._bubblewrap

    def unmasked(slot: int, packages: tuple[Path, ...]) -> tuple[str, ...]:
        line = list(shown(slot, packages))
        at = line.index("/proc/1") - 1
        del line[at : at + 4]
        return tuple(line)

    patch.setattr(sandbox, "_bubblewrap", unmasked)


BREACHES: dict[str, tuple[str, Remove, str]] = {
    # the protection: the attack, how to take the protection away, what it then boasts of
    "network": ("network", _without("--unshare-net"), "TCP to 127.0.0.1"),
    "abstract sockets": ("unix_sockets", _without("--unshare-net"), "connect to '\\x00canary"),
    "read-only": ("write_outside", _writable, "write /packages/lent_package/__init__.py"),
    "filter of calls": ("memory_beyond_the_limit", _no_filter, "System V shared memory"),
    "filter of namespaces": ("namespaces_by_clone", _no_filter, "clone with a user namespace"),
    "filter of sockets": ("odd_sockets", _no_filter, "AF_"),
    "mask of the first process": ("first_process", _first_process_shown, "its command line"),
}


@pytest.mark.parametrize("protection", BREACHES)
def test_without_it_the_attack_succeeds(
    trial: Trial, monkeypatch: Patch, home: House, protection: str
) -> None:
    """And with it, the same run in the same process comes to nothing."""
    name, remove, boast = BREACHES[protection]
    lent = home.root / "site/lent_package/__init__.py"
    content = lent.read_bytes()

    guarded = trial.grade(name)
    assert "BREACH" not in _output(guarded)
    assert trial.heard == []

    remove(monkeypatch)
    open_ = trial.grade(name)
    boasts = [line for line in _output(open_).split("\n") if "BREACH" in line]
    if protection == "filter of sockets" and not boasts:
        pytest.skip("this kernel has no other kind of socket")
    assert any(boast in line for line in boasts), _output(open_)
    if "network" in protection:
        assert trial.heard != []
    lent.write_bytes(content)


@pytest.mark.skipif(os.geteuid() != 0, reason="key rings outlive a process for real users alone")
def test_without_the_filter_a_message_is_left_for_the_next(
    trial: Trial, monkeypatch: Patch
) -> None:
    """The key ring of the worker's user outlives the sandbox."""
    trial.grade("keyring")
    assert "BREACH" not in _output(trial.grade("keyring"))

    _no_filter(monkeypatch)
    trial.grade("keyring")
    assert "BREACH" in _output(trial.grade("keyring"))


def test_without_the_namespace_of_processes_some_live_on(trial: Trial, monkeypatch: Patch) -> None:
    """Nobody else would end a daemon."""
    trial.grade("daemon")
    assert trial.survivors == []

    _without("--unshare-pid", "--tmpfs", "/proc/1")  # see below
    original = sandbox._bubblewrap

    def shared(slot: int, packages: tuple[Path, ...]) -> tuple[str, ...]:
        line = list(original(slot, packages))
        at = line.index("/proc/1") - 1
        del line[at : at + 4]
        if "--unshare-all" in line:
            line.remove("--unshare-all")
            line += ["--unshare-user", "--unshare-ipc", "--unshare-net", "--unshare-uts"]
        else:
            line.remove("--unshare-pid")
        return tuple(line)

    monkeypatch.setattr(sandbox, "_bubblewrap", shared)
    trial.grade("daemon")
    assert trial.survivors != []


def test_without_the_byte_cap_a_giant_answer_is_taken_in(
    trial: Trial, monkeypatch: Patch
) -> None:
    """The grader would hold whatever is sent."""
    assert "messag" in _tampered(trial.grade("giant_frame"))
    taken: list[int] = []
    original = host.Worker._read_replies

    def counting(self: Any) -> Any:
        result = original(self)
        taken.append(len(self._replies))
        return result

    monkeypatch.setattr(host.Worker, "_read_replies", counting)
    trial.grade("giant_frame")
    assert max(taken) <= 2 * worker.MAX_FRAME + 65_536

    monkeypatch.setattr(protocol, "MAX_FRAME", 2**33)
    monkeypatch.setattr(host, "MAX_FRAME", 2**26)
    trial.grade("giant_frame")
    assert max(taken) > 4 * worker.MAX_FRAME


def test_without_the_type_check_a_truth_value_is_a_number(
    trial: Trial, monkeypatch: Patch
) -> None:
    """True is 1.0 to Python, and each gradient of one there would be right."""
    assert _mark(trial.grade("bool_for_one"), "test_manual_gradients") == (0, "6.0")

    monkeypatch.setattr(compare, "is_number", lambda value: isinstance(value, (int, float)))
    assert _mark(trial.grade("bool_for_one"), "test_manual_gradients") != (0, "6.0")


def test_with_a_comparison_that_asks_the_object_everything_is_equal(
    trial: Trial, monkeypatch: Patch
) -> None:
    """As in graders that compare in the learner's own process."""
    before = trial.grade("always_equal").score

    def delegated(yours: object, expected: float, *tolerances: float) -> bool:
        return True if isinstance(yours, Remote) else original(yours, expected, *tolerances)

    original = compare.close
    for module in (case, judge, compare):
        monkeypatch.setattr(module, "close", delegated)
    assert trial.grade("always_equal").score > before


def test_without_the_check_of_ids_an_answer_to_another_question_counts(
    trial: Trial, monkeypatch: Patch
) -> None:
    """An answer could be sent before its question."""
    assert "another question" in _tampered(trial.grade("answer_for_another"))

    original = host.Worker._judge

    def unchecked(self: Any, message: dict[str, Any], what: str, wrap: Any) -> Any:
        return original(self, {**message, "id": self._ids}, what, wrap)

    monkeypatch.setattr(host.Worker, "_judge", unchecked)
    assert "another question" not in _tampered(trial.grade("answer_for_another"))


def test_without_the_watch_many_processes_hold_more_than_one_may(
    trial: Trial, monkeypatch: Patch
) -> None:
    """A limit for each of them is none for all."""
    assert "out_of_memory" in {test.status for test in trial.grade("memory_of_many").tests}

    most: list[int] = []
    original = watch.resident_bytes

    def noting(process: int) -> int:
        most.append(original(process))
        return 0

    monkeypatch.setattr(watch, "resident_bytes", noting)
    report = trial.grade("memory_of_many")
    assert "out_of_memory" not in {test.status for test in report.tests}
    assert max(most) > 300 * 1024 * 1024


def test_without_the_seed_a_table_earns_points(trial: Trial, monkeypatch: Patch) -> None:
    """What is asked the same every time can be learnt by heart."""
    before = trial.grade("tables").score

    from autograder.oracles import random_graphs

    def middle(low: float, high: float) -> float:
        return round((low + high) / 2, 2)

    assert random_graphs.number is not None
    original = case.Case.judge

    def known(self: Any, learner: Any, **how: Any) -> Any:
        inputs = dict(self.expression.inputs)
        published = inputs == {"a": 2.0, "b": -3.0}
        return original(self, learner, **how) if published or len(inputs) != 2 else None

    monkeypatch.setattr(case.Case, "judge", known)
    assert trial.grade("tables").score > before
    assert middle(0, 1) == 0.5


@pytest.mark.parametrize("attack", ["link_to_the_solution", "hard_link_to_the_solution"])
def test_links_would_hand_in_the_solution(home: House, attack: str, monkeypatch: Patch) -> None:
    """Who follows a link judges somebody else's work."""
    folder = home.root / f"links-{attack}"
    folder.mkdir()
    course = courses.load(home.pattern / "course")
    names: dict[str, Any] = {}
    text = (HERE / "handed_in" / f"{attack}.py").read_text("utf-8")
    exec(compile(text, attack, "exec"), names)  # noqa: S102  ours
    path = names["arrange"](folder, "", home.pattern)
    with pytest.raises(submission.Ungradable, match="link"):
        submission.read(course.assignment("assignment3"), path)

    monkeypatch.setattr(submission, "_bytes", lambda path, limit: path.read_bytes())
    monkeypatch.setattr(Path, "is_symlink", lambda self: False)
    assert submission.read(course.assignment("assignment3"), path).sources


def test_the_filter_has_the_kernels_numbers() -> None:
    """Checked against the kernel's own headers, where they are installed."""
    headers = {
        0: Path(f"/usr/include/{os.uname().machine}-linux-gnu/asm/unistd_64.h"),
        1: Path("/usr/include/asm-generic/unistd.h"),
    }
    if not all(path.exists() for path in headers.values()):
        pytest.skip("the headers of the kernel are not installed")
    import re

    for column, path in headers.items():
        found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", path.read_text()))
        wanted = {
            **seccomp._REFUSED,
            "clone": seccomp._CLONE,
            "clone3": seccomp._CLONE3,
            "socket": seccomp._SOCKET,
            "socketpair": seccomp._SOCKETPAIR,
        }
        known = {name: numbers[column] for name, numbers in wanted.items() if name in found}
        assert known == {name: int(found[name]) for name in known}
        assert len(known) > len(wanted) - 4  # an old header lacks the newest


def _mark(report: Report, name: str) -> tuple[float, str]:
    test = next(test for test in report.tests if test.name == name)
    example = test.counterexample
    return test.score, str(example.expected) if example else ""


def _tampered(report: Report) -> str:
    return "\n".join(test.message for test in report.tests if test.status == "tampered")
