# Aim: end the whole session as Ctrl-C does.
# Ends: error
def interrupted(*args):
    raise KeyboardInterrupt


Value.__mul__ = Value.tanh = manual_gradients = interrupted
