# Aim: an answer nested a hundred thousand deep, and one that holds itself.
# Ends: error
def deep():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested


circle = []
circle.append(circle)
answers = [lambda: {"L": deep()}, lambda: circle, lambda: {"a": circle}]


def manual_gradients(*args):
    return answers.pop()() if answers else deep()
