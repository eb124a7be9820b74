"""The course in a browser: what learners do there, with isolation headers and without."""

from __future__ import annotations

import contextlib
import gzip
import json
import re

import pytest
from playwright.sync_api import Error

from autograder import course as courses
from tests.conftest import ROOT

from . import compare, live
from .view import violations

COURSE = courses.load(ROOT)
CLOSURES = live.solution("assignment3").read_text("utf-8")
MISTAKES = (  # of whom, what is right, what is wrong, and what the report says of it
    ("mul", "other.grad = self.data *", "other.grad = other.data *", "Your * gives both factors"),
    ("power", "(exponent - 1)", "exponent", "the exponent is not lowered by 1"),
    ("tanh", "(1 - out.data**2)", "(1 - self.data**2)", "Your tanh squares its input"),
)
WRONG = CLOSURES.replace("other.grad = self.data * out.grad", "other.grad = other.data * out.grad")

SAMPLE = (
    ("assignment1", "stub"),
    ("assignment1", "wrong F10"),  # Python says in other words what is unhashable
    ("assignment2", "wrong O-neg-circle"),  # recursion ends elsewhere
    ("assignment3", "right op_classes"),
    ("assignment3", "wrong C1-tanh"),
    ("assignment3", "wrong M-none"),  # the grader's own Python says it in other words
    ("assignment7", "wrong N1-bias"),  # the exception knows more
    ("assignment7", "wrong N-averaged"),  # the last digit
    ("assignment9", "solution"),  # no PyTorch
)


def typed(page, assignment, text, tmp_path):
    """Open a script in the page: what a learner has typed elsewhere."""
    path = tmp_path / live.solution(assignment).name
    path.write_text(text, "utf-8")
    live.go(page, assignment)
    page.locator("#grade:enabled").wait_for()
    page.evaluate(
        "document.querySelector('#state').textContent = document.querySelector('#file').value = ''"
    )
    page.locator("#file").set_input_files(path)
    page.locator("#state", has_text="is here now").wait_for()


