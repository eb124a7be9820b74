# Aim: a user namespace of its own, by clone and clone3, for capabilities within it.
# Ends: failed
import ctypes, os, signal

libc = ctypes.CDLL(None, use_errno=True)
if os.uname().machine == "x86_64":
    NEWUSER = 0x10000000
    child = libc.syscall(56, NEWUSER | signal.SIGCHLD, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    if child > 0:
        breach("clone with a user namespace")
    arguments = (ctypes.c_uint64 * 8)(NEWUSER, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    child = libc.syscall(435, arguments, 64)
    if child == 0:
        os._exit(0)
    if child > 0:
        breach("clone3 with a user namespace")
