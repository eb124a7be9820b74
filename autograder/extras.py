"""Packages that only some commands need: what is missing, and the command that installs it."""

from __future__ import annotations

import sys
from pathlib import Path

_PROJECT = "micrograd-course"
_SMALL = {"torch": "https://download.pytorch.org/whl/cpu"}
"""By extra, an index of CPU-only builds, which pip prefers; the others take gigabytes."""


def lacking(extra: str, *packages: str) -> str | None:
    """The message if some of these packages are not installed; None if all are.

    Args:
        extra: the extra in our pyproject.toml that has them.
        packages: their names in an import.
    """
    from importlib.util import find_spec

    missing = [name for name in packages if find_spec(name) is None]
    if not missing:
        return None
    is_ = "is" if len(missing) == 1 else "are"
    return f"{' and '.join(missing)} {is_} not installed. To install:\n    {install(extra)}"


def install(extra: str) -> str:
    """The command that installs an extra into the running environment, from any folder.

    It names the origin of our package, which pip records (PEP 610).

    Args:
        extra: one of those in our pyproject.toml.
    """
    import json
    import shlex
    from importlib import metadata
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        origin = json.loads(metadata.distribution(_PROJECT).read_text("direct_url.json") or "{}")
    except metadata.PackageNotFoundError:
        origin = {}
    command = [_shown(Path(sys.executable)), "-m", "pip", "install"]
    small = ["--extra-index-url", _SMALL[extra]] if extra in _SMALL else []
    url = urlsplit(origin.get("url", ""))
    folder = Path(url2pathname(url.path))
    if url.scheme != "file" or not folder.is_dir():
        return shlex.join([*command, *small, f"{_PROJECT}[{extra}]"])
    if (constraints := folder / "constraints.txt").is_file():
        command += ["--constraint", _shown(constraints)]
    command += small
    if origin.get("dir_info", {}).get("editable"):
        command.append("--editable")
    return shlex.join([*command, f"{'.' if folder == Path.cwd() else folder}[{extra}]"])


def _shown(path: Path) -> str:
    """The path as typed in the current folder."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
