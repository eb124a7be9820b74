# Aim: a file name of bytes that are no UTF-8.
# Ends: failed
import os
from pathlib import Path


def arrange(folder, text, run):
    path = Path(os.fsdecode(os.fsencode(folder) + b"/closures\xff\xfe.py"))
    path.write_text(text)
    return path
