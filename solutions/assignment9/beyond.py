# %% [markdown]
# # Assignment 9: Beyond scalars, part one
#
# The network in assignment8 answered a yes-or-no question. Here you build what it takes to choose
# between many classes: a new operator, `log`, and with it `softmax` and `nll`. In part two,
# `beyond_torch.py`, you do in PyTorch what you have done by hand.
#
# In the lecture: from [2:14:03](https://youtu.be/VMj-3S1tku0?t=8043), how this leads to modern
# networks.
#
# To check your work, run `grade assignment9` in a terminal, as often as you like.

# %% [markdown]
# Here is the engine again, complete and in this file, because you are going to extend it.

# %%
import math


class Value:
    """A number that remembers how it was computed."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self.label = label
        self._prev = set(_children)
        self._op = _op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def _unary(self, result, op, slope):
        """A node with one operand; `slope()` is the derivative of the result by that operand."""
        out = Value(result, (self,), op)

        def _backward():
            self.grad += slope() * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n):
        return self._unary(self.data**n, f"**{n}", lambda: n * self.data ** (n - 1))

    def exp(self):
        e = math.exp(self.data)
        return self._unary(e, "exp", lambda: e)

    def tanh(self):
        t = math.tanh(self.data)
        return self._unary(t, "tanh", lambda: 1 - t * t)

    def relu(self):
        return self._unary(max(0.0, self.data), "relu", lambda: 1.0 if self.data > 0 else 0.0)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    __radd__, __rmul__ = __add__, __mul__  # the order of the operands makes no difference here

    def backward(self):
        """Add to the `grad` of every node the derivative of this Value by that node."""
        order, seen, pending = [], set(), [(self, False)]
        while pending:  # a list instead of recursion, which Python stops at 1000 levels
            node, operands_done = pending.pop()
            if operands_done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                pending.append((node, True))
                pending.extend((operand, False) for operand in node._prev)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()


# %% [markdown]
# ## A new operator
#
# The natural logarithm answers the question: e to which power gives x? It undoes `exp`, so log(e³)
# = 3. It is only defined for positive numbers. Near 0 it falls to minus infinity, at 1 it is 0, and
# then it grows more and more slowly:

# %% tags=["demo"]
for number in (0.01, 0.5, 1.0, 2.0, 100.0):
    print(number, round(math.log(number), 3))  # -4.605, -0.693, 0.0, 0.693, 4.605

h = 1e-5
print(round((math.log(2.0 + h) - math.log(2.0 - h)) / (2 * h), 6))  # 0.5: the slope at 2

# %% [markdown]
# The slope of log at x is 1/x: steep near 0, flat for large x. At 2 it is 1/2, as the central
# difference says.
#
# You have added operators before, in assignments 2 and 3: compute the number, make a new Value that
# remembers its operand, and store a `_backward` on it. Do it once more for `log`. The function gets
# the Value as its argument, and the line below attaches it to the class, so that `x.log()` works.


# %% parts=["log"]
def log(value):
    """Return the natural logarithm of `value`, a Value with positive data, as a new Value.

    Its `_backward` adds the right share to `value.grad`.
    """
    ### BEGIN SOLUTION: Make a Value that holds the logarithm and knows its backward step.
    out = Value(math.log(value.data), (value,), "log")

    def _backward():
        value.grad += out.grad / value.data

    out._backward = _backward
    return out
    ### END SOLUTION


Value.log = log

# %% tags=["demo"]
x = Value(2.0)
y = x.log()
y.backward()
print(round(y.data, 4), x.grad)  # 0.6931 0.5

x = Value(2.0)
y = 3 * x.log() + x.log()  # x is used twice, so its gradient is 3 * 0.5 + 0.5
y.backward()
print(x.grad)  # 2.0

# %% [markdown]
# ## From scores to probabilities
#
# To choose between four classes, let a network return four numbers, one score per class. These
# scores are called *logits*. They can be any numbers, positive or negative; a higher one just means
# more likely. What we want is probabilities: all positive, with a sum of 1.
#
# *Softmax* makes probabilities from logits in two steps. First take e to the power of each logit,
# which makes them all positive and keeps their order. Then divide each by the sum of all. The
# first probability, for logits a, b, c, is exp(a) / (exp(a) + exp(b) + exp(c)). In plain floats,
# for the logits 1 and 2:

# %% tags=["demo"]
e1, e2 = math.exp(1.0), math.exp(2.0)
print(round(e1 / (e1 + e2), 4), round(e2 / (e1 + e2), 4))  # 0.2689 0.7311

# %% [markdown]
# There is a trap. e to a large power is too large for a float:

# %% tags=["demo"]
try:
    math.exp(1000.0)
except OverflowError as error:
    print(error)  # math range error

# %% [markdown]
# The way out: probabilities only depend on the *differences* between the logits. If you subtract
# the same number m from each, every power is divided by exp(m), in the numerator and in the
# denominator, and the result is unchanged. So subtract the largest logit first. Then the largest is
# 0, the others are negative, and no power can be too large. A very small one becomes 0.0, which
# does no harm.
#
# For the gradient, m can be a plain number. Shifting all logits by it changes nothing, so you don't
# need its slope.

# %% tags=["demo"]
shifted = [1001.0 - 1002.0, 1002.0 - 1002.0]
e1, e2 = math.exp(shifted[0]), math.exp(shifted[1])
print(round(e1 / (e1 + e2), 4), round(e2 / (e1 + e2), 4))  # 0.2689 0.7311, as for 1 and 2


# %% parts=["softmax"]
def softmax(logits):
    """Return the probabilities for `logits`, a list of Values, as a list of Values.

    Works for logits as large as 1000 and more.
    """
    ### BEGIN SOLUTION: Shift the logits by the largest, take exp of each, divide by their sum.
    largest = max(logit.data for logit in logits)
    powers = [(logit - largest).exp() for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]
    ### END SOLUTION


# %% tags=["demo"]
logits = [Value(0.0), Value(3.0), Value(-2.0), Value(1.0)]
probabilities = softmax(logits)
print([round(p.data, 5) for p in probabilities])  # [0.04177, 0.83902, 0.00565, 0.11355]
print(round(sum(probabilities).data, 6))  # 1.0

print([p.data for p in softmax([Value(1000.0), Value(1000.0)])])  # [0.5, 0.5]

# %% [markdown]
# ## A loss for choices
#
# Which number says how bad these probabilities are? Suppose that the correct class is the last one,
# number 3 when we count from 0. The model gave it 0.11. A good model would give it nearly 1. So
# only the probability of the correct class counts, and the loss is minus its logarithm. It is
# called the *negative log-likelihood*, NLL. A confident correct answer costs nothing, and the less
# likely the model thought the truth, the more it costs:

# %% tags=["demo"]
for p in (0.99, 0.5, 0.11355, 0.001):
    print(p, round(-math.log(p), 3))  # 0.01, 0.693, 2.176, 6.908


# %% parts=["nll"]
def nll(logits, target):
    """Return, as a Value, minus the logarithm of the probability of class `target`.

    `logits` is a list of Values, one for each class; `target` is the index of the right one.
    """
    ### BEGIN SOLUTION: Turn the logits into probabilities, and use the target's.
    return -softmax(logits)[target].log()
    ### END SOLUTION


# %% tags=["demo"]
logits = [Value(0.0), Value(3.0), Value(-2.0), Value(1.0)]
loss = nll(logits, 3)
loss.backward()
print(round(loss.data, 8))  # 2.17551536
print([round(logit.grad, 5) for logit in logits])  # [0.04177, 0.83902, 0.00565, -0.88645]

# %% [markdown]
# Compare the gradients with the probabilities above. The first three *are* the probabilities. The
# last is 0.11355 - 1. So the gradient of each logit is its probability, minus 1 for the correct
# class. You didn't tell the engine that. It came out of exp, sum, division and log, one chain rule
# after another.
#
# In words: a step against the gradient pulls every wrong class down by the probability it got, and
# pushes the correct one up by the probability it lacks.

# %% tags=["demo"]
import matplotlib.pyplot as plt

predict = ...  # your guess: what do the four gradients add up to?
print(abs(round(sum(logit.grad for logit in logits), 9)))

names = [f"class {i}\nlogit {logit.data:g}" for i, logit in enumerate(logits)]
names[3] += "\n(right)"
heights = [p.data for p in softmax(logits)]
grads = [logit.grad for logit in logits]

plt.figure(figsize=(9, 3.6))
for panel, (title, bars) in enumerate([("probability", heights), ("gradient of the loss", grads)]):
    plt.subplot(1, 2, panel + 1)
    drawn = plt.bar(names, bars, color=["gray", "gray", "gray", "tab:green"])
    plt.bar_label(drawn, fmt="%.3f", padding=2)
    plt.axhline(0, color="black", linewidth=0.8)
    plt.ylim(-1.1, 1.1)
    plt.title(title)
plt.tight_layout()
plt.show()

# %% [markdown]
# They add up to 0, because pushing all logits up together changes nothing. And if you follow these
# gradients, the correct class takes over:

# %% tags=["demo"]
for _ in range(20):
    for logit in logits:
        logit.grad = 0.0
    loss = nll(logits, 3)
    loss.backward()
    for logit in logits:
        logit.data -= 1.0 * logit.grad
print([round(p.data, 3) for p in softmax(logits)])  # [0.009, 0.022, 0.002, 0.967]

# %% [markdown]
# ## Three arms of a spiral
#
# Now a whole network on your `softmax`, your `log` and your `nll`. The points are on three arms
# that wind around each other, with a little noise, and the question is: which arm? A layer of 12
# tanh neurons gets the two coordinates; a second layer, without tanh, turns their outputs into
# three logits. Each step uses 12 points drawn at random, like the mini-batches in assignment8. It
# takes about ten seconds, because every number is one of your objects.

# %% tags=["demo"]
import random


def spiral(n, seed):
    """Points on three arms, n on each, and for each point the number of its arm."""
    chance = random.Random(seed)
    points, arms = [], []
    for arm in range(3):
        for i in range(n):
            radius = 0.1 + 0.9 * i / (n - 1)
            angle = 2 * math.pi * arm / 3 + 4 * radius + chance.gauss(0, 0.2)
            points.append([radius * math.cos(angle), radius * math.sin(angle)])
            arms.append(arm)
    return points, arms


def random_layer(nin, nout):
    """A row for each neuron: its weights, and its bias at the end."""
    return [[Value(random.gauss(0, 1)) for _ in range(nin + 1)] for _ in range(nout)]


def sums(layer, x):
    """What each neuron adds up; sum(numbers, start) begins with its bias."""
    return [sum((w * number for w, number in zip(row, x)), row[-1]) for row in layer]


random.seed(2)
hidden, output = random_layer(2, 12), random_layer(12, 3)


def scores(x):
    return sums(output, [total.tanh() for total in sums(hidden, x)])


points, arms = spiral(40, seed=1)
parameters = [number for row in hidden + output for number in row]
print(len(parameters))  # 75

losses = []
for step in range(400):
    batch = random.sample(range(len(points)), 12)
    loss = sum(nll(scores(points[i]), arms[i]) for i in batch) / len(batch)
    losses.append(loss.data)
    for parameter in parameters:
        parameter.grad = 0.0
    loss.backward()
    for parameter in parameters:
        parameter.data -= 1.0 * parameter.grad
print(f"from {sum(losses[:20]) / 20:.1f} to {sum(losses[-20:]) / 20:.1f}")

# %% [markdown]
# At the start the loss is about 1.1 or more: giving each of three classes a third costs -log(1/3),
# which is 1.1. How good is it now? Count the points whose highest score is that of their own arm.
# Then count again with points it has never seen: only they show whether it has learned the arms
# rather than the points.

# %% tags=["demo"]
from matplotlib.colors import ListedColormap


def decision(x):
    numbers = [score.data for score in scores(x)]
    return numbers.index(max(numbers))


def share_right(points, arms):
    return sum(decision(x) == arm for x, arm in zip(points, arms)) / len(points)


new_points, new_arms = spiral(40, seed=2)
print(f"{share_right(points, arms):.0%} of its own points")
print(f"{share_right(new_points, new_arms):.0%} of points that it never saw")

across = [-1.2 + 2.4 * i / 49 for i in range(50)]
plt.figure(figsize=(9, 4))
plt.subplot(1, 2, 1)
plt.plot(losses, linewidth=1)
plt.ylim(bottom=0)
plt.xlabel("step")
plt.ylabel("nll of the batch")
plt.subplot(1, 2, 2)
decisions = [[decision([x, y]) for x in across] for y in across]
colors = ["tab:blue", "tab:red", "tab:green"]
shades = ListedColormap(colors)  # color 0 for arm 0, and so on
plt.imshow(decisions, cmap=shades, alpha=0.25, origin="lower", extent=(-1.2, 1.2, -1.2, 1.2))
for arm, color in enumerate(colors):
    own = [x for x, a in zip(new_points, new_arms) if a == arm]
    plt.scatter(*zip(*own), color=color, s=12)
plt.title("its decisions, and points it never saw")
plt.tight_layout()
plt.show()

# %% [markdown] points=2
# **A question to think about.** For logits 1000 and 0, `softmax` is fine. But if the correct class
# is the second, `nll` fails in most people's code, and `grade` doesn't test that case. What goes
# wrong? Write the logarithm of exp(b) / (exp(a) + exp(b)) as a difference of two logarithms, and
# find a form that does not fail.

# %% [markdown]
# ## What comes next
#
# Part two is in `beyond_torch.py`. It needs PyTorch, which is large. Where that is not installed,
# `grade` still grades this part.
