"""A backward pass for each point; their gradients add up to that of the average, then one step."""

import operator

from engine import Value
from neural import MLP


def mse(predictions, targets):
    total = Value(0.0)
    for place in range(len(targets)):
        miss = predictions[place] - targets[place]
        total = total + miss * miss
    return total * (1.0 / len(targets))


def train(model, xs, ys, learning_rate, steps, report=None):
    history = []
    for step in range(steps):
        model.zero_grad()
        loss = 0.0
        for x, y in zip(xs, ys):
            share = mse([model(x)], [y]) * (1 / len(xs))
            share.backward()
            loss += share.data
        history.append(loss)
        before = [(p, p.data, p.grad) for p in model.parameters()]
        for p, number, slope in before:
            p.data = number - learning_rate * slope
        if report:
            report(step, loss)
    return history


def accuracy(model, xs, ys):
    hits = [operator.mul(model(x).data, y) > 0 for x, y in zip(xs, ys)]
    return hits.count(True) / len(hits)
