"""zip and tar as entries, by checks of our own: Debian 12's `tarfile` has no filter to lean on.

No member is ever written to a disk under its own name, so none can land outside; what leads there
is left out all the same, and said. One learner's archive may be made to hold up or end the run of a
whole class: whatever reading it raises, and whatever would take long, makes it a damaged one.
"""

from __future__ import annotations

import bz2
import gzip
import re
import stat
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import IO, Any, Self, cast

from autograder.classroom.entries import (
    DEPTH,
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
_LONGEST_NAME, _SHOWN = 4096, 80  # characters
_MOST_SHARED = 100  # facts that a tar states for all its members
_CHUNK = 1024**2
_ENTRY = b"PK\x01\x02"
_END_OF_ZIP = b"PK\x05\x06"
_END_OF_ZIP64 = b"PK\x06\x06"
_LENGTH_OF_ZIP64 = 56 + 20  # bytes of that, and of what points to it
_ENCRYPTED = 1
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_archive(name: str) -> bool:
    """Whether a file of that name is read as an archive."""
    return name.lower().endswith(SUFFIXES)


def of_archive(
    file: IO[bytes], name: str, stack: ExitStack, most: int, entries: int
) -> Iterator[Entry]:
    """The files in an archive.

    Args:
        file: the archive, seekable; it stays open for as long as entries are read.
        name: its name, which says of which kind it is.
        stack: closes what is opened.
        most: bytes that a compressed tar may unpack to.
        entries: how many it may have, each of which takes time to look at.

    Raises:
        IntakeError: it is damaged, or holds too much.
    """
    try:
        if name.lower().endswith(".zip"):
            yield from _of_zip(file, name, stack, entries)
        else:
            yield from _of_tar(_plain(file, name, stack, most), name, stack, entries)
    except IntakeError:
        raise
    except OSError as error:
        raise IntakeError(f"{name} can't be read: {error.strerror or error}.") from None
    except Exception as error:  # noqa: BLE001  over what is made to break them, libraries raise it all
        raise IntakeError(f"{name} is damaged ({error}). Download it again.") from None


def _place(name: str) -> tuple[str, ...] | Entry:
    """The parts of a member's name; what stands for the member where it may not lie there."""
    if len(name) > _LONGEST_NAME:
        return broken((), f"{name[:_SHOWN]!r}… is too long a name")
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    drive = bool(parts) and len(parts[0]) == 2 and parts[0][1] == ":"
    if name.startswith(("/", "\\")) or ".." in parts or drive:
        return broken((), f"{name!r} points outside the archive")
    return parts if len(parts) <= DEPTH else broken(parts[:DEPTH], "is nested too deeply")


# --- zip -----------------------------------------------------------------------------------------


def _of_zip(file: IO[bytes], name: str, stack: ExitStack, most: int) -> Iterator[Entry]:
    count, size, end = _announced(file, name)
    if count > most or size > _MOST_DIRECTORY or _counted(file, size, end) > most:
        raise IntakeError(too_many(name, most))
    archive = stack.enter_context(zipfile.ZipFile(file))
    for info in archive.infolist():
        parts, kind = _place(info.filename), info.external_attr >> 16
        if isinstance(parts, Entry):
            yield parts
        elif not parts:
            continue
        elif info.is_dir():
            yield folder(parts)
        elif stat.S_ISLNK(kind):
            yield broken(parts, "is a symbolic link, which is not followed")
        elif stat.S_IFMT(kind) not in (0, stat.S_IFREG):
            yield broken(parts, "is not a regular file")
        elif info.flag_bits & _ENCRYPTED:
            yield broken(parts, "is password-protected")
        elif info.compress_type not in _PACKED:
            yield broken(parts, "uses an unusual compression: make an ordinary zip of it")
        else:
            yield Entry(parts, None, _from_zip(archive, info))


def _announced(file: IO[bytes], name: str) -> tuple[int, int, int]:
    """How many entries and bytes a zip's table of contents says that it has, and where it ends."""
    size = file.seek(0, 2)
    start = file.seek(max(0, size - 22 - 65_535 - _LENGTH_OF_ZIP64))
    tail = file.read()
    at = tail.rfind(_END_OF_ZIP)
    if at < 0 or len(tail) < at + 22:
        raise IntakeError(f"{name} is not a complete zip archive. Download it again.")
    count, length = struct.unpack_from("<HI", tail, at + 10)
    wide = at - _LENGTH_OF_ZIP64  # there and nowhere else does `zipfile` look
    if wide >= 0 and tail.startswith(_END_OF_ZIP64, wide):
        count, length = struct.unpack_from("<QQ", tail, wide + 32)
        at = wide
    return int(count), int(length), start + at


def _counted(file: IO[bytes], size: int, end: int) -> int:
    """How many entries are in the table of contents, whatever it says: `zipfile` reads them all."""
    file.seek(max(0, end - size))
    return file.read(min(size, end)).count(_ENTRY)


def _from_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        if info.file_size > limit:
            raise Unreadable(too_large(limit, info.file_size))
        try:
            with archive.open(info) as member:
                content = member.read(limit + 1)
        except Exception as error:  # noqa: BLE001  as in `of_archive`
            raise Unreadable(f"cannot be unpacked ({error})") from None
        if len(content) > limit:
            raise Unreadable(too_large(limit))
        return content

    return read


# --- tar -----------------------------------------------------------------------------------------

_BLOCK = tarfile.BLOCKSIZE
_RECORD = re.compile(rb"(\d{1,7}) (?!GNU\.sparse)[^=\n]{1,255}=")
"""A fact in a header: its length, its name, and then its value; none about a sparse file."""
_LONG_NUMBER = re.compile(rb"\d{100}")


def _plain(file: IO[bytes], name: str, stack: ExitStack, most: int) -> IO[bytes]:
    """The tar itself: unpacked to a nameless file where it is compressed."""
    lower = name.lower()
    if lower.endswith(".tar"):
        return file
    opened = gzip.GzipFile(fileobj=file) if lower.endswith("gz") else bz2.BZ2File(file)
    source = stack.enter_context(cast("IO[bytes]", opened))
    spool = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  the caller's stack does
    while chunk := source.read(_CHUNK):
        spool.write(chunk)
        if spool.tell() > most:
            raise IntakeError(f"{name} unpacks to more than {most // 1024**2:,} MiB.")
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


class _Member(tarfile.TarInfo):
    """A header that is looked at before `tarfile` believes it.

    Python before 3.11.10 and 3.12.6 takes hours over some (CVE-2024-6232), and every one takes long
    over a large map of a sparse file.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        member = super().frombuf(buf, encoding, errors)
        if member.type == tarfile.GNUTYPE_SPARSE:
            raise tarfile.ReadError("it holds a sparse file")
        return member

    def _proc_pax(self, archive: Any) -> Any:
        """Further facts about a member, as records; called by `tarfile`."""
        start = archive.fileobj.tell()
        _refuse_odd_records(archive.fileobj.read(-(-self.size // _BLOCK) * _BLOCK))
        archive.fileobj.seek(start)
        member = super()._proc_pax(archive)  # type: ignore[misc]  # private there
        if len(archive.pax_headers) > _MOST_SHARED:
            raise tarfile.ReadError("it states too much about all members")
        return member


def _refuse_odd_records(data: bytes) -> None:
    """Raise ReadError where these are not records `LENGTH KEYWORD=VALUE`, one after the other."""
    place = 0
    while data[place : place + 1].strip(b"\0"):
        record = _RECORD.match(data, place)
        end = place + int(record[1]) if record is not None else 0
        if record is None or end < record.end() or data[end - 1 : end] != b"\n":
            raise tarfile.ReadError("a header is no list of records")
        place = end
    if _LONG_NUMBER.search(data):
        raise tarfile.ReadError("a header holds an endless number")


def _of_tar(file: IO[bytes], name: str, stack: ExitStack, most: int) -> Iterator[Entry]:
    end = file.seek(0, 2)
    file.seek(0)
    careful = cast("IO[bytes]", _Careful(file))
    archive: Any = stack.enter_context(
        tarfile.TarFile(fileobj=careful, errors="surrogateescape", tarinfo=_Member)
    )
    count = place = 0
    while (member := archive.next()) is not None:
        count += 1
        if member.size < 0 or archive.offset <= place:  # it would be met again and again
            raise IntakeError(
                f"{name} is damaged: it points backwards after {count} entries. Download it again."
            )
        place = archive.offset
        archive.members.clear()  # else it keeps them all
        if count > most:
            raise IntakeError(too_many(name, most))
        entry = _of_member(member, file)
        if entry is not None:
            yield entry
        if member.isreg() and not member.issparse() and member.offset_data + member.size > end:
            raise IntakeError(
                f"{name} is cut off in the middle of {member.name!r}. Download it again."
            )
    file.seek(archive.offset)
    if file.read(_BLOCK).strip(b"\0"):  # tarfile takes a broken header for the end
        raise IntakeError(f"{name} is damaged after {count} entries. Download it again.")


def _of_member(member: tarfile.TarInfo, file: IO[bytes]) -> Entry | None:
    parts = _place(as_text(member.name))
    if isinstance(parts, Entry):
        return parts
    if member.isdir() or not parts:
        return folder(parts) if parts else None
    if member.issym() or member.islnk():
        return broken(parts, "is a link, which is not followed")
    if not member.isreg() or member.issparse():
        return broken(parts, "is not a regular file")
    start, size = member.offset_data, member.size

    def read(limit: int) -> bytes:
        if size > limit:
            raise Unreadable(too_large(limit, size))
        file.seek(start)
        return file.read(size)

    return Entry(parts, None, read)
