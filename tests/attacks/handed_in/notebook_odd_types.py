# Aim: a notebook with other types in every place, twice the same key, and half characters.
# Ends: ungradable
import json


def arrange(folder, text, run):
    path = folder / "closures.ipynb"
    code = {"cell_type": "code", "metadata": {"tags": {"demo": 1}}, "source": [text, "\nx = '\ud800'"]}
    cells = [code, {"cell_type": ["code"], "source": {"a": 1}}, {**code, "metadata": {}}]
    path.write_text(json.dumps({"cells": cells, "nbformat": 10**400}))
    return path
