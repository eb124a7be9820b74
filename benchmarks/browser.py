"""How fast the course is in a browser, in a site that `course site` made.

    python -m benchmarks.browser SITE               times, beside Pyodide alone and `grade`
    python -m benchmarks.browser SITE 15            fifteen rounds of each
    python -m benchmarks.browser SITE --memory 100  memory over so many grades in one page

Chromium has the page from this machine: the times hold no network. The budgets in seconds are for a
machine that has nothing else to do. Exit code 1 where memory grows.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import click
import psutil

from autograder.authoring import engines
from benchmarks import HEAD, Row
from benchmarks.handed_in import course
from benchmarks.processes import memory, run
from tests.browser.live import served
from tests.conftest import CHROMIUM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

GROWTH = 1.1  # the most in the last fifth, by the most in the second one: the first warms up
_PARTS = 5
_PATIENCE = 600_000  # milliseconds
_OFTEN = 3  # grades in a row, of each round
_GRADE = (sys.executable, "-c", "from autograder.cli.grade import main; main()")
_BARE = """async () => {
    const [{ parts }, { compiledOnce }, { loadPyodide }] = await Promise.all(
        ["./python.js", "./compiled.js", "./pyodide/pyodide.mjs"].map(each => import(each)));
    const { module, stdlib } = await parts();
    compiledOnce(module);
    const indexURL = new URL("./pyodide/", location).href;
    return (await loadPyodide({ indexURL, stdLibURL: stdlib })).runPython("1 + 1");
}"""
_CACHED = "navigator.serviceWorker.ready.then(ready => Boolean(ready.active))"


@dataclass(frozen=True)
class Seconds(Row):
    """A row whose own median has a budget too.

    Attributes:
        seconds: what it may be on a quiet machine.
    """

    seconds: float = 0.0

    def __str__(self) -> str:
        took = median(self.ours)
        verdict = "met" if took <= self.seconds else "OVER"
        return f"{super().__str__()}  {took:5.2f} s <= {self.seconds:g} s {verdict}"


class Learner:
    """Somebody with a browser of their own, to whom the site is new.

    Args:
        context: of the browser.
        address: the site's.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        context.set_default_timeout(_PATIENCE)
        self.page, self._address = context.new_page(), address

    def opens(self, assignment: str) -> None:
        """Follow a link to an assignment."""
        self.page.goto("about:blank")
        self.page.goto(f"{self._address}#{assignment}")
        self.page.locator(f"html[data-shown={assignment}]").wait_for()

    def brings(self, assignment: str) -> None:
        """Open a notebook that holds the solution."""
        self.page.locator("#file").set_input_files(_solution(assignment))
        self.page.locator("#main", has_text=_MARK).wait_for()

    def grades(self) -> float:
        """Press Grade as soon as one can; the seconds from there to the report."""
        button, state = self.page.locator("#grade:enabled"), self.page.locator("#state")
        button.wait_for()
        state.evaluate("state => { state.textContent = '' }")
        began = time.perf_counter()
        button.click()
        state.filter(has_text="All done!").wait_for()
        button.wait_for()
        return time.perf_counter() - began


_MARK = "# brought by a benchmark"


def _solution(assignment: str) -> FilePayload:
    file = course().assignment(assignment).files[0]
    text = (
        f"{_MARK}\n{engines.solution_source(course(), course().assignment(assignment), file.name)}"
    )
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "id": "all"}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    name = Path(file.name).with_suffix(".ipynb").name
    return {"name": name, "mimeType": "application/json", "buffer": json.dumps(content).encode()}


@contextmanager
def learner(browser: Browser, address: str) -> Iterator[Learner]:
    """Somebody new."""
    context = browser.new_context()
    try:
        yield Learner(context, address)
    finally:
        context.close()


def bare(browser: Browser, address: str) -> float:
    """Seconds until Pyodide, as the site has it, computes something in an empty page."""
    with learner(browser, address) as one:
        began = time.perf_counter()
        one.page.goto(f"{address}course.json")
        assert one.page.evaluate(_BARE) == 2
        return time.perf_counter() - began


def visits(browser: Browser, address: str, rounds: int) -> Iterator[Seconds]:
    """From the link to the first grade, on a first and a second visit, beside Pyodide alone."""
    first, second, alone = list[float](), list[float](), list[float]()
    for _ in range(rounds):
        alone.append(bare(browser, address))
        with learner(browser, address) as one:
            began = time.perf_counter()
            one.opens("assignment3")
            one.brings("assignment3")
            one.grades()
            first.append(time.perf_counter() - began)
            assert one.page.evaluate(_CACHED)
            one.page.wait_for_timeout(1000)  # until the work is kept
            began = time.perf_counter()
            one.opens("assignment3")
            one.grades()
            second.append(time.perf_counter() - began)
    yield Seconds("link to first grade / Pyodide alone", first, alone, 4.0, 5.0)
    yield Seconds("second visit to its first grade / Pyodide alone", second, alone, 2.5, 3.0)


def more(browser: Browser, address: str, rounds: int) -> Iterator[Seconds]:
    """Each further grade in a page, beside the command `grade` on the same solution."""
    for assignment, ratio, seconds in (("assignment3", 3.0, 1.0), ("assignment5", 3.0, 5.0)):
        ours, theirs = list[float](), list[float]()
        with learner(browser, address) as one:
            one.opens(assignment)
            one.brings(assignment)
            one.grades()
            for _ in range(rounds):
                theirs.append(run([*_GRADE, assignment, "--solution"]).seconds)
                ours += [one.grades() for _ in range(_OFTEN)]
        name = f"one more grade of {assignment} / grade in a terminal"
        yield Seconds(name, ours, theirs, ratio, seconds)


def growth(browser: Browser, address: str, grades: int) -> float:
    """Memory over so many grades of assignment3, printed; the last fifth's by the second one's."""
    held: list[int] = []
    with learner(browser, address) as one:
        one.opens("assignment3")
        one.brings("assignment3")
        for _ in range(grades):
            one.grades()
            held.append(_of_the_page(one.page))
    most = []
    for part in range(_PARTS):
        low, high = grades * part // _PARTS, grades * (part + 1) // _PARTS
        most.append(max(held[low:high]))
        print(f"{low + 1:>7} to {high:>7} graded: {most[-1] / 1e6:6.1f} MB at most")
    return most[-1] / most[1]


def _of_the_page(page: Page) -> int:
    """Bytes that the browser's processes hold, its garbage collected."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.detach()
    ours = psutil.Process().children(recursive=True)
    [browser] = [each for each in ours if _is_the_browser(each)]
    return memory(browser)


def _is_the_browser(process: psutil.Process) -> bool:
    line = process.cmdline()
    return "--headless" in line and not any(each.startswith("--type=") for each in line)


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("rounds", type=click.IntRange(1), default=5)
@click.option("--memory", "grades", type=click.IntRange(_PARTS), help="Over so many grades.")
def main(site: Path, rounds: int, grades: int | None) -> None:
    """Measure and print, row by row."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as started, served(site.resolve()) as address:
        browser = started.chromium.launch(executable_path=program, args=CHROMIUM)
        try:
            if grades:
                found = growth(browser, address, grades)
                verdict = "flat" if found <= GROWTH else "IT GROWS"
                print(f"last fifth / second: {found:.2f} <= {GROWTH} {verdict}")
                sys.exit(found > GROWTH)
            print(f"{HEAD}  of ours alone", flush=True)
            for rows in (visits, more):
                for row in rows(browser, address, rounds):
                    print(row, flush=True)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
