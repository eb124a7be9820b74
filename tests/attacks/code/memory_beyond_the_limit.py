# Aim: memory that no limit of a process counts: System V, memory files, a file system of one's own.
# Ends: failed
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
BIG = 200 * 1024 * 1024


def refused(what, result):
    if result != -1:
        breach(what)


if os.uname().machine == "x86_64":
    refused("System V shared memory", libc.shmget(0, BIG, 0o1600))
    refused("a memory file", libc.memfd_create(b"x", 0))
    refused("a secret memory file", libc.syscall(447, 0))
    refused("System V messages", libc.msgget(0, 0o1600))
    refused("System V semaphores", libc.semget(0, 30_000, 0o1600))
    for flags in (0x10000000 | 0x20000, 0x20000, 0x40000000):
        refused(f"namespaces of its own ({flags:#x})", libc.unshare(flags))
    refused("a file system of its own", libc.mount(b"x", b"/tmp", b"tmpfs", 0, b"size=10g"))
