"""The loop of the lecture's video, with gradients set to 0.0 before the backward pass."""

from engine import Value
from neural import MLP


def mse(predictions, targets):
    total = Value(0.0)
    for ygt, yout in zip(targets, predictions):
        total = total + (yout - ygt) ** 2
    return total * (1.0 / len(predictions))


def train(model, xs, ys, learning_rate, steps):
    history = []
    for k in range(steps):
        # forward pass
        ypred = [model(x) for x in xs]
        loss = mse(ypred, ys)
        # backward pass
        for p in model.parameters():
            p.grad = 0.0
        loss.backward()
        # update
        for p in model.parameters():
            p.data += -learning_rate * p.grad
        history.append(float(loss.data))
    return history


def accuracy(model, xs, ys):
    hits = [(1.0 if model(x).data >= 0 else -1.0) == float(y) for x, y in zip(xs, ys)]
    return hits.count(True) / len(hits)
