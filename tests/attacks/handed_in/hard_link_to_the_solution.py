# Aim: hand in a hard link to the solution.
# Ends: ungradable
import os


def arrange(folder, text, house):
    path = folder / "closures.py"
    os.link(house / "course/solutions/assignment3/closures.py", path)
    return path
