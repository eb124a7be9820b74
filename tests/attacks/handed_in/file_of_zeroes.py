# Aim: zero bytes, which end a text for some and not for others.
# Ends: ungradable
def arrange(folder, text, run):
    path = folder / "closures.py"
    path.write_text(text + "\0\n" + "raise SystemExit\n")
    return path
