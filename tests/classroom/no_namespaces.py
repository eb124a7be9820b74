"""COMMAND where nobody gets a namespace, as in a container of Docker's: run as root, before rights go.

    python no_namespaces.py COMMAND...

A filter refuses `unshare`, `setns`, and `clone` with a flag for a namespace; `clone3`, whose flags no
filter can see, is not there. Everything that the command starts inherits it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _ARGUMENT = 0, 16
_ALLOW, _NOT_PERMITTED, _NOT_THERE = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38
_NAMESPACES = 0x7E020000  # CLONE_NEW… of linux/sched.h
_CALLS = {"x86_64": (272, 308, 435, 56), "aarch64": (97, 268, 435, 220)}
_SET_SECCOMP, _FILTER_MODE = 22, 2  # linux/prctl.h, linux/seccomp.h


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse() -> None:
    """Put the filter on this process."""
    unshare, setns, clone3, clone = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, _NUMBER),
        (_EQUAL, 6, 0, unshare),
        (_EQUAL, 5, 0, setns),
        (_EQUAL, 5, 0, clone3),
        (_EQUAL, 0, 2, clone),
        (_LOAD, 0, 0, _ARGUMENT),
        (_ANY_BIT, 1, 0, _NAMESPACES),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _NOT_PERMITTED),
        (_RETURN, 0, 0, _NOT_THERE),
    ]
    packed = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = _Program(len(steps), packed)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter can be set")


if __name__ == "__main__":
    refuse()
    os.execvp(sys.argv[1], sys.argv[1:])
