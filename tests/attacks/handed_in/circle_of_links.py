# Aim: hand in links that lead to each other.
# Ends: ungradable
def arrange(folder, text, run):
    (folder / "closures.py").symlink_to("other.py")
    (folder / "other.py").symlink_to("closures.py")
    return folder / "closures.py"
