# Aim: exceptions that pytest and generators treat in their own way, groups and endless causes.
# Ends: error
def grouped(*args):
    error = BaseExceptionGroup("all", [GeneratorExit(), StopIteration(), KeyboardInterrupt()])
    error.__cause__ = error.__context__ = error
    raise error


def stopped(*args):
    raise StopIteration("no more")


Value.__mul__ = manual_gradients = grouped
Value.tanh = stopped
