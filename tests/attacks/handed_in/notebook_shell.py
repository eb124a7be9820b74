# Aim: a notebook with shell escapes, magics and system calls by the shell.
# Ends: failed
import json

CELLS = [
    "!touch canary; cat /etc/passwd\n!!ls /\nfiles = !ls",
    "%%bash\ntouch canary\nkill -9 $PPID",
    "%run /etc/passwd\n%load_ext evil\n%%time\n%env SECRET\n%cd ..",
    "get_ipython().system('touch canary')",
    "%%script python\nimport os; os._exit(0)",
    "Value?\nValue??\n?Value",
    "  %%bash\ntouch canary",
]


def arrange(folder, text, run):
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in [text, *CELLS]]
    path = folder / "closures.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path
