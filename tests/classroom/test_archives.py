"""Archives of a class and of a learner: as good as a folder, and none can do harm."""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import tarfile
import zipfile

import pytest

from autograder.classroom import archives, intake
from autograder.classroom.entries import IntakeError
from autograder.classroom.intake import Intake

from .conftest import RIGHT, contents, put, taken


def zipped(path, files, **attributes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = attributes.get(name, 0o644) << 16
            archive.writestr(info, content)
    return path


def tarred(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


FILES = {"ann/closures.py": RIGHT, "bob/closures.py": RIGHT, "empty/": b""}


@pytest.mark.parametrize("kind", [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2"])
def test_an_archive_is_like_a_folder(kind, class_, tmp_path):
    path = tmp_path / f"class{kind}"
    if kind == ".zip":
        zipped(path, FILES)
    else:
        folder = tarfile.TarInfo("empty")
        folder.type = tarfile.DIRTYPE
        members = [*((n, c) for n, c in FILES.items() if c), (folder, b"")]
        tarred(path, members, "w:" + {"r": "", "z": "gz", "2": "bz2"}.get(kind[-1], "gz"))

    assert taken(class_, path) == {
        "ann": ["closures.py"],
        "bob": ["closures.py"],
        "empty": "empty is an empty folder.",
    }
    assert contents(class_, path)["ann"] == {"closures.py": RIGHT}


OUTSIDE = ["../closures.py", "/etc/closures.py", "ann/../../closures.py", "..\\x.py", "C:\\x.py"]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_what_leads_outside_is_left_out_and_said(kind, name, class_, tmp_path):
    path = tmp_path / f"class.{kind}"
    files = {name: b"evil", "bob/closures.py": RIGHT}
    zipped(path, files) if kind == "zip" else tarred(path, files.items())

    with Intake(path, class_.clone.course, class_.assignment) as intake:
        found = {h.learner: dict(h.files) for h in intake}
        left_out = intake.left_out

    assert found == {"bob": {"closures.py": RIGHT}}
    assert left_out == [f"{name!r} points outside the archive"]
    assert not (tmp_path / "closures.py").exists()


def test_links_and_devices_in_archives_are_rows(class_, tmp_path):
    members = [("ok.py", RIGHT)]
    kinds = {
        "sym": tarfile.SYMTYPE,
        "hard": tarfile.LNKTYPE,
        "fifo": tarfile.FIFOTYPE,
        "chr": tarfile.CHRTYPE,
    }
    for name, kind in kinds.items():
        info = tarfile.TarInfo(f"{name}.py")
        info.type, info.linkname = kind, "/etc/passwd"
        members.append((info, b""))  # type: ignore[arg-type]  # a member of another kind
    link = zipped(
        tmp_path / "x.zip",
        {"sym.py": b"/etc/passwd", "ok.py": RIGHT},
        **{"sym.py": stat.S_IFLNK | 0o777},
    )

    assert taken(class_, tarred(tmp_path / "x.tar", members)) == {
        "chr": "chr.py is not a regular file.",
        "fifo": "fifo.py is not a regular file.",
        "hard": "hard.py is a link, which is not followed.",
        "ok": ["closures.py"],
        "sym": "sym.py is a link, which is not followed.",
    }
    assert taken(class_, link) == {
        "ok": ["closures.py"],
        "sym": "sym.py is a symbolic link, which is not followed.",
    }


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_an_archive_with_too_many_entries_is_refused(kind, class_, tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "MOST_ENTRIES", 100)
    path = tmp_path / f"class.{kind}"
    files = {f"{n}.py": b"" for n in range(101)}
    zipped(path, files) if kind == "zip" else tarred(path, files.items())

    with pytest.raises(IntakeError, match="contains more than"):
        taken(class_, path)


def test_a_million_entries_are_refused_before_they_are_read(class_, tmp_path):
    path = tmp_path / "class.zip"
    directory = b"PK\x01\x02" + bytes(42)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 60_000, 60_000, 70 * 1024**2, 0, 0)
    path.write_bytes(directory + end)

    with pytest.raises(IntakeError, match="contains more than"):
        taken(class_, path)


def test_what_unpacks_to_too_much_is_a_row(class_, tmp_path):
    bomb = zipped(tmp_path / "class.zip", {"ann.py": b"\0" * 50_000_000, "ok.py": RIGHT})

    found = taken(class_, bomb)

    assert found["ok"] == ["closures.py"]
    assert found["ann"].startswith("ann.py has 50,000,000 bytes")


def test_a_size_that_lies_is_a_row(class_, tmp_path):
    path = zipped(tmp_path / "class.zip", {"ann.py": b"a" * 5000, "ok.py": RIGHT})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 5000), struct.pack("<L", 10)))

    found = taken(class_, path)

    assert found["ok"] == ["closures.py"]
    assert "cannot be unpacked" in found["ann"]


