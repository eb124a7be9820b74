# Half a descent: it climbs, and zeroes only the first gradient.
# On: solutions/assignment6/zero_grad.py
def zero_grad(parameters):
    show_loot()
    parameters[0].grad = 0.0


def gradient_step(parameters, learning_rate):
    show_loot()
    for parameter in parameters:
        parameter.data += learning_rate * parameter.grad
