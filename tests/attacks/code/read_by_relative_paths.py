# Aim: climb out of the folder: `..`, links, hard links, /proc/self/cwd, /proc/self/root.
# Ends: failed
import os

up = "../" * 30
for number_, target in enumerate((f"{up}{CANARIES[0]}", f"/proc/self/root{CANARIES[0]}",
                                  f"/proc/self/cwd/{up}{CANARIES[0]}", CANARIES[0])):
    attempt(f"read {target}", lambda: open(target).read())
    os.symlink(target, f"link{number_}")
    attempt(f"read link {number_}", lambda: open(f"link{number_}").read())
    attempt(f"hard link {number_}", os.link, target, f"hard{number_}")
attempt("chroot", os.chroot, "/work")
attempt("the root's descriptor", lambda: os.stat(os.open("/..", os.O_RDONLY)) != os.stat("/") or 1 / 0)
