# Aim: run code at the end of the process: atexit, finalizers, a thread that outlives main.
# Ends: failed
import atexit, sys, threading, time, weakref


class Last:
    def __del__(self):
        while True:
            time.sleep(1)


def hang():
    while True:
        time.sleep(1)


if first_time():
    atexit.register(hang)
    weakref.finalize(Value, hang)
    sys.last = Last()
    threading.Thread(target=hang).start()
    sys.unraisablehook = sys.excepthook = threading.excepthook = lambda *args: hang()