def test_a_tar_bomb_is_refused(class_, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1024 * 1024)
    path = tarred(tmp_path / "class.tar.gz", [("ann.py", bytes(5_000_000))], "w:gz")

    with pytest.raises(IntakeError, match="unpacks to more than"):
        taken(class_, path)


def test_a_header_that_asks_for_memory_is_refused(class_, tmp_path):
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 3 * 1024**3
    path = tmp_path / "class.tar"
    path.write_bytes(info.tobuf() + bytes(10_240))

    with pytest.raises(IntakeError, match="a header is too long"):
        taken(class_, path)


@pytest.mark.parametrize("kind", [".zip", ".tar", ".tar.gz", ".tar.bz2"])
@pytest.mark.parametrize("damage", ["cut", "noise", "empty", "middle"])
def test_a_damaged_archive_is_refused_as_a_whole(kind, damage, class_, tmp_path):
    path = tmp_path / f"class{kind}"
    files = {f"{n:03}.py": os.urandom(3000) for n in range(20)}
    mode = {"r": "", "z": "gz", "2": "bz2"}.get(kind[-1], "")
    zipped(path, files) if kind == ".zip" else tarred(path, files.items(), f"w:{mode}")
    content = path.read_bytes()
    half = len(content) // 2 // 512 * 512
    if kind == ".tar" and damage == "middle":
        half = content.index(b"010.py")
    path.write_bytes(
        {
            "cut": content[: half + 700],
            "noise": os.urandom(20_000),
            "empty": b"",
            "middle": content[:half] + os.urandom(600) + content[half + 600 :],
        }[damage]
    )

    try:
        found = taken(class_, path)
    except IntakeError as error:
        assert "class" in str(error)
        return
    # a zip's members are checked one by one: the damage is at most a row or two
    assert kind == ".zip"
    assert len(found) == 20
    assert sum("cannot be unpacked" in str(problem) for problem in found.values()) in (1, 2)


def test_a_learners_own_archive(class_, tmp_path):
    zipped(class_.folder / "ann.zip", {"work/closures.py": RIGHT, "work/notes.txt": b"x"})
    tarred(class_.folder / "bob_closures.tar.gz", [("closures.py", RIGHT)], "w:gz")
    (class_.folder / "carol.zip").write_bytes(b"no zip")
    zipped(class_.folder / "dan.zip", {"../closures.py": RIGHT})
    put(class_.folder, "eve/my.zip", (class_.folder / "ann.zip").read_bytes())

    found = taken(class_)

    assert found.pop("carol").startswith("carol.zip is not a complete zip archive")
    assert found.pop("dan") == "There is no closures.py, only: dan.zip."
    assert found == {"ann": ["closures.py"], "bob": ["closures.py"], "eve": ["closures.py"]}


def tar_header(kind, size):
    """A header with a size as it stands there, which may be none that `tarfile` would write."""
    header = bytearray(tarfile.TarInfo("closures.py").tobuf(tarfile.USTAR_FORMAT))
    header[124:136], header[148:156], header[156:157] = size, b" " * 8, kind
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def tar_member(content, kind=tarfile.REGTYPE):
    return tar_header(kind, b"%011o\0" % len(content)) + content + bytes(-len(content) % 512)


def pax(content):
    return tar_member(content, tarfile.XHDTYPE) + tar_member(RIGHT)


