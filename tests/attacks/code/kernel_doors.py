# Aim: parts of the kernel that no engine needs: bpf, io_uring, perf, keys, faults, handles.
# Ends: failed
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if os.uname().machine == "x86_64":
    page = ctypes.create_string_buffer(4096)
    for name, number_, *arguments in (
        ("io_uring", 425, 4, page), ("userfaultfd", 323, 0o4000), ("userfaultfd, user mode", 323, 1),
        ("bpf", 321, 0, page, 72), ("perf", 298, page, 0, -1, -1, 0), ("keys", 250, 0, -4, 1),
        ("mount API", 430, b"tmpfs", 0), ("open_tree", 428, -100, b"/", 1),
        ("32-bit numbers", 0x40000000 | 39),
    ):  # fmt: skip
        if libc.syscall(number_, *arguments) >= 0:
            breach(name)
