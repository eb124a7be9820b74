"""Makes suites of pytest tests: marks, the `learner` fixture, and outcomes.

In a suite:

    @pytest.mark.part("tanh")          # the part of the assignment; its hints have this name
    @pytest.mark.points(2)
    @pytest.mark.needs("test_fields")  # makes no sense before that one passes
    @pytest.mark.hidden                # its source stays with the instructor
    def test_tanh(learner, rng):
        '''tanh multiplies by 1 - tanh²'''   # the title that the learner reads

`pytest autograder/suites/assignment3 --submission FILE` runs one by hand.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace

from autograder import course
from autograder.expressions.random_graphs import seeded
from autograder.remote.errors import CallTimeout, LearnerError, LearnerFault, Tampered
from autograder.remote.learner import Learner
from autograder.remote.load_failure import load_failure
from autograder.remote.session import Session, open_sessions
from autograder.remote.wrong_answer import Mismatch
from autograder.report import Counterexample, Place, writable
from autograder.submission import read

if TYPE_CHECKING:
    from autograder.report import Graph, Status

MARKS = {
    "points(n)": "what the test is worth",
    "part(name)": "the part of the assignment that it belongs to",
    "needs(*names)": "tests that must pass before this one makes sense",
    "hidden": "the test's source stays with the instructor",
    "file(name)": "the file of the assignment that it judges, when it is not the first",
    "requires(package)": "without that package the test is not run and does not count",
}


class Task(msgspec.Struct, frozen=True):
    """A test's marks and title.

    Attributes:
        name: the function's name.
        title: its docstring, for the learner.
        points: what it is worth.
        visible: whether learners may read its source.
        part: the part of the assignment that it belongs to.
        needs: the names of tests that must pass first.
        file: the file that it grades; None for the assignment's first one.
        requires: a package without which it does not run, if any.
    """

    name: str
    title: str
    points: float
    visible: bool
    part: str
    needs: tuple[str, ...]
    file: str | None
    requires: str | None


class Outcome(msgspec.Struct, frozen=True):
    """How a test ended for one submission.

    Attributes:
        status: as in `TestReport`.
        message: for the learner; for a blocked test, the name of the one that it waits for.
        counterexample: as in `TestReport`.
        credit: the share of its points earned without passing, from 0 to 1.
        output: what the learner's code printed.
        graph: as in `TestReport`.
        place: as in `TestReport`.
    """

    status: Status
    message: str = ""
    counterexample: Counterexample | None = None
    credit: float = 0.0
    output: str = ""
    graph: Graph | None = None
    place: Place | None = None


class GraderFault(Exception):
    """A test raised something that no learner's code can cause: a bug of ours."""


Again = Callable[[int], tuple[BaseException | None, Learner]]
"""Runs the test again with a new module made from the file, and sets in that order."""

Examine = Callable[[BaseException, Again], tuple[BaseException, "Graph | None"]]


class SuiteRun(msgspec.Struct):
    """What the plugin and its caller share: the submission, and the outcomes so far.

    Attributes:
        seed: the course's seed.
        sessions: the learner's files, by name; the first file is under None, too.
        broken: why a further file could not be loaded, by its name.
        outcomes: how tests ended, by their names.
        faults: exceptions of ours, by the tests' names.
        examine: finds the best example of a failure while the learner's process is running.
    """

    seed: str
    sessions: dict[str | None, Session] = {}
    broken: dict[str, str] = {}
    outcomes: dict[str, Outcome] = {}
    faults: dict[str, BaseException] = {}
    examine: Examine | None = None

    def clear(self) -> None:
        """Make room for the next submission."""
        for session in self.sessions.values():
            session.close()
        self.sessions, self.broken, self.outcomes, self.faults = {}, {}, {}, {}


SUITE_RUN = pytest.StashKey[SuiteRun]()
TASK = pytest.StashKey[Task]()


_NO_SUBMISSION = "name the file to grade: --submission FILE"


class Blocked(pytest.skip.Exception):  # type: ignore[misc,name-defined]  # untyped in pytest
    """The test waits for another one to pass; the text is that one's name."""


class NotLoaded(Exception):
    """The file that the test grades does not load; the message says why."""


