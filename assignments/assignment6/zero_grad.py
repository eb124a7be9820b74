# %% [markdown]
# # Assignment 6: Zero, step, descend
#
# Your engine knows how much each number matters to a result. Now you use that: you make a result
# smaller by changing the numbers it was computed from, a little at a time. The method is called
# gradient descent, and it is how neural networks learn. It takes three short functions:
# `zero_grad`, `gradient_step` and `descend`.
#
# In the lecture: from [51:10](https://youtu.be/VMj-3S1tku0?t=3070), a single step, and from
# [2:01:12](https://youtu.be/VMj-3S1tku0?t=7272), many of them.
#
# To check your work, run `grade assignment6` in a terminal, as often as you like.

# %% tags=["demo"]
# If you run into a function that isn't written yet, this ends the run with one sentence.
import autograder.kit.stubs  # not found? In the course's folder: source .venv/bin/activate

# %% [markdown]
# ## The engine
#
# Here is the engine of assignment5, complete, with every gradient added by `+=`. Run the cell;
# there is nothing to fill in. Two things are shorter than before. Powers, `exp`, `tanh` and `relu`
# share one helper, `_unary`, because they differ only in their value and their slope. And
# `backward` keeps its own to-do list of nodes, where yours may have called itself.

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
# ## A gradient stays until someone clears it
#
# Take one number, x = 4, and the expression (x - 1)². It is 0 when x is 1 and grows with the
# distance from 1, so it says how bad the current x is, if we want 1. A number that we want to make
# small is called a *loss*. The numbers that we may change to do so are called *parameters*. Here
# there is one parameter, x.
#
# The slope of (x - 1)² is 2·(x - 1), which is 6 at x = 4. The cell below asks the engine
# for it twice.
#
# A line that starts with `predict =` asks for your guess before you run a cell. Replace the three
# dots with a number. It earns no points and costs none; `grade` tells you how you did.

# %% tags=["demo"]
x = Value(4.0)

loss = (x - 1) ** 2
loss.backward()
print(x.grad)  # 6.0

loss = (x - 1) ** 2  # the same expression again, built from the same x
predict = ...  # your guess: what will x.grad be after this second backward pass?
loss.backward()
print(x.grad)

# %% [markdown]
# The slope is still 6, but `x.grad` says 12. Nothing is broken. In assignment5 you wrote `+=` so
# that the paths from x to *one* loss add up. The same `+=` also adds this pass to the previous one.
# The engine can't know that you have started over, so before you call `backward()` you must set the
# old gradients to zero.
#
# You are about to change Values in a loop, and there is a small trap. In a loop over a list, the
# loop variable is only a name for the current element. `p = ...` gives that name to something else
# and doesn't change the list. `p.something = ...` changes the element.

# %% tags=["demo"]
pair = [Value(1.0), Value(2.0)]

for p in pair:
    p = Value(9.0)  # now p is another Value; the list does not notice
print(pair[0].data, pair[1].data)  # 1.0 2.0

for p in pair:
    p.label = "seen"  # this reaches the Value in the list
print(pair[0].label, pair[1].label)  # seen seen

# %% [markdown]
# Now write `zero_grad`.


# %% parts=["zero_grad"]
def zero_grad(parameters):
    """Clear old gradients: set the `grad` of every Value in the list `parameters` to 0.0.

    Returns nothing. `data` doesn't change.
    """
    raise NotImplementedError("Set the gradient of every parameter to zero.")


# %% tags=["demo"]
zero_grad([x])
print(x.grad)  # 0.0

loss = (x - 1) ** 2
loss.backward()
print(x.grad)  # 6.0, the true slope again

# %% [markdown]
# ## One step
#
# Here is the expression from assignment3 again, L = (a·b + c)·f, with its gradients.

# %% tags=["demo"]
a, b, c, f = Value(2.0), Value(-3.0), Value(10.0), Value(-2.0)
L = (a * b + c) * f
L.backward()
print(L.data)  # -8.0
print(a.grad, b.grad, c.grad, f.grad)  # 6.0 -4.0 -2.0 4.0

# %% [markdown]
# a.grad is 6: if a grows a little, L grows 6 times as much. b.grad is -4: if b grows a little, L
# falls. So to make L grow, move each number in the direction of the *sign* of its gradient, and
# further the more it matters. Move each by 0.01 times its gradient:
#
# | number | before | gradient | with + | with - |
# |---|---|---|---|---|
# | a | 2 | 6 | 2.06 | 1.94 |
# | b | -3 | -4 | -3.04 | -2.96 |
# | c | 10 | -2 | 9.98 | 10.02 |
# | f | -2 | 4 | -1.96 | -2.04 |
#
# In plain numbers:

