"""Makes a class's handout: the assignments so far, `grade` with the visible tests, no answers."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tomllib
from configparser import ConfigParser
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import tomli_w

import autograder
from autograder.authoring.build import made, provided
from autograder.authoring.groups import groups
from autograder.authoring.modules import imported
from autograder.course import FILE, PROVIDED
from autograder.grading.suite import suite_folder, tasks
from autograder.submission import files, handed_out

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

_KIT = Path(autograder.__file__).parent
_STARTED = _KIT / "cli" / "started"
"""Files that `grade start` puts next to the assignments."""
_NOT_THEIRS = ("authoring", "classroom", "provided", "suites", "web", "__pycache__")
"""Folders of the kit that are left out, except for a part of two of them."""
_NOT_THEIR_COMMANDS = (
    "cli/course.py",
    "cli/demo.py",
    "cli/handouts.py",
    "cli/classroom.py",
    "cli/nbgrader.py",
    "cli/needs.py",
    "cli/progress.py",
    "cli/site.py",
)
_CODE_OF_A_SUITE = ("test_visible.py", "probes.py")
"""The files of a suite that learners get, along with the suite's modules these import."""
_RUNS_REFERENCE = re.compile(r"^ *(from|import) micrograd_ref\b", re.MULTILINE)


class HandoutError(Exception):
    """A handout cannot be made, or would reveal a hidden test; the message says where."""


def handout(course: Course, upto: Assignment, to: Path) -> list[Assignment]:
    """Make the handout.

    Args:
        course: the whole course.
        upto: the last assignment to include.
        to: the folder to make; it must be empty if it exists.

    Returns:
        The assignments in it.

    Raises:
        HandoutError: the folder is not empty, or a file would reveal a hidden test's name.
        BuildError: a solution is missing or unusable.
        OSError: something cannot be read or written.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise HandoutError(f"{to} is not empty. Name a folder that does not exist yet.")
    chosen = list(course.assignments[: course.assignments.index(upto) + 1])
    with TemporaryDirectory(dir=to.parent) as folder:
        made_in = Path(folder) / "handout"
        _make(course, chosen, made_in)
        if to.exists():
            to.rmdir()
        made_in.rename(to)
    return chosen


def _make(course: Course, chosen: list[Assignment], to: Path) -> None:
    _write(to / FILE, tomli_w.dumps(_course_table(course, chosen)))
    joined = course.finale is not None and chosen == list(course.assignments)
    _kit(to, chosen, finale=joined)
    given = {}
    for assignment in chosen:
        _suite(to, assignment)
        for path, text in made(course, assignment).items():
            files.put(to / path.relative_to(course.root), text.encode(), force=False)
            given[f"{assignment.name}/{path.name}"] = text
    handed_out.keep(to / "autograder", given)
    _reference(to)
    _write(to / "pyproject.toml", tomli_w.dumps(_project(to, chosen)))
    _write(to / "README.md", _readme(course, chosen))
    shutil.copy(_STARTED / "gitignore", to / ".gitignore")
    for name in ("build_backend.py", "constraints.txt", "LICENSE"):
        shutil.copy(_KIT.parent / name, to / name)
    _refuse_hidden_names(to, chosen)


def _course_table(course: Course, chosen: list[Assignment]) -> dict[str, Any]:
    """course.toml with only these assignments, and a seed that does not reveal ours."""
    table = tomllib.loads((course.root / FILE).read_text("utf-8"))
    names = [assignment.name for assignment in chosen]
    table["seed"] = hashlib.sha256(f"handout of {course.seed}".encode()).hexdigest()[:16]
    if len(chosen) < len(course.assignments):
        table.pop("finale", None)
    table["assignments"] = [entry for entry in table["assignments"] if entry["name"] in names]
    for entry, assignment in zip(table["assignments"], chosen, strict=True):
        entry["judged_later"] = sum(g.points for g in groups(assignment) if not g.visible)
    return table


def _project(to: Path, chosen: list[Assignment]) -> dict[str, Any]:
    """pyproject.toml of the package that learners install: `grade` and course.toml."""
    table = tomllib.loads((_KIT.parent / "pyproject.toml").read_text("utf-8"))
    project = table["project"]
    extras = {p for assignment in chosen for f in assignment.files for p in f.own_packages}
    extras.add("notebook")
    known = project.pop("optional-dependencies")
    project["optional-dependencies"] = {name: known[name] for name in known if name in extras}
    project["scripts"] = {"grade": project["scripts"]["grade"]}
    wheel = table["tool"]["hatch"]["build"]["targets"]["wheel"]
    packages = [name for name in wheel["packages"] if (to / name).is_dir()]
    wheel = {"packages": packages, "force-include": {FILE: f"autograder/{FILE}"}}
    ini = ConfigParser()
    ini.read(_STARTED / "pytest.ini", "utf-8")
    tool = {
        "hatch": {"build": {"targets": {"wheel": wheel}}},
        "pytest": {"ini_options": dict(ini["pytest"])},
    }
    return {"build-system": table["build-system"], "project": project, "tool": tool}


def _kit(to: Path, chosen: list[Assignment], *, finale: bool) -> None:
    """The grader, with those of the provided modules that these assignments import."""
    ignore = shutil.ignore_patterns(*_NOT_THEIRS, *(() if finale else ("finale",)))
    shutil.copytree(_KIT, to / "autograder", ignore=ignore)
    for name in _NOT_THEIR_COMMANDS:
        (to / "autograder" / name).unlink()
    for name, text in {n: t for a in chosen for n, t in provided(a).items()}.items():
        _write(to / "autograder" / PROVIDED.name / name, text)


def _reference(to: Path) -> None:
    """The reference, only if an included assignment runs it: it solves the others."""
    folders = to / "assignments", to / "autograder" / "suites"
    texts = (path.read_text("utf-8") for each in folders for path in each.rglob("*.py"))
    if any(_RUNS_REFERENCE.search(text) for text in texts):
        reference = _KIT.parent / "micrograd_ref"
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(reference, to / reference.name, ignore=ignore)


def _suite(to: Path, assignment: Assignment) -> None:
    """The visible tests with their hints, and the mistakes' texts without the code."""
    suite = suite_folder(assignment.name)
    folder = to / "autograder" / "suites" / assignment.name
    code = [suite / name for name in _CODE_OF_A_SUITE]
    for path in {*code, *imported(*code), suite / "hints.toml", suite / "predictions.toml"}:
        if path.is_file():
            _write(folder / path.name, path.read_text("utf-8"))
    known = suite / "misconceptions.toml"
    if known.is_file():
        entries = tomllib.loads(known.read_text("utf-8"))["misconceptions"]
        told = [{key: entry[key] for key in ("family", "text", "seen")} for entry in entries]
        _write(folder / known.name, tomli_w.dumps({"misconceptions": told}))
    prints = suite / "fingerprints.json"
    if prints.is_file():
        visible = {task.name for task in tasks(assignment) if task.visible}
        content = json.loads(prints.read_text("utf-8"))
        for entry in content["mistakes"]:
            entry["caught_by"] = entry["caught_by"] if entry["caught_by"] in visible else ""
        _write(folder / prints.name, json.dumps(content, ensure_ascii=False) + "\n")
    if (suite / "engines").is_dir():
        _small_engines(suite / "engines", folder / "engines")


