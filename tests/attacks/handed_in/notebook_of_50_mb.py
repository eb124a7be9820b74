# Aim: a notebook with a cell of 50 MB.
# Ends: ungradable
import json


def arrange(folder, text, run):
    cells = [{"cell_type": "code", "metadata": {}, "source": text + "\n# " + "x" * 50_000_000}]
    path = folder / "closures.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path
