# Aim: an audit hook that stops the worker's own steps and cannot be taken away.
# Ends: error
import sys

armed = []


def hook(event, args):
    if armed and event in ("compile", "exec", "import", "object.__getattr__", "open"):
        raise KeyboardInterrupt(event)


sys.addaudithook(hook)


def arm(*args):
    armed.append(1)
    import decimal


Value.__mul__ = arm
