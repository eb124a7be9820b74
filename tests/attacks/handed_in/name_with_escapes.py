# Aim: a file name with terminal codes, a line's end and text that runs backwards.
# Ends: failed
def arrange(folder, text, run):
    path = folder / "\x1b[2J\n30 of 30\u202eyp.\r.py"
    path.write_text(text)
    return path
