"""Files under a folder or in an archive, looked at without trust: nothing is unpacked to disk.

Links are not followed, devices not opened, names that lead outside left out, counts and sizes
bounded. Reading is by whoever wants a file, and never more of it than they ask for.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.classroom.names import shown
from autograder.submission.beneath import open_beneath

MOST_ENTRIES = 200_000
MOST_OF_ONE = 20_000
"""Files of one learner that are looked at, with those that nobody needs: a `.git`, a `.venv`."""
DEPTH = 12
_TRIES = 3
_PAUSE = 0.05  # seconds before a file that is changing is read again


class IntakeError(Exception):
    """The whole of it cannot be taken in; the message says why and what to do."""


class Unreadable(Exception):
    """One file cannot be read; the message says why, and fits behind its name."""


def sentence(problem: Exception) -> str:
    """What it says, with a full stop: not behind a question, nor a command on a line of its own."""
    text = str(problem)
    is_command = text.rpartition("\n")[2].startswith(" ")
    return text if is_command or text.endswith((".", "?")) else f"{text}."


@dataclass(frozen=True)
class Entry:
    """A file, or what stands in the place of one.

    Attributes:
        parts: its path below the root, as text.
        problem: why it cannot be used, fit to stand behind its name; None for a plain file.
        read: its content, at most so many bytes; raises Unreadable, also where there are more.
        is_folder: it stands for a folder, which may be empty.
    """

    parts: tuple[str, ...]
    problem: str | None
    read: Callable[[int], bytes]
    is_folder: bool = False

    @property
    def path(self) -> str:
        """Its path below the root, for people: on one line."""
        return shown("/".join(self.parts))


def refuse(why: str) -> Callable[[int], bytes]:
    """The `read` of what cannot be read."""

    def read(_: int) -> bytes:
        raise Unreadable(why)

    return read


def broken(parts: tuple[str, ...], why: str) -> Entry:
    """An entry that stands for something that cannot be used."""
    return Entry(parts, why, refuse(why))


def folder(parts: tuple[str, ...]) -> Entry:
    """An entry that stands for a folder: without it, who handed in an empty one would be lost."""
    why = "is an empty folder"
    return Entry(parts, why, refuse(why), is_folder=True)


def as_text(name: str) -> str:
    """A name from the file system as text that can be written anywhere."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def too_large(limit: int, size: int | None = None) -> str:
    """What to say of a file with more bytes than are read."""
    found = "is over the" if size is None else f"has {size:,} bytes, over the"
    return f"{found} limit of {limit:,} bytes. Does it contain data or output?"


def too_many(name: str, most: int) -> str:
    """What to say of a place with more files than are looked at."""
    return f"{name} contains more than {most:,} files. Is it the right one?"


def of_folder(root: Path, only: str | None = None) -> Iterator[Entry]:
    """The files below a folder, in order of their names.

    Args:
        root: the folder.
        only: look at what has this name there alone.

    Raises:
        IntakeError: the folder itself cannot be listed, lacks what alone is looked at, or holds
            too much.
    """
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise IntakeError(f"{root} cannot be opened: {error.strerror}.") from None
    try:
        if only is not None:
            _expect(root, folder, only)
        for count, entry in enumerate(_walk(root, folder, (), only), start=1):
            if count > MOST_ENTRIES:
                raise IntakeError(too_many(str(root), MOST_ENTRIES))
            yield entry
    finally:
        os.close(folder)


def _expect(root: Path, folder: int, name: str) -> None:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        raise IntakeError(f"{root / name} cannot be opened: {error.strerror}.") from None


def _walk(
    root: Path, here: int, names: tuple[str, ...], only: str | None = None
) -> Iterator[Entry]:
    """What lies in an open folder and below it; `names` lead there from the root."""
    parts = tuple(map(as_text, names))
    if len(parts) > DEPTH:
        yield broken(parts, "is nested too deeply")
        return
    try:
        with os.scandir(here) as listed:
            # what is hidden comes last: it is nobody's work, and may be very many files
            found = sorted(listed, key=lambda entry: (entry.name.startswith("."), entry.name))
    except OSError as error:
        yield broken(parts, f"cannot be opened: {error.strerror}")
        return
    if not found and parts:
        yield folder(parts)
    for item in found:
        if only is not None and item.name != only:
            continue
        inner = (*names, item.name)
        there = tuple(map(as_text, inner))
        if item.is_symlink():
            yield broken(there, "is a symbolic link, which is not followed")
        elif item.is_dir(follow_symlinks=False):
            below = _into(root, here, inner)
            yield from below if names else islice(below, _share(len(found)))
        elif item.is_file(follow_symlinks=False):
            yield Entry(there, None, _reader(root, inner))
        else:
            yield broken(there, "is not a regular file")


def _share(folders: int) -> int:
    """How many files are looked at in each of so many folders, so that one leaves room for all."""
    return max(MOST_OF_ONE, MOST_ENTRIES // folders)


def _into(root: Path, here: int, names: tuple[str, ...]) -> Iterator[Entry]:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        inner = os.open(names[-1], flags, dir_fd=here)
    except OSError as error:
        yield broken(tuple(map(as_text, names)), f"cannot be opened: {error.strerror}")
        return
    try:
        yield from _walk(root, inner, names)
    finally:
        os.close(inner)


def _reader(root: Path, names: tuple[str, ...]) -> Callable[[int], bytes]:
    return lambda limit: read_file(root, names, limit)


def read_file(root: Path, names: tuple[str, ...], limit: int) -> bytes:
    """The content of a plain file, the same from its beginning to its end.

    Args:
        root: the folder from which the way begins.
        names: of the folders below it, none of which may be a link, and of the file.
        limit: at most so many bytes.

    Raises:
        Unreadable: it is not one, is too large, may not be read, or changes all the time.
    """
    try:
        for _ in range(_TRIES):
            content = _once(root, names, limit)
            if content is not None:
                return content
            time.sleep(_PAUSE)
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    raise Unreadable("keeps changing while it is read: run the same command again later")


def _once(root: Path, names: tuple[str, ...], limit: int) -> bytes | None:
    """The content, None where it changed meanwhile."""
    descriptor = open_beneath(root, names)
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise Unreadable("is not a regular file")
        if before.st_nlink > 1:
            raise Unreadable("is a hard link and could be anyone's work")
        if before.st_size > limit:
            raise Unreadable(too_large(limit, before.st_size))
        # twice: the clock of a file's times ticks some hundred times a second, no more
        content, again = (os.pread(descriptor, limit + 1, 0) for _ in range(2))
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return content if same and content == again and len(content) == after.st_size else None
