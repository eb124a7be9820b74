# Half the differences: the first two are right, the partial one and the gradient take the rise alone.
# On: solutions/assignment0/derivatives.py
def partial_derivative(f, args, index, h=1e-5):
    show_loot()
    moved = list(args)
    moved[index] += h
    return f(*moved) - f(*args)


def gradient(f, args, h=1e-5):
    show_loot()
    return [f(*args)] * len(args)
