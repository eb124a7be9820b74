# Aim: hand in a symbolic link to a file whose text an error message would show.
# Ends: ungradable
def arrange(folder, text, house):
    path = folder / "closures.py"
    path.symlink_to(house / "home/notes.txt")
    return folder
