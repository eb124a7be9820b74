"""A site that is served as its learners have it, and what they do on it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import course as courses
from autograder.authoring.serve import server
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PATIENCE = 120
"""Seconds that anything may take: other tests keep the machine busy meanwhile."""
_GRADER = """async () => {
    const { Grader } = await import("./python.js");
    window.grader = new Grader();
    await grader.ready;
}"""
_REPORT = "([assignment, files, name]) => grader.call('report', { assignment, files, name })"


@contextmanager
def served(folder: Path, *, isolated: bool = True) -> Iterator[str]:
    """The address of a folder, in a subfolder of its host, as on GitHub Pages."""
    serving = server(folder.parent, isolated=isolated)
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{serving.server_port}/{folder.name}/"
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


@contextmanager
def visited(
    chromium: Browser, address: str, *, width: int = 1100, scheme: Any = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it did that it should not: errors, and requests to anywhere else."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, accept_downloads=True
    )
    context.set_default_timeout(PATIENCE * 1000)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on(
        "console",
        lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None,
    )
    ours = (address, f"blob:{address.split('/', 3)[0]}", "data:")
    context.on(
        "request",
        lambda asked: None if asked.url.startswith(ours) else faults.append(f"asked: {asked.url}"),
    )
    page.goto(address)
    yield page, faults
    context.close()


def go(page: Page, assignment: str) -> None:
    """Open an assignment."""
    page.evaluate("name => { location.hash = name }", assignment)
    page.locator(f"html[data-shown={assignment}]").wait_for()


def graded(page: Page) -> str:
    """Press Grade, once that can be pressed; what the page then says."""
    page.locator("#grade:enabled").click()
    page.locator("#state", has_text="point").or_(
        page.locator("#state", has_text="can't be graded")
    ).wait_for()
    page.locator("#grade:enabled").wait_for()
    return page.locator("#state").inner_text()


def grader(page: Page) -> None:
    """Start a grader that tests can ask by themselves."""
    page.evaluate(_GRADER)


def report(page: Page, assignment: str, name: str, text: str) -> dict[str, Any]:
    """The report on a learner's file."""
    found: dict[str, Any] = page.evaluate(_REPORT, [assignment, {name: text}, name])
    return found


def eventually(ask: Any, wanted: Any, seconds: float = PATIENCE) -> Any:
    """What `ask` gives once it is what is wanted, or at the end."""
    end = time.monotonic() + seconds
    while (found := ask()) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    return found


def solution(assignment: str) -> Path:
    """The solution of an assignment's first file."""
    chosen = courses.load(ROOT).assignment(assignment)
    return ROOT / "solutions" / assignment / chosen.files[0].name
