"""A helper that moves one entry of a tuple, and map over the positions."""

from functools import partial
from operator import sub, truediv


def _moved(args, index, by):
    return tuple(value + by if position == index else value for position, value in enumerate(args))


def _quotient(f, points, run):
    return truediv(sub(*(f(*point) for point in points)), run)


def forward_difference(f, x, h=1e-3):
    return _quotient(f, [(x + h,), (x,)], h)


def central_difference(f, x, h=1e-5):
    return partial_derivative(f, (x,), 0, h)


def partial_derivative(f, args, index, h=1e-5):
    return _quotient(f, [_moved(args, index, h), _moved(args, index, -h)], 2 * h)


def gradient(f, args, h=1e-5):
    slope = partial(partial_derivative, f, args, h=h)
    return list(map(slope, range(len(args))))
