"""Arrays of numpy: each input is moved by a row of a small diagonal matrix."""

import numpy as np


def forward_difference(f, x, h=1e-3):
    ahead = x + h
    return (f(ahead) - f(x)) / (ahead - x)


def central_difference(f, x, h=1e-5):
    values = np.array([f(x - h), f(x + h)])
    return np.diff(values)[0] / (2 * h)


def partial_derivative(f, args, index, h=1e-5):
    point = np.array(args, dtype=float)
    nudge = np.zeros_like(point)
    nudge[index] = h
    return (f(*(point + nudge)) - f(*(point - nudge))) / (2 * h)


def gradient(f, args, h=1e-5):
    point = np.array(args, dtype=float)
    rows = np.eye(len(point)) * h
    return [(f(*(point + row)) - f(*(point - row))) / (2.0 * h) for row in rows]
