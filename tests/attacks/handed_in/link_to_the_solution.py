# Aim: hand in a symbolic link to the solution.
# Ends: ungradable
def arrange(folder, text, run):
    path = folder / "closures.py"
    path.symlink_to(run / "course/solutions/assignment3/closures.py")
    return path
