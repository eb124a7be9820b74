"""What every test has: no deadline of Hypothesis, a course of its own to grade in, a browser."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import autograder
from autograder import course as courses
from autograder.forms import STUBS
from tests import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from autograder.course import Course

    Cloning = Callable[..., "Clone"]

settings.register_profile("course", deadline=None)  # a loaded machine is not a bug
settings.load_profile("course")

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
    """A course in a new folder, with these assignments of the first three, stubs built."""
    names = assignments or tuple(FILES)
    lines = ['title = "Backpropagation"', 'seed = "tests"', 'packages = ["numpy"]', "[limits]"]
    lines += [f"{key} = {value}" for key, value in ({"load_seconds": 10} | limits).items()]
    for name in names:
        file, asks = FILES[name]
        lines += ["[[assignments]]", f'name = "{name}"', f'title = "{TITLES[name]}"']
        lines += ["[[assignments.files]]", f'name = "{file}"', f"asks = {asks}"]
        (root / "solutions" / name).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / name / file, root / "solutions" / name / file)
        for folder in (Path("assignments"), Path("assignments") / STUBS):  # as `course build`
            shutil.copytree(ROOT / folder / name, root / folder / name)
    (root / courses.FILE).write_text("\n".join(lines) + "\n", "utf-8")
    return Clone(courses.load(root))


@pytest.fixture
def cloning(tmp_path: Path) -> Cloning:
    """cloning(call_seconds=0.3, …): assignments 1 to 3 with these limits, stubs built."""
    return lambda *names, **limits: clone_into(tmp_path / "course", *names, **limits)


@pytest.fixture
def clone(cloning: Cloning) -> Clone:
    """A course with assignments 1 to 3 and the limits of every day."""
    return cloning()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all pages; each test opens a context of its own."""
    program = needs.program("chromium", "chromium-browser")
    playwright = needs.package("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=CHROMIUM)
        yield browser
        browser.close()
