# Aim: words between submissions: locks, leases and watches on files that every sandbox sees.
# Ends: failed
import ctypes, fcntl, os, struct

libc = ctypes.CDLL(None, use_errno=True)
lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, 0, 1, 0)
with open(os.__file__) as shared:
    attempt("a lock of the whole file", fcntl.flock, shared, fcntl.LOCK_SH | fcntl.LOCK_NB)
    attempt("a record lock", fcntl.lockf, shared, fcntl.LOCK_SH | fcntl.LOCK_NB, 1)
    for command in ("F_GETLK", "F_OFD_GETLK", "F_OFD_SETLK"):
        attempt(command, fcntl.fcntl, shared, getattr(fcntl, command), lock)
    attempt("who has a lease", fcntl.fcntl, shared, fcntl.F_GETLEASE)
    attempt("a lease", fcntl.fcntl, shared, fcntl.F_SETLEASE, fcntl.F_RDLCK)
folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
attempt("a notice of changes", fcntl.fcntl, folder, fcntl.F_NOTIFY, fcntl.DN_MODIFY)
for name in ("inotify_init", "inotify_init1"):
    if getattr(libc, name)(0) != -1:
        breach(f"{name}: a watch on files")
