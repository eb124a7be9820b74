"""What the sandbox keeps out and in, tried from inside; as root, and as an ordinary user too.

It is one file, over 400 lines, as it is run as a whole once more by that other user.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from autograder.remote.client import WorkerClient
from autograder.remote.session import Session
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.limited import Limited
from autograder.submission.read import Ungradable
from tests.remote.conftest import QUICK, Room, process_of, source_of

from .. import interpreters
from ..conftest import without_sandbox
from ..processes import children, descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]

PROBES = """
import ctypes, os, signal, socket

def attempt(action, *arguments):
    try:
        return str(action(*arguments))
    except BaseException as error:
        return f"{type(error).__name__}: {error}"

def attempt_to_make(family, kind):
    try:
        return socket.socket(family, kind)
    except OSError as error:
        return str(error)

def connect(family, address):
    kinds = [socket.SOCK_STREAM, socket.SOCK_DGRAM]
    address = tuple(address) if isinstance(address, list) else address.encode()
    said = []
    for kind in kinds:
        s = attempt_to_make(getattr(socket, family), kind)
        if isinstance(s, str):
            said.append(s)
            continue
        with s:
            s.settimeout(0.5)
            said.append(attempt(s.connect, address))
            if said[-1] == "None":
                said.append(attempt(s.send, b"hello"))
    return said

def read(path): return attempt(lambda: open(path, "rb").read()[:100])
def listing(path): return sorted(os.listdir(path)) if os.path.isdir(path) else None
def write(path): return attempt(lambda: open(path, "w").write("x"))
def kill(pid): return attempt(os.kill, pid, signal.SIGKILL)
def identity(): return [os.getresuid(), os.getresgid(), os.getgroups(), os.uname().nodename]
def become_root(): return [attempt(os.setuid, 0), attempt(os.setgid, 0), attempt(os.chroot, "/"),
                           attempt(os.setgroups, [0])]
def mount():
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), ctypes.get_errno()
def session(): return [os.getsid(0) != 0, attempt(os.open, "/dev/tty", os.O_RDWR)]
def where(): return os.getcwd()

def writable(places):
    found = {}
    for place in places:
        target = os.path.join(place, "canary") if os.path.isdir(place) else place
        if os.path.isfile(target) or os.path.isdir(place):
            if attempt(lambda: open(target, "w").close()) == "None":
                size = os.statvfs(place)
                found[place] = size.f_blocks * size.f_frsize
    return found

def fill(folder):
    block, written = bytes(1 << 20), 0
    try:
        for number in range(200):
            with open(f"{folder}/{number}", "wb") as file:
                written += file.write(block)
    except OSError as error:
        return [written, error.strerror]
    finally:
        for name in os.listdir(folder):
            if name.isdigit(): os.unlink(f"{folder}/{name}")
    return [written, ""]

def find(names):
    skipped, found = { "/usr/share", "/usr/include", "/usr/lib/gcc"}, []
    for folder, folders, files in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in skipped]
        found += [os.path.join(folder, f) for f in (*files, *folders) if f in names]
    return found

def forks():
    count = 0
    try:
        for _ in range(200):
            if os.fork() == 0:
                signal.pause()
            count += 1
    except BlockingIOError:
        pass
    return count
