# Aim: hand in a symbolic link to a file whose text an error message would show.
# Ends: ungradable
def arrange(folder, text, run):
    path = folder / "closures.py"
    path.symlink_to(run / "home/notes.txt")
    return folder
