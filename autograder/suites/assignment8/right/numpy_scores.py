"""numpy for everything that is not differentiated."""

import neural
import numpy as np

MLP = neural.MLP


def mse(predictions, targets):
    misses = np.array(predictions, dtype=object) - np.array(targets, dtype=float)
    return (misses**2).sum() / len(misses)


def train(model, xs, ys, learning_rate, steps):
    losses = np.zeros(steps)
    parameters = model.parameters()
    for step in range(steps):
        loss = mse([model(x) for x in xs], ys)
        losses[step] = loss.data
        model.zero_grad()
        loss.backward()
        data = np.array([p.data for p in parameters])
        slopes = np.array([p.grad for p in parameters])
        for parameter, number in zip(parameters, data - learning_rate * slopes):
            parameter.data = number
    return list(losses)


def accuracy(model, xs, ys):
    answers = np.array([model(x).data for x in xs])
    return np.mean(np.sign(answers) == np.sign(np.array(ys)))
