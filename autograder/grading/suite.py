"""Finds a suite, its tests and hints, and has pytest collect it."""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from autograder.course import Assignment
    from autograder.grading.pytest_plugin import Task

SUITES = Path(__file__).resolve().parents[1] / "suites"
ENGINES = "engines"
"""The folder in a suite with engines on which a learner's own test is tried."""

_UNUSED_PLUGINS = (
    "assertion",
    "cacheprovider",
    "capture",
    "debugging",
    "doctest",
    "faulthandler",
    "freeze_support",
    "junitxml",
    "legacypath",
    "logging",
    "monkeypatch",
    "pastebin",
    "python_path",
    "recwarn",
    "reports",
    "setuponly",
    "setupplan",
    "skipping",
    "stepwise",
    "subtests",
    "terminal",
    "terminalprogress",
    "threadexception",
    "tmpdir",
    "unittest",
    "unraisableexception",
    "warnings",
)
"""pytest's own plugins that no suite needs: each costs time at the start and for each test."""

_UNUSED_MODULES = (
    "_pytest.legacypath",
    "_pytest.pytester",
    "_pytest.subtests",
    "importlib.metadata",
    "pygments",
    "pygments.formatters",
    "pygments.formatters.terminal",
    "pygments.lexer",
    "pygments.lexers",
    "pygments.lexers.diff",
    "pygments.lexers.python",
    "pygments.util",
)
"""Modules that pytest imports but no suite needs; they are 8 % of the instructions of a `grade`."""


def suite_folder(assignment_name: str) -> Path:
    """The folder of an assignment's suite, which may not exist."""
    return SUITES / assignment_name


class SuiteError(Exception):
    """The suite itself cannot be used: a bug of ours."""


def run_suite(assignment: Assignment, loop: object) -> None:
    """Have pytest collect a suite, and pass it to a loop that replaces pytest's own.

    Args:
        assignment: has the suite of its name.
        loop: a plugin with `pytest_runtestloop`.

    Raises:
        SuiteError: there is none, or it cannot be collected.
        KeyboardInterrupt: on Ctrl-C, which pytest itself would swallow.
    """
    _load_pytest()
    import pytest

    from autograder.grading import pytest_plugin

    suite = suite_folder(assignment.name)
    files = sorted(suite.glob("test_*.py"))
    if not files:
        raise SuiteError(f"{assignment.name} has no suite: {suite} holds no test_*.py.")
    # With this root, the modules of different suites have different names.
    arguments = ["-c", os.devnull, "--rootdir", str(SUITES), "--noconftest"]
    arguments += ["--import-mode=importlib"]
    for name in _UNUSED_PLUGINS:
        arguments += ["-p", f"no:{name}"]
    collector = _Collector(files)
    with _no_plugins_of_others():
        # objects, as a name would be searched among all installed plugins; the last is called
        # first
        code = pytest.main(arguments, plugins=[pytest_plugin, loop, collector])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if collector.failure is not None:
        raise SuiteError(f"{assignment.name}: {collector.failure}")
    if not collector.is_done:
        raise SuiteError(f"{assignment.name} has no test yet: {suite} (pytest: {code}).")


class _Collector:
    """Collects only these files; pytest's own way reads every folder on the way to them.

    Attributes:
        failure: pytest's message if a file cannot be collected.
        is_done: whether there are tests, and they were passed to the loop.
    """

    def __init__(self, files: list[Path]) -> None:
        self.files = files
        self.failure: str | None = None
        self.is_done = False

    def pytest_collection(self, session: pytest.Session) -> bool:
        import pytest

        for file in self.files:
            session.items += session.genitems(pytest.Module.from_parent(session, path=file))
        hook = session.config.hook
        hook.pytest_collection_modifyitems(
            session=session, config=session.config, items=session.items
        )
        session.testscollected = len(session.items)
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failure = report.longreprtext

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """None to continue with the loop if everything was collected; True to end."""
        self.is_done = self.failure is None and bool(session.items)
        return None if self.is_done else True


