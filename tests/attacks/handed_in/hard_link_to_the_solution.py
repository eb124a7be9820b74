# Aim: hand in a hard link to the solution.
# Ends: ungradable
import os


def arrange(folder, text, run):
    path = folder / "closures.py"
    os.link(run / "course/solutions/assignment3/closures.py", path)
    return path