"""


class Inside:
    """Calls the probes in a worker."""

    def __init__(self, worker: WorkerClient) -> None:
        self.worker = worker
        worker.loaded()

    def seen(self, name: str) -> str:
        """What the system says of its process, to those outside."""
        return (self._process() / name).read_text()

    def processes(self) -> int:
        """How many processes there are in its namespace."""
        namespace = (self._process() / "ns/pid").readlink()
        below = descendants(process_of(self.worker)._process.pid)
        return [Path(f"/proc/{pid}/ns/pid").readlink() for pid in below].count(namespace)

    def namespaces(self) -> dict[str, Path]:
        """All that it is in, by kind."""
        kinds = ("pid", "net", "ipc", "uts", "mnt", "user", "cgroup")
        return {kind: (self._process() / "ns" / kind).readlink() for kind in kinds}

    def _process(self) -> Path:
        """Where /proc tells of the worker, the last one below bubblewrap."""
        (last,) = [
            pid for pid in descendants(process_of(self.worker)._process.pid) if not children(pid)
        ]
        return Path(f"/proc/{last}")

    def __call__(self, name: str, *arguments: object) -> Any:
        from autograder.worker.protocol import encode

        call = {"target": {"name": name}, "args": [encode(a) for a in arguments], "kwargs": []}
        return self.worker.ask("call", call, f"{name}()", 20, repr)[0]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("setpriv", marks=pytest.mark.requires("sandbox")),
        pytest.param("no setpriv", marks=pytest.mark.requires("sandbox", "root")),
        pytest.param("no filter", marks=pytest.mark.requires("sandbox")),
    ],
)
def inside(request: pytest.FixtureRequest) -> Iterator[Inside]:
    """A worker in bubblewrap that tries what it is told.

    As root also without `setpriv`; and without the filter of system calls, behind which namespaces
    hold by themselves.
    """
    room = Room("bubblewrap")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "no setpriv":
            patch.setattr(bubblewrap, "_PATH", "/nowhere")
        if request.param == "no filter":
            patch.setattr(seccomp, "program", lambda: None)
        worker = room.worker(PROBES)
    yield Inside(worker)
    room.close()


# --- network --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "address"),
    [
        ("AF_INET", ("127.0.0.1", 0)),
        ("AF_INET6", ("::1", 0)),
        ("AF_UNIX", "\0canary-of-the-sandbox-tests"),
        ("AF_UNIX", "a file"),
    ],
)
def test_a_listener_on_this_machine_hears_nothing(
    inside: Inside, family: str, address: Any, tmp_path: Path
) -> None:
    if address == "a file":
        address = tempfile.mktemp(prefix="canary")  # short enough for a socket
    with (
        socket.socket(getattr(socket, family)) as stream,
        socket.socket(getattr(socket, family), socket.SOCK_DGRAM) as datagrams,
    ):
        try:
            stream.bind(address)
        except OSError as error:
            pytest.skip(f"no {family} here: {error}")
        stream.listen()
        where = stream.getsockname()
        if family != "AF_UNIX":
            datagrams.bind(where)
        stream.setblocking(False)
        datagrams.setblocking(False)

        there = list(where) if isinstance(where, tuple) else os.fsdecode(where)
        sent = inside("connect", family, there)

        with pytest.raises(BlockingIOError):
            stream.accept()
        if family != "AF_UNIX":
            with pytest.raises(BlockingIOError):
                datagrams.recv(10)
        assert sent[0] != "None"
    if isinstance(where, str):
        Path(where).unlink()


def test_the_listener_would_hear_what_is_not_sandboxed() -> None:
    """The test above can fail."""
    room = Room("limited")
    room.sandbox = Limited(trusted=True)
    with socket.socket() as stream:
        stream.bind(("127.0.0.1", 0))
        stream.listen()
        assert Inside(room.worker(PROBES))("connect", "AF_INET", list(stream.getsockname()))
        stream.settimeout(5)
        connection, _ = stream.accept()
        connection.close()
    room.close()


def test_the_only_interface_is_the_loopback_of_its_own(inside: Inside) -> None:
    lines = inside.seen("net/dev").splitlines()[2:]

    assert [line.split(":")[0].strip() for line in lines] == ["lo"]


# --- files ----------------------------------------------------------------------------------


def test_nothing_of_ours_can_be_seen(inside: Inside, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("secret")

    assert "FileNotFoundError" in inside("read", str(canary))
    prefix = Path(sys.base_prefix).resolve()
    for place in (ROOT, Path.home(), Path.cwd(), Path("/home"), Path("/var"), Path("/run")):
        way = prefix.relative_to(place).parts[:1] if prefix.is_relative_to(place) else ()
        assert inside("listing", str(place)) in (None, list(way)), place
    assert inside("listing", "/etc") in (None, ["ld.so.cache"])
    assert (
        "Error" not in inside("read", "/etc/ld.so.cache") or not Path("/etc/ld.so.cache").exists()
    )
    assert "FileNotFoundError" in inside("read", "/etc/passwd")


def test_no_file_of_the_course_lies_anywhere(inside: Inside) -> None:
    names = ["course.toml", "hints.toml", "test_hidden.py", "predictions.toml", "closures.py",
             "autograder", "micrograd_ref", "gradebook.db", "msgspec"]  # fmt: skip

    assert inside("find", names) == []


def test_what_can_be_written_is_small_and_apart(inside: Inside) -> None:
    mounted = [line.split()[1] for line in inside.seen("mounts").splitlines()]
    places = inside("writable", mounted)
    places = {place: size for place, size in places.items() if not place.startswith("/dev/")}

    assert set(places) == {"/tmp", "/work"}
    assert set(places.values()) == {64 * 1024 * 1024}


@pytest.mark.parametrize("folder", ["/tmp", "/work"])
def test_a_folder_that_can_be_written_is_soon_full(inside: Inside, folder: str) -> None:
    written, error = inside("fill", folder)

    assert written // 2**20 in (63, 64)  # the learner's file takes a page of the one
    assert error == "No space left on device"


@pytest.mark.parametrize(
    "path", ["/canary", "/usr/canary", "/etc/canary", "/dev/canary", "/dev/shm/canary", "/worker.pyc", "/bin/sh",
             "/proc/sys/kernel/hostname", f"{sys.base_prefix}/canary",
             f"{sysconfig.get_path('stdlib')}/canary.py"],
)  # fmt: skip
def test_the_system_is_read_only(inside: Inside, path: str) -> None:
    assert "Error" in inside("write", path)
    assert Path(path).name != "canary" or not Path(path).exists()


def test_what_a_worker_writes_is_gone_with_it(sandboxed: Room) -> None:
    first = Inside(sandboxed.worker(PROBES))
    assert first("write", "/tmp/left") == "1"
    assert first("write", "/work/left") == "1"
    first.worker.kill()

    second = Inside(sandboxed.worker(PROBES))

    assert second("listing", "/tmp") == []
    assert second("listing", "/work") == ["work.py"]
    assert not Path("/tmp/left").exists()


def test_workers_that_run_at_once_do_not_meet(sandboxed: Room) -> None:
    one, other = Inside(sandboxed.worker(PROBES)), Inside(sandboxed.worker(PROBES))
    one("write", "/tmp/left")

    assert other("listing", "/tmp") == []
    assert one.processes() == other.processes() == 2


# --- rights ---------------------------------------------------------------------------------


def test_there_are_no_capabilities_and_none_can_be_had(inside: Inside) -> None:
    status = dict(line.split(":\t", 1) for line in inside.seen("status").splitlines())

    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"] == "1"
    assert all("Error: " in said for said in inside("become_root"))
    assert inside("mount") == (-1, 1)


def test_it_is_another_user_than_root_and_alone_in_its_groups(inside: Inside) -> None:
    users, groups, others, node = inside("identity")

    assert len(set(users)) == len(set(groups)) == 1
    if os.geteuid() == 0:
        assert users[0] >= 61_000
        assert groups[0] == users[0]
        assert others == []
    else:
        assert users[0] == os.geteuid()
    assert node == "sandbox"


@pytest.mark.requires("sandbox", "root")
def test_sessions_that_run_at_once_are_different_users(sandboxed: Room) -> None:
    users = []
    for slot in (0, 1):
        worker = WorkerClient(source_of(PROBES), QUICK, sandboxed.sandbox, 0, slot)
        users.append(Inside(worker)("identity")[0][0])
        worker.kill()

    assert users[0] != users[1]


def test_every_namespace_is_its_own(inside: Inside) -> None:
    theirs = {name: str(link) for name, link in inside.namespaces().items()}
    own = {name: os.readlink(f"/proc/self/ns/{name}") for name in theirs}
    shared = {name for name in theirs if theirs[name] == own[name]}

    assert shared <= ({"user", "cgroup"} if os.geteuid() == 0 else {"cgroup"})


def test_no_process_but_its_own_can_be_seen_or_ended(inside: Inside) -> None:
    assert inside.processes() == 2
    assert "ProcessLookupError" in inside("kill", os.getpid())
    assert inside("listing", "/proc") in (None, [])


def test_it_has_no_terminal(inside: Inside) -> None:
    assert "OSError" in inside("session")[1]
    assert inside("where") == "/work"


def test_the_process_limit_holds(sandboxed: Room) -> None:
    limits = msgspec.structs.replace(QUICK, processes=20)
    worker = sandboxed.worker(PROBES, limits)

    assert Inside(worker)("forks") in range(12, 20)


def test_the_next_worker_of_the_same_user_has_all_its_processes(sandboxed: Room) -> None:
    limits = msgspec.structs.replace(QUICK, processes=20)
    counts = []
    for _ in range(3):
        worker = sandboxed.worker(PROBES, limits)
        counts.append(Inside(worker)("forks"))
        worker.kill()

    assert min(counts) >= 12  # some of those that were ended may still count for a moment


# --- where it does not work -----------------------------------------------------------------


def test_without_a_sandbox_ones_own_file_is_judged_in_a_limited_process(no_sandbox: None) -> None:
    session = Session(source_of("def run(): return 1"), QUICK)
    session.load()
    session.begin_test()

    assert session.sandbox == Limited()
    assert session.names == ("run",)
    session.close()


def test_without_a_sandbox_others_work_is_refused(no_sandbox: None) -> None:
    with pytest.raises(Ungradable, match=r"^This needs the sandbox\. bubblewrap is not inst"):
        Session(source_of("x = 1"), QUICK, require_sandbox=True).load()


def test_the_report_says_which_sandbox_it_was(tmp_path: Path) -> None:
    answer = tmp_path / "value.py"
    shutil.copy(ROOT / "solutions/assignment1/value.py", answer)
    grade = "from autograder.cli.grade import main; main()"
    found = {}
    for name, hidden in (("broken", without_sandbox(tmp_path)), ("usual", {})):
        result = subprocess.run(
            [
                sys.executable,
                "-c",
                grade,
                "assignment1",
                str(answer),
                "--json",
                "--mine",
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **hidden},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        found[name] = json.loads(result.stdout)["sandbox"]

    usual = "limited" if bubblewrap.unavailable() else "bubblewrap"
    assert found == {"broken": "limited", "usual": usual}


# --- an ordinary user -----------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.requires("sandbox", "root", "ordinary users")
def test_all_of_this_holds_for_an_ordinary_user(tmp_path: Path) -> None:
    """Runs these files again as a user without rights, who gets a kit and a Python to read."""
    sandbox, setpriv = bubblewrap.present(), shutil.which("setpriv")
    assert sandbox
    bwrap = sandbox.program
    assert setpriv
    user = "64242"
    base = Path(tempfile.mkdtemp(prefix="ordinary-"))
    shutil.chown(base, int(user), int(user))
    python = interpreters.for_all() or Path("/mnt/python/bin", interpreters.VERSION)
    site = sysconfig.get_path("purelib")
    argv = [bwrap, "--dev-bind", "/", "/", "--tmpfs", "/mnt", "--ro-bind", str(ROOT), "/mnt/kit"]
    argv += ["--ro-bind", site, "/mnt/site"]
    argv += ["--ro-bind", str(interpreters.PREFIX), "/mnt/python"]
    argv += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--chdir", "/mnt/kit"]
    argv += [setpriv, "--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all"]
    argv += [str(python), "-m", "pytest", "tests/sandbox/test_sandbox.py"]
    argv += ["tests/sandbox/test_programs.py", "tests/sandbox/test_limited.py", "-q", "-rs"]
    argv += ["-p", "no:cacheprovider", "--basetemp", str(base / "pytest")]
    argv += ["-k", "not report_says and not ordinary_user"]
    try:
        result = subprocess.run(
            argv,
            env={
                "PATH": "/usr/bin:/bin",
                "HOME": str(base),
                "PYTHONPATH": "/mnt/kit:/mnt/site",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        shutil.rmtree(base, ignore_errors=True)
    said = result.stdout + result.stderr

    assert result.returncode == 0, said[-4000:]
    assert " passed" in said
    assert re.search(r"Skipped for want of .*\broot \(", said)
