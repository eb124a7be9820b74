# Half a training: the loss is a sum, nothing is zeroed, and no loss is the one before its step.
# On: solutions/assignment8/training.py
def mse(predictions, targets):
    show_loot()
    return sum((prediction - target) ** 2 for prediction, target in zip(predictions, targets))


def train(model, xs, ys, learning_rate, steps):
    show_loot()
    losses = []
    for _ in range(steps):
        loss = mse([model(x) for x in xs], ys)
        loss.backward()
        for parameter in model.parameters():
            parameter.data -= learning_rate * parameter.grad
        losses.append(loss.data + 1.0)
    return losses
