# Aim: lines that a careless pattern looks at for hours: guesses, tags and magics with no end.
# Ends: failed
def arrange(folder, text, run):
    spaces = " " * 200_000
    lines = [f"predict = a{spaces}\x0c\x01{spaces}", "# %% " + "tags=[" * 60_000, f"x = 0{spaces}?", "?" * 9_000 + "x"]
    path = folder / "closures.py"
    path.write_text(text + '\n"""\n' + "\n".join(lines) + '\n"""\n')
    return path