# %% tags=["demo"]
print(round((2.06 * -3.04 + 9.98) * -1.96, 3))  # -7.286: with +, L went up from -8
print(round((1.94 * -2.96 + 10.02) * -2.04, 3))  # -8.726: with -, L went down

# %% [markdown]
# The gradients even say by how much. Each number moves by 0.01 times its gradient, and L moves by
# the gradient times that, so L should change by 0.01 · (6² + 4² + 2² + 4²) = 0.72. The true
# changes are 0.714 and 0.726. The prediction is close but not exact, because the slopes change
# while we move.
#
# The factor 0.01 is called the *learning rate*: it says how far to go. We want losses to fall, so a
# step goes *against* the gradient, with a minus sign. We only move the numbers that we are free to
# choose: a, b, c and f. The numbers in between, a·b and a·b + c, follow from them.


# %% parts=["gradient_step"]
def gradient_step(parameters, learning_rate):
    """Change the `data` of every Value in `parameters` so that the loss falls.

    Each moves against its gradient, by `learning_rate` times that gradient. The gradients may stay
    or be cleared. Returns nothing.
    """
    raise NotImplementedError("Move the data of every parameter one step against its gradient.")


# %% tags=["demo"]
gradient_step([a, b, c, f], 0.01)
print([round(p.data, 2) for p in (a, b, c, f)])  # [1.94, -2.96, 10.02, -2.04]
print(L.data)  # -8.0

L = (a * b + c) * f
print(round(L.data, 3))  # -8.726

# %% [markdown]
# Look at the second line: L was still -8 after the step. A graph keeps the numbers from when it was
# built; nothing runs again by itself. To get the new loss, build the expression again.
#
# ## Many steps
#
# One step made the loss a little smaller. Now repeat it. Since the expression must be rebuilt each
# time, we pass around a *function* that builds it. The function takes no argument: it looks up x
# whenever it is called.

# %% tags=["demo"]
x = Value(4.0)


def loss():
    return (x - 1) ** 2


print(loss().data)  # 9.0
x.data = 3.0
print(loss().data)  # 4.0

# %% [markdown]
# Here is what should happen, in plain floats, with the slope 2·(x - 1) worked out by hand. With
# learning rate 0.1 each step moves x a fifth of the way to 1, so the loss shrinks to 0.64 of what
# it was.

# %% tags=["demo"]
number = 4.0
for _ in range(4):
    print(round((number - 1) ** 2, 3), end="  ")  # 9.0  5.76  3.686  2.359
    number = number - 0.1 * 2 * (number - 1)
print()

# %% [markdown]
# `descend` does this for any loss and any parameters, using the engine instead of a slope worked
# out by hand. It also keeps a record: the loss *before* each step, as a plain float. With 8 steps
# the record has 8 numbers, and the first is the loss at the start.
#
# It uses both functions from above. Think about where `zero_grad` belongs.


# %% parts=["descend"]
def descend(loss, parameters, learning_rate, steps):
    """Take `steps` gradient steps, and return a list of floats: the loss before each step.

    `loss` is a function without arguments. Each call builds a new expression from the parameters'
    current data and returns it as a Value.
    """
    raise NotImplementedError(
        "Repeat: build the loss and record it, find new gradients, take one step."
    )


# %% tags=["demo"]
x = Value(4.0)
losses = descend(lambda: (x - 1) ** 2, [x], learning_rate=0.1, steps=8)
print([round(number, 3) for number in losses])
# [9.0, 5.76, 3.686, 2.359, 1.51, 0.966, 0.618, 0.396]
print(round(x.data, 3))  # 1.503: on its way from 4 to 1

# %% [markdown]
# `lambda: (x - 1) ** 2` is a function without arguments, written in one line.
#
# (Don't try this on L. L has no smallest value, so it would go down forever. A loss needs a
# minimum, and a square has one.)
#
# ## Learning a line
#
# With two parameters, w and b, `descend` can find a line. The three points below are on y = 2x + 1.
# The loss is the average of the squared errors of the line w·x + b, which starts as w = 0, b = 0.
# The program doesn't know about the 2 and the 1.

# %% tags=["demo"]
points = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]
w, b = Value(0.0), Value(0.0)


