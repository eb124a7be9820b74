# Aim: a notebook nested deeper than a reader's stack.
# Ends: ungradable
def arrange(folder, text, run):
    path = folder / "closures.ipynb"
    path.write_text('{"cells": ' + "[" * 400_000 + "]" * 400_000 + "}")
    return path
