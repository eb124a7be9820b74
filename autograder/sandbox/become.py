"""What `setpriv` does, for root where it is missing: be another user without rights, for good.

The bare interpreter runs it in the sandbox, before any code of the learner's:
`python -c THIS UID PROGRAM ARGUMENT…` goes on as that program. The numbers are those of
linux/prctl.h and linux/capability.h.
"""

from __future__ import annotations

import ctypes
import os
import sys

_CAPBSET_READ, _CAPBSET_DROP, _SET_NO_NEW_PRIVS = 23, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522


def become(user: int) -> None:
    """Have this user, its group and no other; no capability, nor a way to get one."""
    libc = ctypes.CDLL(None, use_errno=True)

    def must(result: int) -> None:
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    capability = 0
    while libc.prctl(_CAPBSET_READ, capability, 0, 0, 0) >= 0:
        must(libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0))
        capability += 1
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    must(libc.capset(header, (ctypes.c_uint32 * 6)()))  # effective, permitted, inheritable: none
    must(libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


if __name__ == "__main__":
    become(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  no shell is meant