class _StandIn(ModuleType):
    """A module in which every name is an empty class, which is enough for imports."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []  # a package, so that it may have submodules

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


def _load_pytest() -> None:
    """Import pytest for the first time, with stand-ins for unused modules if that works."""
    if "_pytest" in sys.modules:
        return
    stand_ins = {name: _StandIn(name) for name in _UNUSED_MODULES if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        importlib.import_module("pytest")
    except Exception:  # noqa: BLE001  another pytest may use one of them: then none is replaced
        for name in [n for n in sys.modules if n.partition(".")[0] in ("_pytest", "pytest")]:
            del sys.modules[name]
    finally:
        for name in stand_ins:
            sys.modules.pop(name, None)


@contextmanager
def _no_plugins_of_others() -> Iterator[None]:
    """Prevent pytest from loading other plugins that happen to be installed."""
    name = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    previous = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if previous is None:
            del os.environ[name]
        else:
            os.environ[name] = previous


def in_course_order(items: list[pytest.Item], assignment: Assignment) -> list[pytest.Item]:
    """The tests of a suite, parts in course order, visible tests first.

    Raises:
        SuiteError: hints.toml has no entry for a test's part.
    """
    from autograder.grading.pytest_plugin import TASK

    parts = list(hints(assignment.name))
    for item in items:
        if TASK not in item.stash or item.stash[TASK].part not in parts:
            raise SuiteError(f"{item.nodeid}: its part has no entry in hints.toml.")
    return sorted(
        items,
        key=lambda item: (parts.index(item.stash[TASK].part), not item.stash[TASK].visible),
    )


class _Listing:
    """Replaces pytest's own loop without running anything.

    Attributes:
        tasks: the marks of each test.
    """

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.tasks: tuple[Task, ...] = ()
        self.failure: SuiteError | None = None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from autograder.grading.pytest_plugin import TASK

        try:
            ordered = in_course_order(session.items, self.assignment)
            self.tasks = tuple(item.stash[TASK] for item in ordered)
        except SuiteError as error:
            self.failure = error
        return True


def tasks(assignment: Assignment) -> tuple[Task, ...]:
    """The marks of each test of a suite, in the order in which they run.

    Raises:
        SuiteError: the suite cannot be collected.
    """
    listing, loaded = _Listing(assignment), set(sys.modules)
    try:
        run_suite(assignment, listing)
    finally:
        for name in set(sys.modules) - loaded:
            if name.startswith(f"{assignment.name}."):
                del sys.modules[name]  # later grading in this process reads the suite again
    if listing.failure is not None:
        raise listing.failure
    return listing.tasks


@cache
def suite_sha256(assignment_name: str) -> str:
    """The SHA-256 of a suite, in hexadecimal: verdicts with the same one had the same tests."""
    folder, digest = suite_folder(assignment_name), hashlib.sha256()
    for path in sorted([*folder.glob("*.*"), *folder.glob(f"{ENGINES}/*.*")]):
        if path.suffix in (".py", ".toml"):
            content = path.read_bytes()
            digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


@cache
def hints(assignment_name: str) -> dict[str, dict[str, str]]:
    """The hints of each part, in course order: title, idea, place and line.

    Raises:
        OSError: hints.toml cannot be read.
        KeyError: it has no table `parts`.
        ValueError: it is not valid TOML.
    """
    return {
        part: {step: text for step, text in table.items() if isinstance(text, str)}
        for part, table in _parts(assignment_name).items()
    }


@cache
def rests_on(assignment_name: str) -> dict[str, frozenset[str]]:
    """For each part, the others on which it rests, directly or indirectly.

    If one of those is wrong, this one may be wrong, too, as a difference made of a sum and a
    negation. Tests only wait for these parts, and mistakes cost points only in parts that rest on
    their own.

    Raises:
        SuiteError: `rests_on` in hints.toml is missing, or names an unknown part.
    """
    found: dict[str, frozenset[str]] = {}
    tables = _parts(assignment_name)
    for part in tables:
        reached, pending = set[str](), [part]
        while pending:
            bases = tables.get(pending.pop(), {}).get("rests_on")
            if not isinstance(bases, list) or not tables.keys() >= set(bases):
                raise SuiteError(
                    f"{assignment_name}: hints.toml: parts.{part}: `rests_on` is "
                    "missing, or names a part that is not there."
                )
            pending += set(bases) - reached
            reached |= set(bases)
        found[part] = frozenset(reached)
    return found


def _parts(assignment_name: str) -> dict[str, dict[str, object]]:
    import tomllib

    path = suite_folder(assignment_name) / "hints.toml"
    parts: dict[str, dict[str, object]] = tomllib.loads(path.read_text("utf-8"))["parts"]
    return parts