def _small_engines(engines: Path, folder: Path) -> None:
    """Of the engines that judge a learner's own test, those that the visible test uses."""
    table = tomllib.loads((engines / "engines.toml").read_text("utf-8"))
    small = {kind: [e for e in entries if e.get("small")] for kind, entries in table.items()}
    _write(folder / "engines.toml", tomli_w.dumps(small))
    for name in {entry["file"] for entries in small.values() for entry in entries}:
        _write(folder / name, (engines / name).read_text("utf-8"))


def _readme(course: Course, chosen: list[Assignment]) -> str:
    template = Template((Path(__file__).parent / "templates" / "handout.md").read_text("utf-8"))
    lines = [
        f"- `assignments/{a.name}/{f.module}` (.py or .ipynb): {a.title}"
        for a in chosen
        for f in a.files
    ]
    return template.substitute(
        title=course.title, assignments="\n".join(lines), latest=chosen[-1].name
    )


def _refuse_hidden_names(to: Path, chosen: list[Assignment]) -> None:
    """Raise HandoutError if any file contains the name of a hidden test."""
    found = {assignment.name: tasks(assignment) for assignment in chosen}
    hidden = {name: {t.name for t in each if not t.visible} for name, each in found.items()}
    visible = {task.name for each in found.values() for task in each if task.visible}
    anywhere = set().union(*hidden.values()) - visible  # two assignments may share a name
    for path in sorted(path for path in to.rglob("*") if path.is_file()):
        own = anywhere.union(*(hidden[name] for name in path.parts if name in hidden))
        names = set(re.findall(r"\w+", path.read_text("utf-8", errors="replace")))
        if shown := sorted(names & own):
            raise HandoutError(f"{path} would reveal the name of the hidden test {shown[0]}.")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
