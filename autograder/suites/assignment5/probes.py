"""assignment5: what engines are asked to tell which line overwrites, and what else sums wrongly.

Only answers that no order of a set of children can change: f(x) + f(x) with the same f, and an
operand on one side alone.
"""

from autograder.oracles.probing import gradients, value


def after(formula, **inputs):
    """The gradients of a formula after backward()."""
    return gradients("backward", formula, **inputs)


PROBES = {
    "value of a + b": value(lambda a, b: a + b, a=2.0, b=-3.5),
    "value of a * b": value(lambda a, b: a * b, a=2.0, b=-3.5),
    "a + b": after(lambda a, b: a + b, a=2.0, b=-3.5),
    "a * b": after(lambda a, b: a * b, a=2.0, b=-3.5),
    "a + a": after(lambda a: a + a, a=3.0),
    "a * a": after(lambda a: a * a, a=3.0),
    "a + b + a": after(lambda a, b: (a + b) + a, a=3.0, b=5.0),
    "b + a + a": after(lambda a, b: (b + a) + a, a=3.0, b=5.0),
    "a + (b + a)": after(lambda a, b: a + (b + a), a=3.0, b=5.0),
    "a + (a + b)": after(lambda a, b: a + (a + b), a=3.0, b=5.0),
    "a * b * a": after(lambda a, b: (a * b) * a, a=3.0, b=5.0),
    "b * a * a": after(lambda a, b: (b * a) * a, a=3.0, b=5.0),
    "a * (b * a)": after(lambda a, b: a * (b * a), a=3.0, b=5.0),
    "a * (a * b)": after(lambda a, b: a * (a * b), a=3.0, b=5.0),
    "** twice": after(lambda a: a**3 + a**3, a=1.5),
    "exp twice": after(lambda a: a.exp() + a.exp(), a=0.5),
    "tanh twice": after(lambda a: a.tanh() + a.tanh(), a=0.5),
    "relu twice": after(lambda a: a.relu() + a.relu(), a=2.0),
    "relu of -2 twice": after(lambda a: a.relu() + a.relu() * 3.0, a=-2.0),
    "exp of tanh": after(lambda a: a.tanh().exp(), a=0.5),
    "a + 2 twice": after(lambda a: (a + 2) + (a + 2), a=3.0),
    "a * 2 twice": after(lambda a: (a * 2) + (a * 2), a=3.0),
    "a chain": after(lambda a: ((a * 2.0) ** 3).tanh(), a=0.25),
    "three times": after(lambda a: (a + a) + a, a=3.0),
    "a and then 3 times": after(lambda a, b: (a + b) * 3.0 + a, a=3.0, b=5.0),
    "a - (a - b)": after(lambda a, b: a - (a - b), a=3.0, b=5.0),
    "a / (a / b)": after(lambda a, b: a / (a / b), a=3.0, b=5.0),
}
