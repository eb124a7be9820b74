# Aim: use up what a machine or a user has a number of: terminals, queues, requests, large pages.
# Ends: failed
import ctypes, errno, os, pty, signal

libc = ctypes.CDLL(None, use_errno=True)
WAITING = 1_000


def queued():
    """How many signals wait, of those that one sends oneself."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
    libc.sigqueue.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
    sent = 0
    while sent < WAITING and libc.sigqueue(os.getpid(), signal.SIGRTMIN, None) == 0:
        sent += 1
    return sent


def use_up():
    attempt("a terminal", pty.openpty)
    if queued() == WAITING:
        breach("signals that wait")
    if os.uname().machine == "x86_64":
        context = ctypes.c_ulong(0)
        if libc.syscall(206, 1_000, ctypes.byref(context)) == 0:
            breach("requests to disks")
        if libc.syscall(240, b"queue", os.O_CREAT | os.O_RDWR, 0o600, 0) >= 0:
            breach("a queue of messages")
        if libc.syscall(162) == 0:
            breach("all disks of the machine written")
        # where none are set aside there is none to be had: what counts is who says no
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap(None, ctypes.c_size_t(2**21), 3, 0x40000 | 0x22, -1, ctypes.c_long(0))
        if ctypes.get_errno() != errno.EPERM:
            breach("large pages")


if first_time():
    use_up()
