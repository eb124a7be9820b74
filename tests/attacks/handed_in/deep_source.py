# Aim: a source nested so deep that a compiler's stack does not hold it.
# Ends: ungradable
def arrange(folder, text, run):
    path = folder / "closures.py"
    path.write_text(text + "\nx = " + "-" * 400_000 + "1\n" + "y = " + "not " * 50_000 + "1\n")
    return path