class NotRun(pytest.skip.Exception):  # type: ignore[misc,name-defined]  # untyped in pytest
    """A package that the test needs is not installed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("autograder")
    group.addoption("--submission", metavar="FILE", help="judge this file with the suite")


def pytest_configure(config: pytest.Config) -> None:
    for mark, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")
    path = config.getoption("--submission")
    if path and SUITE_RUN not in config.stash:
        config.stash[SUITE_RUN] = _run_by_hand(Path(path), config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if SUITE_RUN in config.stash:
        config.stash[SUITE_RUN].clear()


def _run_by_hand(path: Path, config: pytest.Config) -> SuiteRun:
    """The submission for an author who runs a suite with pytest."""
    suite = Path(str(config.args[0]).split("::")[0]).resolve()
    name = suite.name if suite.is_dir() else suite.parent.name
    try:
        facts = course.find(suite)
        assignment = facts.assignment(name)
        handed_in = read.read(assignment, path)
        suite_run = SuiteRun(facts.seed, open_sessions(handed_in, assignment))
        for file, session in suite_run.sessions.items():
            if file is not None:  # the first one again
                session.load()
    except (course.CourseError, read.Ungradable) as error:
        raise pytest.UsageError(str(error)) from None
    except LearnerFault as error:
        raise pytest.UsageError(str(load_failure(error, path.name))) from None
    return suite_run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read the marks of each test; refuse what would leak between submissions."""
    for item in items:
        if item.get_closest_marker("points") is None:
            continue
        item.stash[TASK] = task_of(item)


def task_of(item: pytest.Item) -> Task:
    """A test's marks and title; raises UsageError if something is missing or not allowed."""
    name = item.name
    function = getattr(item, "function", None)
    if getattr(item, "cls", None) is not None:
        raise pytest.UsageError(f"{item.nodeid}: a suite has functions only, no test classes")
    if hasattr(function, "hypothesis"):
        raise pytest.UsageError(f"{item.nodeid}: no @given: draw from the `rng` fixture instead")
    title = " ".join((getattr(function, "__doc__", None) or "").split())
    points = item.get_closest_marker("points")
    part = item.get_closest_marker("part")
    if not title or points is None or not points.args or part is None:
        raise pytest.UsageError(f"{item.nodeid}: needs a docstring, points(n) and part(name)")
    needs = [need for mark in item.iter_markers("needs") for need in mark.args]
    file, requires = item.get_closest_marker("file"), item.get_closest_marker("requires")
    return Task(
        name=name,
        title=title,
        points=points.args[0],
        visible=item.get_closest_marker("hidden") is None,
        part=part.args[0],
        needs=tuple(needs),
        file=file.args[0] if file else None,
        requires=requires.args[0] if requires else None,
    )


@pytest.fixture
def learner() -> Learner:
    """The learner's module: `learner.Value(2.0)` makes an object in their process."""
    raise pytest.UsageError(_NO_SUBMISSION)


@pytest.fixture
def rng() -> random.Random:
    """A random generator seeded by the course's seed and the test's name."""
    raise pytest.UsageError(_NO_SUBMISSION)


def _learner(task: Task, suite_run: SuiteRun) -> Learner:
    session = suite_run.sessions.get(task.file)
    if task.file in suite_run.broken:
        raise NotLoaded(suite_run.broken[task.file])
    if session is None:
        which = task.file or "The other file"
        message = f"{which} is missing. Put it next to this file to run its tests."
        raise LearnerError("NotImplementedError", message)
    session.begin_test()
    return Learner(session)


def _rng(task: Task, suite_run: SuiteRun) -> random.Random:
    return seeded(suite_run.seed, task.name)


_FIXTURES = {"learner": _learner, "rng": _rng}
"""Made by us, as they depend on nothing: pytest's own way took a tenth of a submission's time."""


def pytest_runtest_setup(item: pytest.Function) -> None:
    if TASK not in item.stash or SUITE_RUN not in item.config.stash:
        return
    task, suite_run = item.stash[TASK], item.config.stash[SUITE_RUN]
    outcomes = suite_run.outcomes
    if task.requires is not None:
        from importlib.util import find_spec

        if find_spec(task.requires) is None:
            raise NotRun(f"{task.requires} is not installed.")
    missing = [
        need for need in task.needs if need in outcomes and outcomes[need].status != "passed"
    ]
    if missing:
        raise Blocked(missing[0])
    for name, make in _FIXTURES.items():
        if name in item.fixturenames:
            item.funcargs[name] = make(task, suite_run)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if TASK not in item.stash or SUITE_RUN not in item.config.stash:
        return report
    suite_run, task = item.config.stash[SUITE_RUN], item.stash[TASK]
    error = call.excinfo.value if call.excinfo is not None else None
    if error is None and call.when != "call":
        return report
    if task.name in suite_run.outcomes:  # a teardown that fails after the call is our fault
        if error is not None:
            suite_run.faults[task.name] = error
        return report
    output, graph, place, told = "", None, None, error
    session = suite_run.sessions.get(task.file)
    if session is not None:
        output = session.output()
        place = _place(error, session)
        curious = suite_run.examine is not None and session.may_be_examined()
        if curious and _has_example(error):
            assert suite_run.examine is not None
            assert error is not None
            with session.off_the_clock():
                again = partial(_once_more, item, session, suite_run.seed)
                told, graph = suite_run.examine(error, again)
    try:
        outcome = outcome_of(told, output)
        if told is not error and not isinstance(told, Tampered):
            # the test ran again only for its example, so the first run's credit counts
            outcome = replace(outcome, credit=outcome_of(error).credit)
        suite_run.outcomes[task.name] = replace(outcome, graph=graph, place=place)
    except GraderFault:
        assert error is not None
        suite_run.faults[task.name] = error
        suite_run.outcomes[task.name] = Outcome("error")
    return report


