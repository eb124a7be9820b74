# Aim: a file of a terabyte that is almost no bytes on disk.
# Ends: ungradable
import os


def arrange(folder, text, run):
    path = folder / "closures.py"
    path.write_text(text)
    os.truncate(path, 1 << 40)
    return path