def kept(page, assignment):
    """The code that the page shows of the learner's notebook, once all editors have been seen."""
    page.locator("#more").evaluate("menu => { menu.open = true }")
    with page.expect_download() as download:
        page.locator("#save-notebook").click()
    cells = json.loads(download.value.path().read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_little_is_loaded(site):
    """Gzipped, as hosts send it: what one reads and types with, and all until the first grade."""
    sent = {
        path.relative_to(site): len(gzip.compress(path.read_bytes()))
        for path in site.rglob("*")
        if path.is_file() and path.suffix != ".svg"
    }
    cells, python = {"cells.bin"}, {"kit.bin", "packages.bin", "viz.js", "learner.json"}
    graded = {path: size for path, size in sent.items() if path.name not in cells}
    read = [
        s for path, s in graded.items() if path.name not in python and "pyodide" not in str(path)
    ]

    assert sum(graded.values()) < 12_000_000
    assert sum(read) < 1_000_000


@pytest.mark.parametrize("isolated", [False, True], ids=["plain", "isolated"])
def test_solutions_have_full_marks(isolated, site, chromium, tmp_path):
    names = [each.name for each in COURSE.assignments]
    chosen = names if not isolated else ["assignment3", "assignment5", "assignment8"]

    with (
        live.served(site, isolated=isolated) as address,
        live.visited(chromium, address) as (page, faults),
    ):
        said = {}
        for name in chosen:
            typed(page, name, live.solution(name).read_text("utf-8"), tmp_path)
            said[name] = live.graded(page)
        page.evaluate("location.hash = ''")
        page.locator(".list").wait_for()
        progress = page.locator(".list").inner_text()
        alone = page.evaluate("crossOriginIsolated")

    assert faults == []
    assert alone is isolated
    assert all("All done!" in text for text in said.values()), said
    assert progress.count("not begun") == len(names) - len(chosen)


def test_mistakes_are_shown_beside_their_cells(site, chromium, tmp_path):
    with (
        live.served(site, isolated=False) as address,
        live.visited(chromium, address) as (page, faults),
    ):
        typed(page, "assignment3", CLOSURES, tmp_path)
        for function, right, wrong, _ in MISTAKES:
            cell = page.locator(".cell.answer", has_text=f"def {function}(").locator(".cm-content")
            text = "\n".join(cell.locator(".cm-line").all_text_contents())
            assert right in text
            cell.fill(text.replace(right, wrong))
        said = live.graded(page)
        page.get_by_role("button", name="Show what is next").click()
        first = page.evaluate("document.activeElement.getAttribute('aria-label')")
        report = page.get_by_role("region", name="Report").inner_text()
        slots = [page.locator(".slot.open", has_text=name).first for *_, name in MISTAKES]
        told = [slot.locator(".example").first.inner_text() for slot in slots]
        before = [
            slot.evaluate("slot => slot.previousElementSibling.textContent") for slot in slots
        ]
        slots[0].get_by_role("button", name="Hint").click()
        hints = [slots[0].locator(".hint").count()]
        slots[0].get_by_role("button", name="One more hint").click()
        hints.append(slots[0].locator(".hint").count())
        printed = []
        for slot in slots:
            slot.get_by_role("button", name="Insert below and run").first.click()
            shown = slot.locator("xpath=following-sibling::*[1]").locator(".output-of-cell pre")
            shown.wait_for()
            printed.append(shown.inner_text().strip())
        code = kept(page, "assignment3")
        page.reload()
        page.locator(".slot").first.wait_for()
        after = kept(page, "assignment3")

    assert faults == []
    assert re.match(r"\d+ of 30 points", said)
    assert all("yours" in text and "right" in text for text in told)
    assert "compare(lambda x, y: x * y" in before[0] or "play" in before[0]
    assert first == "Result: *"
    assert "All tests" in report
    assert "What went wrong" not in report  # it stands beside the cells
    assert hints == [1, 2]
    assert printed[0] == "3.0"
    assert all(re.fullmatch(r"-?[\d.]+(e-?\d+)?", text) for text in printed)
    assert after == code
    assert all(any(wrong in text for text in after) for _, _, wrong, _ in MISTAKES)


@pytest.mark.parametrize(("width", "scheme"), [(1100, "light"), (390, "dark")])
def test_it_is_legible_and_quiet(width, scheme, site, chromium, tmp_path):
    with (
        live.served(site) as address,
        live.visited(chromium, address, width=width, scheme=scheme) as (page, faults),
    ):
        page.locator("h1").wait_for()
        at_home = violations(page)
        typed(page, "assignment3", WRONG, tmp_path)
        live.graded(page)
        page.get_by_role("button", name="Run all", exact=True).click()
        play = page.locator(".cell", has_text="play(L)").locator("iframe")
        play.wait_for()
        page.locator("#stop:disabled").wait_for()
        found = violations(page)
        across = page.evaluate("document.documentElement.scrollWidth")
        moves = play.content_frame.locator(".play.live").count()

    assert faults == []
    assert at_home == []
    assert found == []
    assert across <= width
    assert moves == 1


def test_files_go_out_and_come_back(site, chromium, tmp_path):
    with live.served(site) as address, live.visited(chromium, address) as (page, faults):
        typed(page, "assignment3", WRONG, tmp_path)
        page.locator("#more").evaluate("menu => { menu.open = true }")
        with page.expect_download() as download:
            page.locator("#save-script").click()
        script = download.value.path().read_text("utf-8")
        page.locator("#reset").click()
        page.locator("#yes").click()
        page.locator("#copies button", has_text="before you started over").wait_for(
            state="attached"
        )
        page.locator("#more").evaluate("menu => { menu.open = true }")
        begun_anew = kept(page, "assignment3")
        typed(page, "assignment3", script, tmp_path)
        back = kept(page, "assignment3")
        told = {}
        for name, text in {
            "broken.ipynb": "{",
            "old.ipynb": '{"worksheets": []}',
            "e.py": "",
        }.items():
            (tmp_path / name).write_text(text, "utf-8")
            page.locator("#file").set_input_files(tmp_path / name)
            told[name] = page.locator("#notes .bad", has_text=name).inner_text()
        notes = page.locator("#notes .bad").count()
        still = kept(page, "assignment3")
        second = page.context.new_page()
        second.goto(page.url)
        elsewhere = second.locator("#notes .notice").inner_text()
        second.get_by_role("button", name="Go on here").click()
        page.locator("#notes", has_text="open in another tab").wait_for()

    assert faults == []
    assert not any("other.grad = other.data" in text for text in begun_anew)
    assert any("other.grad = other.data" in text for text in back)
    assert told["broken.ipynb"].startswith("broken.ipynb cannot be opened. It is not a readable")
    assert told["old.ipynb"].startswith("old.ipynb cannot be opened. It is not a readable notebook")
    assert told["e.py"].startswith("e.py cannot be opened. It is empty.")
    assert notes == 1
    assert still == back
    assert "open in another tab" in elsewhere


def write(page, text):
    """Write into the first cell that is the learner's."""
    page.locator(".cell.answer .cm-content").first.fill(text)


def written(page):
    """What stands there."""
    return page.locator(".cell.answer .cm-content").first.inner_text()


@pytest.mark.parametrize(
    "refused",
    [
        "IDBFactory.prototype.open = () => { throw new DOMException('It is private.', 'SecurityError') }",
        "delete Navigator.prototype.locks; delete window.indexedDB; delete Window.prototype.indexedDB",
    ],
    ids=["refused", "absent"],
)
def test_without_storage_work_stays_while_the_page_is_open(refused, site, chromium):
    with live.served(site) as address:
        context = chromium.new_context()
        context.add_init_script(refused)
        page = context.new_page()
        page.goto(f"{address}#assignment3")
        write(page, "mine = 1")
        live.go(page, "assignment4")
        told = page.locator("#notes .bad").all_inner_texts()
        live.go(page, "assignment3")
        back = written(page)
        code = kept(page, "assignment3")
        asked = []
        page.on("dialog", lambda dialog: asked.append(dialog.type))
        page.on("dialog", lambda dialog: dialog.accept())
        with page.expect_event("close"):
            page.close(run_before_unload=True)
        context.close()

    assert [text.partition(":")[0] for text in told] == ["This browser can't store your work"]
    assert "Before you leave, save it: File, Save as notebook." in told[0]
    assert back == "mine = 1"
    assert "mine = 1" in code
    assert asked == ["beforeunload"]


def test_full_storage_and_a_crash_lose_nothing(site, chromium):
    with live.served(site) as address, live.visited(chromium, address) as (page, faults):
        origin = "/".join(address.split("/")[:3])
        storage = page.context.new_cdp_session(page)
        live.go(page, "assignment3")
        storage.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
        write(page, "full = 1")
        warned = page.locator("#notes .bad", has_text="its storage is full")
        warned.wait_for()
        storage.send("Storage.overrideQuotaForOrigin", {"origin": origin})
        write(page, "room = 1")
        warned.wait_for(state="detached")
        page.reload()
        after_full = written(page)
        found, tab = [], page
        for wait in (0, 390, 420):  # milliseconds: it is stored 400 after the last key
            write(tab, f"last = {wait}")
            tab.wait_for_timeout(wait)
            with tab.expect_event("crash"), contextlib.suppress(Error):  # it goes nowhere
                tab.goto("chrome://crash")
            tab = page.context.new_page()
            tab.goto(f"{address}#assignment3")
            found.append(written(tab))
            assert tab.locator("#notes p").count() == 0

    assert faults == []
    assert after_full == "room = 1"
    assert found[0] in {"room = 1", "last = 0"}
    assert found[1] in {found[0], "last = 390"}
    assert found[2] in {found[1], "last = 420"}


def test_reports_are_those_of_a_terminal(site, chromium):
    chosen = [COURSE.assignment(name) for name in dict.fromkeys(name for name, _ in SAMPLE)]
    every = [file for each in chosen for file in compare.files(COURSE, each)]
    sample = [file for file in every if (file.assignment.name, file.label) in SAMPLE]

    with live.served(site) as address, live.visited(chromium, address) as (page, _):
        live.grader(page)
        found = {
            f"{file.assignment.name} {file.label}": compare.compared(COURSE, page, file).differences
            for file in sample
        }

    assert len(found) == len(SAMPLE)
    assert {label: differs for label, differs in found.items() if differs} == {}


@pytest.mark.parametrize("isolated", [False, True], ids=["plain", "isolated"])
def test_hostile_files_change_no_verdict(isolated, site, chromium):
    line = '    out = Value(math.tanh(self.data), (self,), "tanh")\n'

    def in_tanh(code):
        assert line in CLOSURES
        return CLOSURES.replace(line, line + "".join(f"    {each}\n" for each in code.split("\n")))

    files = {
        "loops": in_tanh("while True: print('x' * 100)"),
        "recurses": in_tanh("def f(x): return sorted([1, 2], key=lambda y: f(x))\nf(1)"),
        "hoards": in_tanh("bytearray(15 * 10**8)"),
        "exits": in_tanh("import os\nos._exit(3)"),
        "page": f"{CLOSURES}\nimport js\n",
        "builtins": f"{CLOSURES}\nimport builtins\nvars(builtins).clear()\n",
    }
    if isolated:
        files = {"hoards": files.pop("hoards")}
    else:
        del files["hoards"]
    with (
        live.served(site, isolated=isolated) as address,
        live.visited(chromium, address) as (page, _),
    ):
        live.grader(page)
        found = {}
        for name, text in files.items():
            found[name] = live.report(page, "assignment3", "closures.py", text)
        right = live.report(page, "assignment3", "closures.py", CLOSURES)
        heading = page.locator("h1").inner_text()

    def outcome(name):
        report = found[name]
        tests = {test["name"]: test for test in report["tests"]}
        return tests["test_tanh"]["status"], tests["test_tanh"]["message"]

    if isolated:
        assert outcome("hoards")[0] == "out_of_memory"
    else:
        assert outcome("loops")[0] == "timeout"
        assert re.search(r"closures\.py:\d+: while True: print", outcome("loops")[1])
        assert outcome("recurses")[0] == "error"
        assert outcome("recurses")[1].startswith("RecursionError: maximum recursion depth")
        assert outcome("exits")[0] in {"error", "timeout"}
        assert found["page"]["status"] == "ungradable"
        assert "`js` cannot be imported here" in found["page"]["reason"]
        assert found["builtins"]["score"] < 30
    assert (right["score"], right["status"]) == (30, "graded")
    assert heading == COURSE.title


def test_a_cell_that_plots_shows_the_picture_of_the_solution(site, chromium):
    with live.served(site) as address, live.visited(chromium, address) as (page, faults):
        live.go(page, "assignment0")
        box = page.locator(".cell", has_text="plt.show()").first
        box.get_by_role("button", name="Run all cells above").click()
        box.get_by_role("button", name=re.compile("Run cell")).click()
        picture = box.locator("img")
        picture.wait_for()
        wide = live.eventually(lambda: picture.evaluate("image => image.naturalWidth > 100"), True)
        alt = picture.evaluate("image => image.alt")
        said = box.locator(".output-of-cell p").inner_text()

    assert faults == []
    assert wide
    assert "f(x) by x" in (alt or "")
    assert said.startswith("A browser has no matplotlib, so this is the course's own picture")


def test_hostile_cells_are_stopped(site, chromium):
    cells = {
        "def f(): return f()\nf()": "RecursionError",
        "bytearray(15 * 10**8)": "MemoryError",
        "import js\nasked = js.fetch('https://example.org/')\nprint('asked')": "asked",
        "import numpy": "is not available in the browser",
        "for _ in range(10**5): print('x' * 50)": "is not shown",
    }
    with live.served(site, isolated=False) as address, live.visited(chromium, address) as (page, _):
        live.go(page, "assignment0")
        asked = []
        page.context.on("request", lambda request: asked.append(request.url))
        box = page.locator(".cell").first
        output = box.locator(".output-of-cell")

        def run(code):
            box.locator(".cm-content").fill(code)
            box.get_by_role("button", name="Run cell").click()

        for code, says in cells.items():
            run(code)
            output.get_by_text(says).first.wait_for()
        run("while True: pass")
        page.locator("#stop:enabled").click()
        output.get_by_text("Stopped. Python restarts").wait_for()
        run("1 + 1")
        again = live.eventually(lambda: output.inner_text().strip(), "2")

    assert again == "2"
    assert not [url for url in asked if "example.org" in url]


def test_without_a_way_to_wait_it_can_be_read(site, chromium):
    with live.served(site, isolated=False) as address:
        context = chromium.new_context()
        context.add_init_script("delete WebAssembly.Suspending")
        page = context.new_page()
        page.goto(f"{address}#assignment3")
        told = page.locator("#notes .bad").inner_text()
        cells = page.locator(".cell").count()
        context.close()

    assert "can show the course but can't grade" in told
    assert "Chrome" in told
    assert cells > 10


def test_it_works_without_a_network(site, chromium):
    context = chromium.new_context()
    context.set_default_timeout(live.PATIENCE * 1000)
    page = context.new_page()
    with live.served(site) as address:
        page.goto(address)
        page.locator("#state", has_text="Ready to grade").wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{address}#assignment3")
    page.reload()  # the server is gone
    page.locator(".slot").first.wait_for()
    said = live.graded(page)
    context.close()

    assert said.startswith("0 of 30 points")