def _has_example(error: BaseException | None) -> bool:
    if isinstance(error, LearnerError):
        return bool(error.example) and error.type_name not in ("NotImplementedError", "MemoryError")
    return isinstance(error, Mismatch) and error.counterexample is not None


def _once_more(
    item: pytest.Item, session: Session, seed: str, order: int
) -> tuple[BaseException | None, Learner]:
    """Run a test's function again, as if it were the first; returns how it ended."""
    session.begin_test(order)
    learner = Learner(session)
    fresh = {"learner": learner, "rng": seeded(seed, item.name)}
    try:
        names = item._fixtureinfo.argnames  # type: ignore[attr-defined]  # noqa: SLF001  as pytest calls it
        item.obj(**{name: fresh.get(name, item.funcargs[name]) for name in names})  # type: ignore[attr-defined]  # a function
    except Exception as error:  # noqa: BLE001  the caller handles it
        return error, learner
    return None, learner


def _place(error: BaseException | None, session: Session) -> Place | None:
    """The place of the unwritten function, if the test ran into one."""
    if not (isinstance(error, LearnerError) and error.type_name == "NotImplementedError"):
        return None
    if not error.lines:
        return None
    where, line, _ = error.lines[-1]
    source = session.source
    return Place(writable(source.place(where, line)), source.function_at(where, line))


_NOT_THAT = re.compile(
    r"'(?P<kind>NoneType|bool|int|float|str|list|tuple|dict|Bag)' object is not "
    "(?P<what>callable|subscriptable|iterable)"
)
"""Python's message if a suite uses a plain answer as something else."""


def outcome_of(error: BaseException | None, output: str = "") -> Outcome:
    """The outcome for the learner of an exception that a test raised.

    Args:
        error: the exception; None if the test passed.
        output: what the learner's code printed.

    Raises:
        GraderFault: the exception is a bug of ours.
    """
    if error is None:
        return Outcome("passed", output=output)
    if isinstance(error, Mismatch):
        return Outcome("failed", error.message, error.counterexample, error.credit, output)
    if isinstance(error, LearnerError):
        return _raised(error, output)
    if isinstance(error, CallTimeout):
        return Outcome("timeout", str(error), output=output)
    if isinstance(error, Tampered):
        return Outcome("tampered", str(error), output=output)
    if isinstance(error, LearnerFault):
        return Outcome("error", str(error), output=output)
    if isinstance(error, NotLoaded):
        return Outcome("error", str(error))
    if isinstance(error, Blocked):
        return Outcome("blocked", str(error))
    if isinstance(error, NotRun):
        return Outcome("not_run", str(error))
    if isinstance(error, AttributeError) and _is_plain(error.obj) and error.name:
        kind = "None" if error.obj is None else type(error.obj).__name__
        hint = " Is a `return` missing?" if error.obj is None else ""
        message = f"Expected a Value, but your code returned {kind}.{hint}"
        return Outcome("failed", message, output=output)
    if isinstance(error, TypeError) and (found := _NOT_THAT.fullmatch(str(error))):
        wanted = "method" if found["what"] == "callable" else "list"
        kind = {"NoneType": "None", "Bag": "set"}.get(found["kind"], found["kind"])
        message = f"Expected a {wanted}, but your code returned {kind}."
        return Outcome("failed", message, output=output)
    if isinstance(error, AssertionError):
        return Outcome("failed", str(error), output=output)
    raise GraderFault from error


def _raised(error: LearnerError, output: str) -> Outcome:
    if error.type_name == "NotImplementedError":
        return Outcome("not_implemented", error.message, output=output)
    if error.type_name == "MemoryError":
        return Outcome(
            "out_of_memory", "Your code ran out of memory: it reached the limit.", output=output
        )
    where = "".join(f"\n{place}:{line}: {text}" for place, line, text in error.lines[-3:])
    example = None
    if error.example:
        look = error.look or ""
        lines = error.example if error.example[-1] == look else (*error.example, look)
        example = Counterexample(lines, error.look, f"raises {error}", "no exception")
    return Outcome("error", f"{error}{where}", example, output=output)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (bool, int, float, str, list, tuple, dict))
