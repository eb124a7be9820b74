"""The files that learners were given, stored in a handout's or wheel's package for --reset."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import autograder

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARCHIVE = "handed_out.zip"  # hatch_build.py makes a wheel's


def keep(kit: Path, texts: Mapping[str, str]) -> None:
    """Write the archive into a copy of the package.

    Args:
        kit: the package's folder.
        texts: the files' texts by `assignmentN/NAME`.
    """
    with zipfile.ZipFile(kit / _ARCHIVE, "w") as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)


def kept(assignment_name: str) -> dict[str, bytes]:
    """The files of an assignment as they were handed out: contents by name.

    Raises:
        FileNotFoundError: this package has no archive.
        zipfile.BadZipFile: it is damaged.
    """
    assert autograder.__file__ is not None
    with zipfile.ZipFile(Path(autograder.__file__).with_name(_ARCHIVE)) as archive:
        names = [n for n in archive.namelist() if Path(n).parent.name == assignment_name]
        return {Path(name).name: archive.read(name) for name in names}
