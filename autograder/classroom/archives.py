"""zip and tar as entries, by checks of our own: Debian 12's `tarfile` has no filter to lean on.

No member is ever written to a disk under its own name, so none can land outside; what leads there
is left out all the same, and said.
"""

from __future__ import annotations

import bz2
import gzip
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import IO, Any, cast

from autograder.classroom.entries import (
    MOST_ENTRIES,
    Entry,
    IntakeError,
    Unreadable,
    as_text,
    broken,
    folder,
    too_large,
    too_many,
)

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
MOST_UNPACKED = 4 * 1024**3
_MOST_DIRECTORY = 64 * 1024**2  # bytes of a zip's table of contents
_MOST_HEADER = 1024**2  # bytes of one header of a tar
_CHUNK = 1024**2
_END_OF_ZIP = b"PK\x05\x06"
_END_OF_ZIP64 = b"PK\x06\x06"
_ENCRYPTED = 1
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, ValueError, struct.error)


def is_archive(name: str) -> bool:
    """Whether a file of that name is read as an archive."""
    return name.lower().endswith(SUFFIXES)


def of_archive(file: IO[bytes], name: str, stack: ExitStack) -> Iterator[Entry]:
    """The files in an archive.

    Args:
        file: the archive, seekable; it stays open for as long as entries are read.
        name: its name, which says of which kind it is.
        stack: closes what is opened.

    Raises:
        IntakeError: it is damaged, or holds too much.
    """
    try:
        if name.lower().endswith(".zip"):
            yield from _of_zip(file, name, stack)
        else:
            yield from _of_tar(_plain(file, name, stack), name, stack)
    except _DAMAGED as error:
        raise IntakeError(f"{name} is damaged ({error}): fetch it again.") from None
    except OSError as error:
        raise IntakeError(f"{name} cannot be read: {error.strerror or error}.") from None


def inside(name: str) -> tuple[str, ...] | None:
    """The parts of a member's name; None where it leads outside."""
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    drive = bool(parts) and len(parts[0]) == 2 and parts[0][1] == ":"
    if name.startswith(("/", "\\")) or ".." in parts or drive:
        return None
    return parts


def _outside(name: str) -> Entry:
    return broken((), f"{name!r} leads outside the archive")


# --- zip -----------------------------------------------------------------------------------------


def _of_zip(file: IO[bytes], name: str, stack: ExitStack) -> Iterator[Entry]:
    count, size = _announced(file, name)
    if count > MOST_ENTRIES or size > _MOST_DIRECTORY:
        raise IntakeError(too_many(name))
    archive = stack.enter_context(zipfile.ZipFile(file))
    for info in archive.infolist():
        parts = inside(info.filename)
        kind = info.external_attr >> 16
        if parts is None:
            yield _outside(info.filename)
        elif not parts:
            continue
        elif info.is_dir():
            yield folder(parts)
        elif stat.S_ISLNK(kind):
            yield broken(parts, "is a symbolic link, and those are not followed")
        elif stat.S_IFMT(kind) not in (0, stat.S_IFREG):
            yield broken(parts, "is not a regular file")
        elif info.flag_bits & _ENCRYPTED:
            yield broken(parts, "is locked with a password")
        else:
            yield Entry(parts, None, _from_zip(archive, info))


def _announced(file: IO[bytes], name: str) -> tuple[int, int]:
    """How many entries and bytes a zip's table of contents has, before anything reads all of it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 22 - 65_535))
    tail = file.read()
    at = tail.rfind(_END_OF_ZIP)
    if at < 0 or len(tail) < at + 22:
        raise IntakeError(f"{name} is not a zip archive, or only a part of one: fetch it again.")
    count, length = struct.unpack_from("<HI", tail, at + 10)
    wide = tail.rfind(_END_OF_ZIP64, 0, at)
    if wide >= 0 and len(tail) >= wide + 48:
        count, length = struct.unpack_from("<QQ", tail, wide + 32)
    return int(count), int(length)


def _from_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        if info.file_size > limit:
            raise Unreadable(too_large(limit, info.file_size))
        try:
            with archive.open(info) as member:
                content = member.read(limit + 1)
        except (*_DAMAGED, OSError, NotImplementedError, RuntimeError) as error:
            raise Unreadable(f"cannot be unpacked ({error})") from None
        if len(content) > limit:
            raise Unreadable(too_large(limit))
        return content

    return read


# --- tar -----------------------------------------------------------------------------------------


def _plain(file: IO[bytes], name: str, stack: ExitStack) -> IO[bytes]:
    """The tar itself: unpacked to a nameless file where it is compressed."""
    lower = name.lower()
    if lower.endswith(".tar"):
        return file
    opened = gzip.GzipFile(fileobj=file) if lower.endswith("gz") else bz2.BZ2File(file)
    source = stack.enter_context(cast("IO[bytes]", opened))
    spool = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  the caller's stack does
    while chunk := source.read(_CHUNK):
        spool.write(chunk)
        if spool.tell() > MOST_UNPACKED:
            raise IntakeError(f"{name} unpacks to more than {MOST_UNPACKED // 1024**3} GiB.")
    spool.seek(0)
    return cast("IO[bytes]", spool)


class _Careful:
    """A file for `tarfile`, which reads a header of any announced length into memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MOST_HEADER:
            raise tarfile.ReadError("a header is too long")
        return self._file.read(size)


def _of_tar(file: IO[bytes], name: str, stack: ExitStack) -> Iterator[Entry]:
    end = file.seek(0, 2)
    file.seek(0)
    careful = cast("IO[bytes]", _Careful(file))
    archive: Any = stack.enter_context(tarfile.TarFile(fileobj=careful, errors="surrogateescape"))
    count = 0
    while (member := archive.next()) is not None:
        count += 1
        archive.members.clear()  # else it keeps them all
        if count > MOST_ENTRIES:
            raise IntakeError(
                f"{name} holds more than {MOST_ENTRIES:,} files: is it the right one?"
            )
        entry = _of_member(member, file)
        if entry is not None:
            yield entry
        if member.isreg() and not member.issparse() and member.offset_data + member.size > end:
            raise IntakeError(
                f"{name} is cut off in the middle of {member.name!r}: fetch it again."
            )
    file.seek(archive.offset)
    if file.read(tarfile.BLOCKSIZE).strip(b"\0"):  # tarfile takes a broken header for the end
        raise IntakeError(f"{name} is damaged after {count} entries: fetch it again.")


def _of_member(member: tarfile.TarInfo, file: IO[bytes]) -> Entry | None:
    parts = inside(as_text(member.name))
    if parts is None:
        return _outside(as_text(member.name))
    if member.isdir() or not parts:
        return folder(parts) if parts else None
    if member.issym() or member.islnk():
        return broken(parts, "is a link, and those are not followed")
    if not member.isreg() or member.issparse():
        return broken(parts, "is not a regular file")
    start, size = member.offset_data, member.size

    def read(limit: int) -> bytes:
        if size > limit:
            raise Unreadable(too_large(limit, size))
        file.seek(start)
        return file.read(size)

    return Entry(parts, None, read)
