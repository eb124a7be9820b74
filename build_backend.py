"""Hatchling, once the Python is known to be new enough: else pip ends in a resolver's error."""

import re
import sys
from pathlib import Path

_PROJECT = Path(__file__).with_name("pyproject.toml").read_text("utf-8")
_NEEDED = re.search(r'^requires-python = ">=(\d+)\.(\d+)"$', _PROJECT, re.MULTILINE)

assert _NEEDED is not None
if sys.version_info < tuple(map(int, _NEEDED.groups())):
    sys.exit(
        f"This needs Python {'.'.join(_NEEDED.groups())} or newer; "
        f"python3 is {sys.version.split()[0]} here.\n"
        "If you have a newer one, begin again with it, as in: python3.12 -m venv --clear .venv\n"
        "Else get one: python.org/downloads, or your system's packages."
    )

from hatchling.build import *  # noqa: E402, F403  what pip asks a backend for
