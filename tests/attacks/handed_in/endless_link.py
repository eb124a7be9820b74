# Aim: hand in a link to a device without end.
# Ends: ungradable
def arrange(folder, text, run):
    path = folder / "closures.py"
    path.symlink_to("/dev/zero")
    return path
