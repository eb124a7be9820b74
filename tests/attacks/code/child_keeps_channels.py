# Aim: children that hold every channel open after the process has ended.
# Ends: error
import os, time


def child(*args):
    for _ in range(3):
        if os.fork() == 0:
            for fd in range(3, 64):
                try:
                    os.set_inheritable(fd, True)
                except OSError:
                    pass
            os.setsid()
            while True:
                time.sleep(1)
    os._exit(0)


Value.__mul__ = manual_gradients = child
