# Aim: a pickle that runs a command, under the name of a notebook.
# Ends: ungradable
import pickle, os


class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/canary-of-pickle",)


def arrange(folder, text, run):
    path = folder / "closures.ipynb"
    path.write_bytes(pickle.dumps(Bomb(), protocol=0))
    return path
