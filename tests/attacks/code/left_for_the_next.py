# Aim: leave a message for the next submission anywhere that can be written.
# Ends: failed
# Runs: 2
import os, socket

MARK = "left-by-the-last-one"
for folder in ("/tmp", "/work", "/dev/shm", "/dev/mqueue", "/var/tmp", "/run", "/", RUN,
               "/run/lock", "/packages", "/packages/lent_package"):
    path = os.path.join(folder, MARK)
    if os.path.exists(path):
        breach(f"found what the last submission left in {folder}")
    try:
        with open(path, "w") as file:
            file.write("solution")
    except OSError:
        pass
try:
    with socket.socket(socket.AF_UNIX) as here:
        here.connect(f"\0{MARK}")
        breach("the last submission still listens")
except OSError:
    pass
attempt("write a file of a package that was lent", open, "/packages/lent_package/__init__.py", "a")
