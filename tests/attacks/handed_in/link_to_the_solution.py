# Aim: hand in a symbolic link to the solution.
# Ends: ungradable
def arrange(folder, text, house):
    path = folder / "closures.py"
    path.symlink_to(house / "course/solutions/assignment3/closures.py")
    return path
