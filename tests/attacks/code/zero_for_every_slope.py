# Aim: a gradient of zeros, which is what a partial_derivative that answers 0 would make of it.
# Base: derivatives
# Ends: failed
def partial_derivative(f, args, index, h=1e-5):
    return 0.0


def gradient(f, args, h=1e-5):
    return [0.0] * len(args)
