# Aim: hand in a folder with the name of the file, holding itself.
# Ends: ungradable
def arrange(folder, text, run):
    (folder / "closures.py" / "closures.py").mkdir(parents=True)
    (folder / "closures.py" / "up").symlink_to("..")
    return folder / "closures.py"
