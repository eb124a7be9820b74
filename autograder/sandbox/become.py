"""Gives up rights for good before a worker starts: the user's, and some system calls.

The bare interpreter runs it in a limited process, and in the sandbox if `setpriv` is missing:
`python -c THIS UID FILTER PROGRAM ARGUMENT…` then becomes that program. UID 0 keeps the user;
FILTER is that of seccomp.py in hexadecimal, or empty. The numbers are from linux/prctl.h,
linux/capability.h and linux/seccomp.h.
"""

from __future__ import annotations

import ctypes
import os
import sys

_CAPBSET_READ, _CAPBSET_DROP, _SET_SECCOMP, _SET_NO_NEW_PRIVS = 23, 24, 22, 38
_CAPABILITY_VERSION_3 = 0x20080522
_FILTER_MODE = 2
_INSTRUCTION = 8  # bytes


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


_libc = ctypes.CDLL(None, use_errno=True)


def _must(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def become(user: int) -> None:
    """Become this user, with only its own group, no capabilities and no way to get any.

    Raises:
        OSError: the kernel refuses.
    """
    capability = 0
    while _libc.prctl(_CAPBSET_READ, capability, 0, 0, 0) >= 0:
        _must(_libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0))
        capability += 1
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _must(_libc.capset(header, (ctypes.c_uint32 * 6)()))  # effective, permitted, inheritable: none


def refuse(calls: bytes) -> None:
    """Apply a filter of system calls to this process and every process it starts.

    Args:
        calls: the filter's instructions, 8 bytes each.

    Raises:
        OSError: the kernel refuses.
    """
    program = _Program(len(calls) // _INSTRUCTION, calls)
    _must(_libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0))


if __name__ == "__main__":
    if int(sys.argv[1]) != 0:
        become(int(sys.argv[1]))
    _must(_libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    if sys.argv[2]:
        refuse(bytes.fromhex(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606  no shell is meant
