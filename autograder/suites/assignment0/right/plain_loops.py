"""Loops and lists only; the step that was really taken is measured."""


def forward_difference(f, x, h=1e-3):
    y0 = f(x)
    y1 = f(x + h)
    return y1 / h - y0 / h


def central_difference(f, x, h=1e-5):
    right = x + h
    left = x - h
    return (f(right) - f(left)) / (right - left)


def partial_derivative(f, args, index, h=1e-5):
    values = []
    for direction in (1, -1):
        moved = []
        for position in range(len(args)):
            if position == index:
                moved.append(args[position] + direction * h)
            else:
                moved.append(args[position])
        values.append(f(*moved))
    return (values[0] - values[1]) / h / 2


def gradient(f, args, h=1e-5):
    result = [0.0] * len(args)
    for position in range(len(args)):
        result[position] += partial_derivative(f, args, position, h)
    return result
