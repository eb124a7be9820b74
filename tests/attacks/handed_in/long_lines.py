# Aim: lines of a million characters, made to keep regular expressions busy.
# Ends: failed
def arrange(folder, text, run):
    path = folder / "closures.py"
    lines = ["# " + "?" * 300_000 + "x", "#" + " " * 300_000 + "%%", 'predict = "' + "[" * 200_000 + '"']
    path.write_text(text + "\n" + "\n".join(lines) + "\n")
    return path