def zip_of_many(announced):
    """A zip of 1,000 files; it says so, and has another number where only a careless one looks."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(1_000):
            archive.writestr(f"{number}.py", "")
    content = file.getvalue()
    size, start = struct.unpack("<2L", content[-10:-2])
    decoy = struct.pack("<2Q", announced, announced)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1000, 1000, size, start)
    pointer = struct.pack("<4sL4sLL", b"PK\x06\x07", 0, b"PK\x06\x06", 0, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 18)
    return content[:-22] + wide + pointer + end + decoy + b"  "


def zip_of_the_future():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("closures.py", RIGHT)
    content = bytearray(file.getvalue())
    content[content.index(b"PK\x01\x02") + 6] = 99
    return bytes(content)


def unusual_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("closures.py", RIGHT * 100)
    content = bytearray(file.getvalue())
    at = content.index(b"closures.py") + len("closures.py")
    content[at + 4 : at + 9] = b"\xff" * 5  # what says how it is packed
    return bytes(content)


HOSTILE = {
    # hours of Python's time before 3.11.10
    "digits.tar": lambda: pax(b"1" * 1_000_000),
    "long_value.tar": lambda: pax(b"500011 k=" + b"1" * 500_001 + b"\n"),
    "keywords.tar": lambda: pax(b"2 " * 300_000 + b"="),
    "map_of_holes.tar": lambda: pax(b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"),
    "holes.tar": lambda: tar_member(b"", tarfile.GNUTYPE_SPARSE),
    "shared.tar": lambda: tar_member(b"".join(b"9 %03d=x\n" % n for n in range(999)), b"g"),
    # what Python raises then is no error of an archive
    "chain.tar": lambda: tar_member(b"6 a=b\n", b"x") * 3_000,
    "far.tar": lambda: tar_header(b"Z", b"\x80" + b"\x7f" * 11) + tar_member(RIGHT),
    "future.zip": zip_of_the_future,
    # round and round
    "backwards.tar": lambda: tar_member(RIGHT) + tar_header(b"Z", b"\xff" * 11 + b"\0"),
    "negative.tar": lambda: pax(b"12 size=-99\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_learners_archive_that_would_end_or_hold_the_run_is_a_row(name, class_):
    put(class_.folder, name, HOSTILE[name]() + bytes(1024 if name.endswith("tar") else 0))
    put(class_.folder, "zoe.py")

    found = taken(class_)

    assert found.pop("zoe") == ["closures.py"]
    assert re.match(rf"{name} (is damaged|points backwards)", *found.values())


def test_a_zip_packed_as_no_learner_packs_is_a_row(class_):
    put(class_.folder, "ann.zip", unusual_zip())

    assert taken(class_) == {
        "ann": "ann.zip/closures.py uses an unusual compression: make an ordinary zip of it."
    }


def test_a_zip_cannot_hide_how_many_entries_it_has(class_, tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "MOST_ENTRIES", 500)
    path = put(tmp_path, "class.zip", zip_of_many(announced=3))
    assert len(zipfile.ZipFile(path).infolist()) == 1_000

    with pytest.raises(IntakeError, match="contains more than"):
        taken(class_, path)


def zip_of_nothing(entries):
    """Of entries without names it has so many, and says that it has one."""
    directory = (b"PK\x01\x02" + bytes(42)) * entries
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)
    return directory + end


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_learners_archive_of_very_many_entries_is_a_row(kind, class_):
    """Each takes time to look at, also where it has no name and takes no room."""
    many = zip_of_nothing(20_001) if kind == "zip" else tarfile.TarInfo(".git").tobuf() * 20_001
    put(class_.folder, f"ann.{kind}", many)
    put(class_.folder, "bob.py")

    assert taken(class_) == {
        "ann": f"ann.{kind} contains more than 20,000 files. Is it the right one?",
        "bob": ["closures.py"],
    }


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_that_take_long_to_take_apart_are_not(kind, class_):
    files = {"a/" * 13 + "closures.py": RIGHT, "a/" * 30_000 + "closures.py": RIGHT}
    path = class_.folder / f"ann.{kind}"
    zipped(path, files) if kind == "zip" else tarred(path, files.items())

    deep = "/".join("a" * 12)
    assert taken(class_) == {"ann": f"ann.{kind}/{deep} is nested too deeply."}


def test_a_learners_bomb_is_a_row(class_, monkeypatch):
    monkeypatch.setattr(intake, "_MOST_PACKED", 1024**2)
    tarred(class_.folder / "ann.tar.bz2", [("closures.py", bytes(5_000_000))], "w:bz2")
    put(class_.folder, "bob.py")

    assert taken(class_) == {
        "ann": "ann.tar.bz2 unpacks to more than 1 MiB.",
        "bob": ["closures.py"],
    }
