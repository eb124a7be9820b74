# Aim: read suites, solutions, reference, gradebook, other submissions and the home by their paths.
# Ends: failed
import glob, os

for path in CANARIES:
    attempt(f"read {os.path.basename(path)}", lambda: open(path).read())
for folder in (HOUSE, f"{HOUSE}/kit/autograder/suites", f"{HOUSE}/kit/micrograd_ref", RUN, "/root",
               "/home", "/var", "/etc/shadow", "/run", f"{HOUSE}/course"):
    attempt(f"list {folder}", os.listdir, folder)
for pattern in ("/**/test_hidden.py", "/**/course.toml", "/**/*.db", "/**/closures.py"):
    found = [path for path in glob.glob(pattern, recursive=True) if path != "/work/closures.py"]
    if found:
        breach(f"found {found}")
