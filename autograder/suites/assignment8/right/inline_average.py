"""The loss is averaged over single points, each of which runs backward on its own."""

import engine


def mse(predictions, targets):
    pairs = list(zip(predictions, targets))
    weight = engine.Value(1 / len(pairs))
    return sum([weight * (p - engine.Value(t)) ** 2 for p, t in pairs])


def train(model, xs, ys, learning_rate, steps):
    record = []
    while len(record) < steps:
        model.zero_grad()
        total = 0.0
        for x, y in zip(xs, ys):  # gradients add up over the points
            part = (model(x) - y) ** 2 / len(xs)
            part.backward()
            total += part.data
        record.append(total)
        for parameter in model.parameters():
            parameter.data -= learning_rate * parameter.grad
    return tuple(record)


def accuracy(model, xs, ys):
    return sum(1 for x, y in zip(xs, ys) if model(x).data * y > 0) / len(xs)