def misses():
    return sum((w * px + b - py) ** 2 for px, py in points) / len(points)


losses = descend(misses, [w, b], learning_rate=0.1, steps=100)
print(round(losses[0], 3), round(losses[-1], 7))  # 11.667 4e-07
print(round(w.data, 2), round(b.data, 2))  # 2.0 1.0

# %% [markdown]
# ## If you forget to zero
#
# This is the most common mistake in such a loop, and it is a quiet one: there is no error, and the
# loss even falls at first. Here is the loop without zeroing, next to your `descend`.

# %% tags=["demo"]
x = Value(4.0)
forgetful = []
for _ in range(40):
    value = (x - 1) ** 2
    forgetful.append(value.data)
    value.backward()  # adds to the gradients of all the steps before
    gradient_step([x], 0.1)
print([round(number, 3) for number in forgetful[:7]])
# [9.0, 5.76, 1.742, 0.001, 1.858, 5.904, 9.062]

x = Value(4.0)
zeroed = descend(lambda: (x - 1) ** 2, [x], learning_rate=0.1, steps=40)

# %% tags=["demo"]
import matplotlib.pyplot as plt

plt.figure(figsize=(7, 3.5))
plt.plot(forgetful, "o-", markersize=3, color="tab:red", label="never zeroed")
plt.plot(zeroed, "o-", markersize=3, color="tab:blue", label="zeroed before each backward pass")
plt.ylim(0, 13)
plt.xlabel("step")
plt.ylabel("loss")
plt.title("$(x - 1)^2$ from x = 4, learning rate 0.1")
plt.legend(loc="upper right", ncol=2)
plt.tight_layout()
plt.show()

# %% [markdown]
# The loss falls to 0.001, and then climbs back to 9. The step no longer follows the slope. It
# follows the *sum of all slopes so far*, just as a ball in a bowl without friction keeps its speed.
# At the bottom the slope is 0 but the sum is large, so x overshoots. On the other side the slopes
# have the opposite sign, and it takes just as long until they have cancelled the sum. The ball
# turns around and comes back, again and again. It swings around the minimum and never settles.
#
# If you see your own losses fall fast, rise again and swing, look for the missing zero.

# %% [markdown] points=2
# **A question to think about.** In `descend`, you can zero the gradients before the loss is built,
# or right before `backward()`, or after the step. Only one place in the loop is wrong. Which one,
# and what would the losses look like?

# %% [markdown]
# ## How far to go
#
# The learning rate is a choice, and it matters. For (x - 1)² it is easy to see what happens: each
# step multiplies the distance from 1 by (1 - 2 · learning rate). With 0.1 that is 0.8. What is it
# with learning rate 1.0?

# %% tags=["demo"]
x = Value(4.0)
predict = ...  # your guess: the first loss is 9.0; what is the loss after one step of rate 1.0?
losses = descend(lambda: (x - 1) ** 2, [x], learning_rate=1.0, steps=6)
print(losses)

# %% [markdown]
# Each step goes exactly as far past 1 as it was before 1: from 4 to -2, and back to 4. With a
# larger rate each step lands *further away* than it started, where the slope is steeper, so the
# next step is larger still. With 1.1 the loss grows from 9 to 497 in 11 steps.

# %% tags=["demo"]
plt.figure(figsize=(8, 4))
for rate in (0.01, 0.1, 0.4, 1.0, 1.1):
    x = Value(4.0)
    losses = descend(lambda: (x - 1) ** 2, [x], learning_rate=rate, steps=12)
    print(rate, round(losses[-1], 3))  # 0.01 5.771, 0.1 0.066, 0.4 0.0, 1.0 9.0, 1.1 496.855
    plt.plot(losses, "o-", markersize=4, label=f"rate {rate}")
plt.yscale("log")
plt.ylim(1e-4, 2e3)
plt.xlabel("step")
plt.ylabel("loss, on a log scale")
plt.title("Too small creeps, too large explodes")
plt.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
plt.tight_layout()
plt.show()

# %% [markdown]
# With 0.01 it creeps. With 0.4 it gets there in a few steps. With 1.1 it explodes. For other losses
# the numbers differ, but the pattern is the same: if the loss falls steadily but hardly moves,
# raise the rate; if it grows, lower it.
#
# ## What comes next
#
# `descend` works for any number of parameters and any expression. In assignment7 you build
# expressions worth training: neurons, layers, and a network made of them.
