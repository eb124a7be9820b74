"""The line that installs what is missing: into this environment, from where we were installed."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

from autograder import extras

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an environment in it, in which one stands."""
    folder = tmp_path / "my course"
    folder.mkdir()
    (folder / "constraints.txt").touch()
    monkeypatch.setattr(sys, "executable", str(folder / ".venv/bin/python"))
    monkeypatch.chdir(folder)
    return folder


def installed(patch: pytest.MonkeyPatch, origin: dict[str, Any] | None) -> None:
    """Let pip have noted that we come from there."""

    class Distribution(metadata.PathDistribution):
        def __init__(self) -> None:
            pass

        def read_text(self, filename: Any) -> str | None:
            assert filename == "direct_url.json"
            return None if origin is None else json.dumps(origin)

    patch.setattr(metadata, "distribution", lambda name: Distribution())


def test_in_the_folder_that_it_was_installed_from(
    kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, {"url": kit.as_uri(), "dir_info": {"editable": True}})

    assert extras.install("class") == (
        ".venv/bin/python -m pip install --constraint constraints.txt --editable '.[class]'"
    )


def test_from_another_folder_every_path_is_whole(
    kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, {"url": kit.as_uri(), "dir_info": {}})
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")

    assert extras.install("torch") == (
        f"/usr/bin/python3 -m pip install --constraint '{kit.relative_to(tmp_path.parent)}"
        f"/constraints.txt' --extra-index-url https://download.pytorch.org/whl/cpu '{kit}[torch]'"
    )


@pytest.mark.parametrize(
    "origin", [None, {}, {"url": "https://example.org/kit.whl"}, {"url": "file:///gone"}]
)
def test_where_that_folder_is_not_known(
    kit: Path, monkeypatch: pytest.MonkeyPatch, origin: dict[str, Any] | None
) -> None:
    installed(monkeypatch, origin)

    assert extras.install("class") == ".venv/bin/python -m pip install 'micrograd-course[class]'"


def test_where_pip_knows_nothing_of_us(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "_PROJECT", "nobody-has-this")

    assert extras.install("class").endswith(" -m pip install 'nobody-has-this[class]'")


def test_what_is_missing_is_named(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "install", lambda extra: f"install {extra}")

    assert extras.lacking("class", "json", "sys") is None
    assert extras.lacking("class", "json", "nosuch") == (
        "nosuch is not installed. To install:\n    install class"
    )
    assert extras.lacking("class", "nosuch", "nor_this") == (
        "nosuch and nor_this are not installed. To install:\n    install class"
    )
