# Aim: processes without end.
# Ends: failed
import os


def bomb():
    for _ in range(10_000):
        try:
            if os.fork() == 0:
                bomb()
        except OSError:
            pass
    while True:
        pass


try:
    if os.fork() == 0:
        bomb()
except OSError:
    pass
