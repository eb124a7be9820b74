"""A page as a reader has it, and what it did that it should not."""

from __future__ import annotations

from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe


@contextmanager
def opened(chromium, path, width, scheme):
    """The page at this width, and what it did that it should not."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    context.set_default_timeout(20_000)
    view, asked = context.new_page(), []
    faults = []
    url = path.as_uri()
    view.on("console", lambda message: faults.append(f"console: {message.text}"))
    view.on("pageerror", lambda error: faults.append(f"error: {error}"))
    view.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    view.on("request", lambda request: asked.append(request.url))
    view.goto(url)
    yield view, faults
    faults += [each for each in asked if each not in {url, "data:,"}]
    context.close()


def violations(view):
    """What axe finds, with everything unfolded."""
    view.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found = Axe().run(view).response["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]
