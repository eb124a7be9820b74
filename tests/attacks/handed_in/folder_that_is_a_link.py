# Aim: hand in a folder that is a symbolic link to the solution's.
# Ends: ungradable
def arrange(folder, text, run):
    path = folder / "mine"
    path.symlink_to(run / "course/solutions/assignment3")
    return path
