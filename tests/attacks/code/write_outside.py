# Aim: write to the system, the interpreter, the packages, the worker, the devices, the kernel.
# Ends: failed
import os, stat, sys


def write_outside():
    for path in ("/canary", "/usr/bin/canary", "/etc/ld.so.preload", "/etc/passwd", "/worker.pyc",
                 "/dev/canary", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
                 "/proc/self/oom_adj_", "/sys/canary", sys.executable, os.__file__,
                 "/packages/canary", "/packages/lent_package/__init__.py",
                 "/packages/lent_package/canary", f"{RUN}/canary", f"{RUN}/course/gradebook.db"):
        attempt(f"write {path}", open, path, "ab")
        attempt(f"remove {path}", os.unlink, path)
        attempt(f"rename {path}", os.rename, path, "/tmp/canary")
    attempt("a device", os.mknod, "/tmp/disk", stat.S_IFBLK | 0o666, os.makedev(254, 0))
    attempt("read kernel memory", open, "/dev/mem", "rb")
    attempt("a raw disk", open, "/dev/vda", "rb")
    for place, folders, files in os.walk("/"):
        if place not in ("/tmp", "/work"):
            attempt(f"write into {place}", open, f"{place}/canary", "w")


if first_time():
    write_outside()
