"""The filter of system calls, read as the kernel reads it, against the kernel's own numbers."""

from __future__ import annotations

import platform
import re
import struct
from pathlib import Path

import pytest

from autograder.sandbox import seccomp
from tests.needs import HEADERS

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h
ALLOWED, EPERM, ENOSYS = "allowed", 1, 38

NEW_USER_NAMESPACE, SHARED, PRIVATE, HUGE = 0x10000000, 1, 2, 0x40000
LOCKS = [5, 6, 7, 36, 37, 38, 1024, 1025, 1026]  # linux/fcntl.h: F_GETLK … F_NOTIFY
LACKED_BY_ARM64 = {"inotify_init", "modify_ldt"}
REFUSED = {
    "add_key", "bpf", "chroot", "fanotify_init", "flock", "fsconfig", "fsmount", "fsopen", "fspick",
    "inotify_add_watch", "inotify_init", "inotify_init1", "io_setup", "io_uring_enter",
    "io_uring_register", "io_uring_setup", "kcmp", "keyctl", "listmount", "memfd_create",
    "memfd_secret", "modify_ldt", "mount", "mount_setattr", "move_mount", "mq_open", "msgget",
    "open_tree", "open_tree_attr", "perf_event_open", "pidfd_getfd", "pivot_root",
    "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace", "quotactl", "request_key",
    "semget", "setns", "shmget", "socket", "socketpair", "statmount", "sync", "syncfs", "syslog",
    "umount2", "unshare", "userfaultfd", "vmsplice",
}  # fmt: skip

pytestmark = pytest.mark.requires("kernel headers")


def numbers(machine: str) -> dict[str, int]:
    """The kernel's system calls by name."""
    text = Path(HEADERS[machine]).read_text()
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)$", text, re.MULTILINE))
    return {name: int(number) for name, number in found.items()}


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each processor in turn, as if it were ours."""
    name: str = request.param
    monkeypatch.setattr(platform, "machine", lambda: name)
    return name


def answer(machine: str, number: int, *arguments: int, by: int | None = None) -> str | int:
    """What the filter does with a system call: lets it through, or the error that it gives.

    Args:
        machine: whose filter.
        number: the call's.
        arguments: its arguments.
        by: the form in which it is made; by default the machine's own.
    """
    program = seccomp.program.__wrapped__()
    assert program is not None
    steps = list(struct.iter_unpack("=HBBI", program))
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number, AUDIT[machine] if by is None else by, 0, *padded)
    at = loaded = 0
    while True:
        code, if_so, if_not, value = steps[at]
        at += 1
        if code == 0x20:  # load
            (loaded,) = struct.unpack_from("=I", data, value)
        elif code == 0x06:  # return
            return ALLOWED if value == 0x7FFF0000 else {0x00050000: value & 0xFFFF}[value & ~0xFFFF]
        else:
            is_so = {
                0x15: loaded == value,
                0x35: loaded >= value,
                0x45: bool(loaded & value),
            }
            at += if_so if is_so[code] else if_not


def test_what_is_named_is_refused_and_nothing_else(machine: str) -> None:
    known = numbers(machine)
    assert len(known) > 250

    answers = {name: answer(machine, number) for name, number in known.items()}

    assert {name for name, said in answers.items() if said == EPERM} == REFUSED & known.keys()
    assert {name for name, said in answers.items() if said == ENOSYS} == {"clone3"}
    assert seccomp._REFUSED.keys() == REFUSED


def test_a_call_that_the_headers_lack_is_newer_than_they_are(machine: str) -> None:
    known, column = numbers(machine), ["x86_64", "aarch64"].index(machine)
    newer = REFUSED - known.keys() - (LACKED_BY_ARM64 if machine == "aarch64" else set())

    for name in newer:
        number = seccomp._REFUSED[name][column]
        assert number > max(known.values()), name
        assert answer(machine, number) == EPERM


def test_a_process_may_start_but_no_user_namespace(machine: str) -> None:
    clone = numbers(machine)["clone"]

    assert answer(machine, clone, 0x11) == ALLOWED
    assert answer(machine, clone, 0x11 | NEW_USER_NAMESPACE) == EPERM


def test_memory_may_be_mapped_but_neither_shared_nor_in_large_pages(machine: str) -> None:
    mmap = numbers(machine)["mmap"]

    assert answer(machine, mmap, SHARED, SHARED, SHARED, PRIVATE) == ALLOWED
    assert answer(machine, mmap, 0, 0, 0, SHARED) == EPERM
    assert answer(machine, mmap, 0, 0, 0, PRIVATE | HUGE) == EPERM


def test_fcntl_does_all_but_locks_leases_and_notices(machine: str) -> None:
    fcntl = numbers(machine)["fcntl"]

    assert [each for each in range(2000) if answer(machine, fcntl, 5, each) == EPERM] == LOCKS


def test_calls_in_another_processors_form_are_refused(machine: str) -> None:
    other = next(each for name, each in AUDIT.items() if name != machine)
    read = numbers(machine)["read"]

    assert answer(machine, read) == ALLOWED
    assert answer(machine, read, by=other) == EPERM
    assert answer(machine, read, by=0x40000003) == EPERM  # 32 bits on x86


def test_the_second_set_of_calls_of_x86_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")

    assert answer("x86_64", 0x3FFFFFFF) == ALLOWED
    assert answer("x86_64", 0x40000000) == EPERM
    assert answer("x86_64", 0x40000000 + 41) == EPERM


def test_no_filter_for_other_processors_and_for_32_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert seccomp.program.__wrapped__() is None

    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(struct, "calcsize", lambda _: 4)
    assert seccomp.program.__wrapped__() is None
