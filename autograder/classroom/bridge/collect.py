"""Collecting what was handed in: links stay behind, and nobody is left out.

nbgrader copies what a link leads to, with the instructor's rights: that may be another's work. And
it leaves out whoever has no notebook, without a word to them.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc

from autograder.classroom.entries import DEPTH

_NOBODY = ("", ".", "..")


class Collect(ExchangeCollect):  # type: ignore[misc]  # nbgrader has no types
    """`nbgrader collect`; set as `ExchangeFactory.collect`."""

    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        """Find what was handed in; see `nbgrader.exchange.default.ExchangeCollect`."""
        super().init_src()
        self.src_records = [r for r in self.src_records if r["username"] not in _NOBODY]

    def _path_to_record(self, path: str) -> Any:
        """Whose a folder is and when it came; it is nobody's where its name does not say so.

        Anybody may make a folder there, and nbgrader would stop at one whose name is no date.
        """
        try:
            return super()._path_to_record(path)
        except (ValueError, OverflowError):
            self.log.warning("%s does not have a name that nbgrader gives: it is skipped.", path)
            return {"username": "", "filename": path, "timestamp": parse_utc("1970-01-01")}

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy one submission; see `nbgrader.exchange.default.Exchange`."""
        there, place = Path(dest), self.coursedir
        with tempfile.TemporaryDirectory() as name:
            plain = Path(name, "plain")
            for left_out in copy_plain(src, plain, 1000 * place.max_dir_size):
                self.log.warning("%s: it is skipped.", left_out)
            super().do_copy(str(plain), dest, log)
        complete(there, Path(src).name)
        if any(there.glob("*.ipynb")):
            return
        source = place.format_path(place.source_directory, ".", place.assignment_id)
        for stub in Path(source).glob("*.ipynb"):
            self.log.warning(
                "%s has no notebook: the stub of %s is used in its place.", src, stub.name
            )
            shutil.copyfile(stub, there / stub.name)


def complete(folder: Path, name: str) -> None:
    """See to it that the two files are there that nbgrader opens for each learner of a class.

    Where one of them is missing or no text, it would stop at that learner, and nobody after them
    would get their feedback.

    Args:
        folder: what was collected.
        name: that of the folder in the exchange, which holds the moment by which nbgrader goes.
    """
    (folder / "timestamp.txt").write_text(name.rsplit("+", 3)[2], "utf-8")
    secret = folder / "submission_secret.txt"
    try:
        secret.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        secret.write_text(secrets.token_hex(64), "utf-8")


def copy_plain(source: str, target: Path, most: int) -> Iterator[str]:
    """Copy the plain files of a folder that its owner may change meanwhile.

    Everything is opened first and then looked at, from folder to folder and never by a whole path:
    nothing that is put in its place leads elsewhere.

    Args:
        source: the folder; where it is a link, nothing is copied.
        target: is made.
        most: bytes in all; what does not fit any more is left out.

    Yields:
        What is left out, and why.
    """
    target.mkdir()
    try:
        top = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        yield f"{source} is not a real folder ({error.strerror})"
        return
    try:
        for place, folders, names, here in os.fwalk(".", dir_fd=top):
            (target / place).mkdir(exist_ok=True)
            for name in names:
                try:
                    most -= _copy(name, here, target / place / name, most)
                except OSError as error:
                    yield f"{source}/{place}/{name} is a link or cannot be read ({error.strerror})"
            yield from (f"{source}/{place}/{n} is a link" for n in folders if _is_link(n, here))
            if place.count("/") >= DEPTH and folders:
                folders.clear()
                yield f"{source}/{place} contains folders nested too deeply"
    finally:
        os.close(top)


def _is_link(name: str, folder: int) -> bool:
    """Whether it is one, or gone by now."""
    try:
        return stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode)
    except OSError:
        return True


def _copy(name: str, folder: int, target: Path, most: int) -> int:
    """Copy a plain file; returns its size, raises OSError where there is none to copy."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, dir_fd=folder), "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink > 1:
            raise OSError(0, "no file with one name alone")
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(0, "too large")
    target.write_bytes(content)
    os.utime(target, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    return len(content)
