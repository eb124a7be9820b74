"""What a test needs of the machine: without it the test is skipped, and in CI it fails."""

from __future__ import annotations

import importlib
import os
import shutil
from typing import Any, NoReturn

import pytest

from autograder.learner import sandbox


def missing(what: str) -> NoReturn:
    """End the test that needs it."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


def program(*names: str) -> str:
    """Where the first of these programs is that is installed."""
    for name in names:
        if (found := shutil.which(name)) is not None:
            return found
    missing(f"{names[0]} is not installed: apt-get install {names[0]}")


def package(name: str) -> Any:
    """That package, imported; at the top of a file all its tests need it."""
    return importlib.import_module(name) if os.environ.get("CI") else pytest.importorskip(name)


def working_sandbox() -> None:
    """Bubblewrap works here."""
    reason = sandbox.unavailable()
    if reason is not None:
        missing(reason)
