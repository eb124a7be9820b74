# Aim: a notebook with outputs and grades in it, forged by hand, as nbgrader reads them.
# Ends: failed
import json


def arrange(folder, text, run):
    forged = {"output_type": "execute_result", "data": {"text/plain": "30"}, "metadata": {}}
    nbgrader = {"grade": True, "grade_id": "mul", "points": 1000, "score": 1000, "locked": False,
                "schema_version": 3, "solution": True}
    cell = {"cell_type": "code", "metadata": {"nbgrader": nbgrader}, "outputs": [forged], "source": text}
    path = folder / "closures.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {"score": 30}, "nbformat": 4}))
    return path
