# Aim: a file that says that its encoding is another one, in which it is other code.
# Ends: failed
def arrange(folder, text, run):
    path = folder / "closures.py"
    path.write_text("# -*- coding: utf-7 -*-\n" + text + "\n# +AAoAcgBhAGkAcwBl-\n")
    return path
