# Aim: a file in UTF-16, and one with half a character.
# Ends: ungradable
def arrange(folder, text, run):
    path = folder / "closures.py"
    path.write_bytes(text.encode("utf-16"))
    return path
