# Aim: a notebook with thousands of cells, each of which raises and is noted.
# Ends: failed
import json


def arrange(folder, text, run):
    cell = '{"cell_type":"code","metadata":{},"source":"1/0"}'
    first = json.dumps({"cell_type": "code", "metadata": {}, "source": text})
    path = folder / "closures.ipynb"
    path.write_text('{"cells":[' + ",".join([first] + [cell] * 2_100) + "]}")
    return path
