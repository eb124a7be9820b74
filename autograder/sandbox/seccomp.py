"""A filter of system calls for the worker: those that only an attack would need.

bubblewrap gives a submission its own namespaces and removes its rights. That leaves some doors
open: memory that no process limit counts (System V, memory files, sockets), keys that outlive a
user's processes, locks and leases on files that all submissions see, resources shared by the whole
machine, namespaces within namespaces, and parts of the kernel that have been exploited before. The
list is a part of what Flatpak and Docker refuse. It is written here as the few instructions that
the kernel needs, as the only library on PyPI for it, pyseccomp, had its last release in January
2021 and needs libseccomp.
"""

from __future__ import annotations

import platform
import struct
from functools import cache

_REFUSED: dict[str, tuple[int, int]] = {
    # name: its number on x86-64 and on ARM64
    # what would remain for the next submission of the same user
    "add_key": (248, 217),
    "keyctl": (250, 219),
    "request_key": (249, 218),
    # communication between submissions: locks and watches on files that all of them see
    "flock": (73, 32),
    "inotify_add_watch": (254, 27),
    "inotify_init": (253, 26),  # which ARM64 lacks
    "inotify_init1": (294, 26),
    # what is limited, or happens at once, for the whole machine
    "io_setup": (206, 0),
    "mq_open": (240, 180),
    "sync": (162, 81),
    "syncfs": (306, 267),
    # memory that no limit counts
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "msgget": (68, 186),
    "semget": (64, 190),
    "shmget": (29, 194),
    "socket": (41, 198),
    "socketpair": (53, 199),
    # access to the sandbox's own first process, if it has the same user
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    # new namespaces and file systems
    "chroot": (161, 51),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "pivot_root": (155, 41),
    "open_tree_attr": (467, 467),
    "setns": (308, 268),
    "umount2": (166, 39),
    "unshare": (272, 97),
    # the real paths of what the sandbox shows
    "listmount": (458, 458),
    "statmount": (457, 457),
    # parts of the kernel that have been exploited before
    "bpf": (321, 280),
    "fanotify_init": (300, 262),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "modify_ldt": (154, 117),  # which ARM64 lacks
    "perf_event_open": (298, 241),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}
_CLONE, _CLONE3, _FCNTL, _MMAP = (56, 220), (435, 435), (72, 25), (9, 222)
_LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1025, 1026)
"""fcntl's commands for record locks, leases and change notifications (linux/fcntl.h)."""

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_NEW_USER_NAMESPACE = 0x10000000
_SHARED = 1  # pages that remain when unmapped, and so count for no process
_HUGE = 0x40000  # pages reserved for the whole machine, which count for no process either
_X32 = 0x40000000  # numbers of another set of calls on x86-64

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _ARGUMENT, _SECOND, _FOURTH = 0, 4, 16, 24, 40  # offsets in struct seccomp_data
_ALLOW, _NOT_PERMITTED, _NOT_THERE = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38


@cache
def program() -> bytes | None:
    """The filter as bubblewrap's `--seccomp` reads it, 8 bytes for each instruction.

    Returns:
        None on a processor that it does not support.
    """
    column, machine = _MACHINES.get(platform.machine(), (None, 0))
    if column is None or struct.calcsize("P") != 8:
        return None
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _NOT_PERMITTED),  # system calls of another architecture
        (_LOAD, 0, 0, _NUMBER),
    ]
    if column == 0:
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _NOT_PERMITTED)]
    # its flags are in memory, which a filter cannot read; the C library falls back to clone
    steps += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _NOT_THERE)]
    for number, place, bits in (
        (_CLONE[column], _ARGUMENT, _NEW_USER_NAMESPACE),
        (_MMAP[column], _FOURTH, _SHARED | _HUGE),
    ):
        steps += [(_EQUAL, 0, 4, number), (_LOAD, 0, 0, place), (_ANY_BIT, 0, 1, bits)]
        steps += [(_RETURN, 0, 0, _NOT_PERMITTED), (_RETURN, 0, 0, _ALLOW)]
    last = len(_LOCKS)
    steps += [(_EQUAL, 0, last + 3, _FCNTL[column]), (_LOAD, 0, 0, _SECOND)]
    steps += [(_EQUAL, last - at, 0, command) for at, command in enumerate(_LOCKS)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _NOT_PERMITTED)]
    refused = sorted({numbers[column] for numbers in _REFUSED.values()})
    steps += [(_EQUAL, len(refused) - at, 0, number) for at, number in enumerate(refused)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _NOT_PERMITTED)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
