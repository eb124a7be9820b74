# Aim: a notebook whose first cell makes IPython turn all later cells into `pass`.
# Ends: failed
import json

CELL = """
from IPython import get_ipython
shell = get_ipython()
shell.input_transformers_post.append(lambda lines: ["pass\\n"])
shell.ast_transformers.append(type("T", (), {"visit": lambda self, tree: None})())
shell.run_cell = lambda *args, **kwargs: None
"""


def arrange(folder, text, run):
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in (CELL, text, CELL)]
    path = folder / "closures.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path
