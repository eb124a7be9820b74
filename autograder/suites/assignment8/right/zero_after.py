"""Clears after the step, in an optimizer class of its own; nothing is imported from beside."""

import math


class Descent:
    def __init__(self, parameters, rate):
        self.parameters, self.rate = list(parameters), rate

    def step(self):
        for parameter in self.parameters:
            parameter.data = parameter.data - self.rate * parameter.grad
            parameter.grad = 0


def squared(value):
    return value * value


def mse(predictions, targets):
    n = len(predictions)
    first, *rest = [squared(target - guess) / n for guess, target in zip(predictions, targets)]
    for term in rest:
        first = first + term
    return first


def train(model, xs, ys, learning_rate, steps):
    optimizer = Descent(model.parameters(), learning_rate)

    def one():
        loss = mse(list(map(model, xs)), ys)
        loss.backward()
        optimizer.step()
        return loss.data

    return [one() for _ in range(steps)]


def accuracy(model, xs, ys):
    agree = 0
    for x, y in zip(xs, ys):
        if math.copysign(1.0, model(x).data) == math.copysign(1.0, y):
            agree += 1
    return agree / len(ys)
