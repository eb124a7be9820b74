# %% [markdown]
# # Assignment 2: Operators
#
# You teach `Value` to compute. When you are done, you can write `(a * b + c) * f` as you would for
# plain numbers, and the graph of the computation builds itself. No slopes yet: this is the forward
# pass. The backward pass starts in assignment3.
#
# In the lecture: from [19:09](https://youtu.be/VMj-3S1tku0?t=1149), the first two operators, and
# from [1:27:05](https://youtu.be/VMj-3S1tku0?t=5225), the others.
#
# To check your work, type `grade assignment2` in a terminal.

# %% tags=["demo"]
# If you run into a function that isn't written yet, this ends the run with one sentence.
import autograder.kit.stubs  # not found? In the course's folder: source .venv/bin/activate

# %% [markdown]
# ## What we have
#
# This is `Value` as assignment1 left it. It is complete; there is nothing to fill in here.

# %%
import math


class Value:
    """A number that remembers which nodes it was computed from, and how."""

    def __init__(self, data, _children=(), _op='', label=''):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label

    def __repr__(self):
        return f"Value(data={self.data})"

# %% [markdown]
# It can't compute yet:

# %% tags=["demo"]
try:
    print(Value(2.0) + Value(3.0))
except TypeError as error:
    print(error)  # unsupported operand type(s) for +: 'Value' and 'Value'

# %% [markdown]
# ## What `+` does
#
# When Python sees `a + b`, it looks in the class of `a` for a method called `__add__` and calls it:
# `self` is `a`, `other` is `b`, and what the method returns is the result. For `a * b` it is
# `__mul__`, and so on. So we can decide what `+` means:

# %% tags=["demo"]
class Word:
    def __init__(self, text):
        self.text = text


def join(self, other):
    return Word(self.text + '-' + other.text)


Word.__add__ = join
print((Word('back') + Word('prop')).text)  # back-prop

# %% [markdown]
# Note the second to last line. A method is a function that belongs to a class, and Python lets us
# add one to a class later. We will do that with every operator here: define a function in its own
# small cell, then attach it to the class under the name Python looks for. It works as if it had
# been written inside the class.
#
# ## 1. Addition
#
# The result of an operator is **a new `Value`**. It holds
#
# - as `data`, the number that was computed,
# - as `_children`, the operands: a tuple of the Values that went in,
# - as `_op`, the sign of the operation, here `'+'`.
#
# The operands don't change: they may be needed elsewhere.
#
# One more thing. We also want to write `a + 1`, and 1 is a plain number: it has no `data`. So wrap
# it first: a plain number becomes a leaf, `Value(1)`, and the rest is as before. To find out which
# case you have, use `isinstance`:

# %% tags=["demo"]
print(isinstance(Value(1.0), Value))  # True
print(isinstance(1.0, Value))  # False

# %% parts=["add"]
def add(self, other):
    """Return self + other as a new Value with the op '+'. other is a Value or a plain number."""
    raise NotImplementedError(
        "Wrap other if it is a plain number, then return a new Value with the sum."
    )


Value.__add__ = add

# %% tags=["demo"]
a = Value(2.0, label='a')
b = Value(-3.0, label='b')
total = a + b
print(total)  # Value(data=-1.0)
print(total._op, sorted(child.label for child in total._prev))  # + ['a', 'b']
print(a + 1)  # Value(data=3.0)
print(a)  # Value(data=2.0)

# %% [markdown]
# ## 2. Multiplication
#
# The same again with `'*'`. A plain number may be on the right here too.

# %% parts=["mul"]
def mul(self, other):
    """Return self * other as a new Value with the op '*'. other is a Value or a plain number."""
    raise NotImplementedError("Do as for add, with the product and the op '*'.")


Value.__mul__ = mul

# %% [markdown]
# That is enough for the expression from assignment1. There you gave each node its number and its
# children. Now you write the expression, and the nodes know. The last line draws it; without
# `trace`, `draw_dot` follows `_prev` itself.

# %% tags=["demo"]
from autograder.kit import draw_dot

a = Value(2.0, label='a')
b = Value(-3.0, label='b')
c = Value(10.0, label='c')
f = Value(-2.0, label='f')
e = a * b
e.label = 'e'
d = e + c
d.label = 'd'
L = d * f
L.label = 'L'
print(L)  # Value(data=-8.0)
draw_dot(L)

# %% [markdown]
# A question before you go on. A result is computed when its operator runs. What happens to it if an
# operand changes later? Replace the three dots with your guess, then run the cell.

# %% tags=["demo"]
p = Value(2.0)
q = p * 3.0
p.data = 10.0
predict = ...  # your guess: what is q.data now?

print(q.data)

# %% [markdown]
# The graph remembers where a number came from, but it doesn't compute it again. To see the effect
# of a changed leaf, run the expression again, which builds a new graph. Training a network does
# exactly this in every round.
#
# ## 3. Powers
#
# For `a ** 3` Python calls `__pow__`. Here the exponent is always a plain number, an int or a
# float, and it is not wrapped: it is part of the operation, as in "cubed". So the result has only
# one child, and an op that names the exponent, such as `'**3'`.
#
# One child is still a tuple of children, and in Python a tuple of one needs a comma: `(x,)`.
# Without it, `(x)` is just `x` in parentheses.
#
# (The function below is called `power` because Python already has a function called `pow`.)

# %% tags=["demo"]
print(2.0**3, 2.0**-1, 4.0**0.5)  # 8.0 0.5 2.0
print((7.0), (7.0,))  # 7.0 (7.0,)

# %% parts=["pow"]
def power(self, exponent):
    """Return self ** exponent as a new Value with one child. exponent is an int or a float."""
    raise NotImplementedError("Return a new Value with self.data to the power of the exponent.")


Value.__pow__ = power

# %% tags=["demo"]
cubed = a**3
print(cubed, cubed._op, len(cubed._prev))  # Value(data=8.0) **3 1
print(Value(4.0) ** 0.5)  # Value(data=2.0)

# %% [markdown]
# ## 4. Negation
#
# For `-a`, with nothing on the left, Python calls `__neg__`. You could make a new kind of node for
# it. But later each kind of node will need a rule for its slope, so it pays to have few kinds. And
# you already have one that can change a sign: `-a` is `a` times minus one.
#
# Build it from what you have. Don't use `Value(...)` and `data` here: a new `Value` without
# children would not remember `a`.

# %% parts=["neg"]
def neg(self):
    """Return -self, built from an operator you have."""
    raise NotImplementedError("Return self times minus one.")


Value.__neg__ = neg

# %% tags=["demo"]
print(-a)  # Value(data=-2.0)
print(len((-a)._prev) > 0)  # True

# %% [markdown]
# ## 5. Subtraction
#
# `a - b` is `a` plus the negation of `b`. That way, a plain number on the right needs no special
# treatment: `-5` is a number too, and your addition knows what to do with numbers.

# %% parts=["sub"]
def sub(self, other):
    """Return self - other, built from operators you have. other is a Value or a number."""
    raise NotImplementedError("Add the negation of other to self.")


Value.__sub__ = sub

# %% tags=["demo"]
print(a - b)  # Value(data=5.0)
print(a - 5)  # Value(data=-3.0)

# %% [markdown]
# ## 6. Division
#
# Dividing by `b` is the same as multiplying by `1/b`, and `1/b` is `b` to the power of -1:

# %% tags=["demo"]
print(7.0 / 2.0, 7.0 * 2.0**-1)  # 3.5 3.5

# %% [markdown]
# So division is built from `*` and `**`. (The last digit may differ from that of a true division.
# That does no harm.)

# %% parts=["truediv"]
def truediv(self, other):
    """Return self / other, built from operators you have. other is a Value or a number."""
    raise NotImplementedError("Multiply self by other to the power of minus one.")


Value.__truediv__ = truediv

# %% [markdown]
# Run it, and look at the picture of `ratio`. It has no node for `-` or `/`, only the ones you built
# them from. Of the boxes without a name, -1 is a plain number that was wrapped; the others are
# intermediate results.

# %% tags=["demo"]
print(Value(7.0) / Value(2.0))  # Value(data=3.5)
print(Value(7.0) / 2)  # Value(data=3.5)

k = Value(11.0, label='k')
m = Value(3.0, label='m')
n = Value(4.0, label='n')
ratio = (k - m) / n
ratio.label = 'ratio'
print(ratio)  # Value(data=2.0)
draw_dot(ratio)

# %% [markdown]
# ## 7. A number on the left
#
# `a * 2` works. What about `2 * a`? For plain numbers it would be the same, but Python starts on
# the left and asks the 2. It is an int and doesn't know about `Value`:

# %% tags=["demo"]
print((2).__mul__(a))  # NotImplemented
try:
    print(2 * a)
except TypeError as error:
    print(error)  # unsupported operand type(s) for *: 'int' and 'Value'

# %% [markdown]
# Before it gives up, Python asks the other side, under another name. It looks for `a.__rmul__` and
# calls it with the 2. The `r` stands for *right*, or *reflected*: **`self` is now the operand on
# the right, and `other` is the plain number on the left.** You will need this sooner than you
# think: Python's `sum` starts at 0, so `sum([a, b])` begins with `0 + a`. (You may return `a`
# itself there: adding nothing needs no new node.)
#
# For `+` and `*` the order doesn't matter, and an operator you already have does the work. But make
# sure the `Value` is on the left when you use it. With the number on the left, Python comes back to
# `__rmul__`, and you go round in circles until it raises a `RecursionError`.

# %%
def radd(self, other):
    """Return other + self. other is a plain number."""
    raise NotImplementedError("Use your addition, with the Value on the left.")


def rmul(self, other):
    """Return other * self. other is a plain number."""
    raise NotImplementedError("Use your multiplication, with the Value on the left.")


Value.__radd__ = radd
Value.__rmul__ = rmul

# %% tags=["demo"]
print(2 * a)  # Value(data=4.0)
print(1 + a)  # Value(data=3.0)
print(sum([Value(1.0), Value(2.0), Value(3.0)]))  # Value(data=6.0)

# %% [markdown]
# For `-` and `/` the order does matter: `5 - a` is not `a - 5`, and `1 / a` is not `a / 1`. The
# number on the left is what you subtract *from*, or divide. Again, an operator you already have can
# do the work, if you first negate or invert the `Value`.

# %% parts=["reflected"]
def rsub(self, other):
    """Return other - self. other is a plain number."""
    raise NotImplementedError("Negate self and add the number.")


def rtruediv(self, other):
    """Return other / self. other is a plain number."""
    raise NotImplementedError("Take self to the power of minus one and multiply by the number.")


Value.__rsub__ = rsub
Value.__rtruediv__ = rtruediv

# %% tags=["demo"]
print(5 - Value(2.0))  # Value(data=3.0)
print(1 / Value(4.0))  # Value(data=0.25)
print((3 - a) / (1 + a * a))  # Value(data=0.2)

# %% [markdown]
# ## Three functions that are not straight
#
# A network is mostly made of sums in which each input is multiplied by a fixed number. A sum of
# such sums is again such a sum: stack as many as you like, and you only get straight lines. It
# needs something in between that is not straight. Here are three such functions. `exp` is
# 2.71828... to the power of `x`, as in assignment0. The other two are what networks put between
# their sums.

# %% tags=["demo"]
import matplotlib.pyplot as plt

xs = [i / 20 for i in range(-60, 61)]  # -3.00, -2.95, ... 3.00
fig, panels = plt.subplots(1, 3, figsize=(10, 3.2))
curves = [
    ("exp", [math.exp(x) for x in xs]),
    ("tanh", [math.tanh(x) for x in xs]),
    ("relu", [max(0.0, x) for x in xs]),
]
for axes, (name, ys) in zip(panels, curves):
    axes.axhline(0, color="gray", linewidth=0.8)
    axes.axvline(0, color="gray", linewidth=0.8)
    axes.plot(xs, ys)
    axes.set_title(name)
    axes.set_xlabel("x")
    axes.grid(alpha=0.3)
panels[1].set_ylim(-1.2, 1.2)
plt.tight_layout()
plt.show()

# %% [markdown]
# - `exp` is always positive, and grows faster the larger it is.
# - `tanh` squashes any number into the range from -1 to 1. Near 0 it is almost `x` itself; far from
#   0 it is flat.
# - `relu` lets positive numbers through and turns negative ones into 0.
#
# Python has no symbol for them, so they are methods with names: `a.exp()`. Each makes one new
# `Value` with one child and its own name as the op.
#
# ## 8. exp
#
# `math.exp` works on plain floats, so give it the `data`, not the `Value`.

# %% parts=["exp"]
def exp(self):
    """Return e to the power of self as a new Value with one child and the op 'exp'."""
    raise NotImplementedError("Return a new Value with math.exp of this node's data.")


Value.exp = exp

# %% tags=["demo"]
print(Value(0.0).exp())  # Value(data=1.0)
print(f"{Value(1.0).exp().data:.6f}")  # 2.718282

# %% [markdown]
# ## 9. tanh
#
# `tanh` could be built from what you have: it is `(e^(2x) - 1) / (e^(2x) + 1)`, where `e^(2x)` is
# `exp` of `2x`. But the size of an operation is up to us. It can be a single sum, or a whole
# formula in one node. All that matters is that we know its slope when we need it, and the slope of
# `tanh` is simple. So make it one node: a *primitive*, not built from smaller ones. `math.tanh`
# computes it.

# %% parts=["tanh"]
def tanh(self):
    """Return tanh of self as a new Value with one child and the op 'tanh'."""
    raise NotImplementedError("Return a new Value with math.tanh of this node's data.")


Value.tanh = tanh

# %% [markdown]
# Both ways give the same number. One needs a single node, the other several.

# %% tags=["demo"]
x = Value(0.5)
grown = (2 * x).exp()
composed = (grown - 1) / (grown + 1)
print(f"{x.tanh().data:.6f}")  # 0.462117
print(f"{composed.data:.6f}")  # 0.462117

# %% [markdown]
# ## 10. relu
#
# If the number is positive, it passes. If not, the result is 0. We make a new node either way, so
# that the graph shows the relu; returning a positive `self` unchanged gives the same numbers.

# %% parts=["relu"]
def relu(self):
    """Return self if it is positive, else 0, as a new Value with one child and the op 'relu'."""
    raise NotImplementedError(
        "Return a new Value with this node's data if that is positive, else with 0.0."
    )


Value.relu = relu

# %% tags=["demo"]
print(Value(3.0).relu())  # Value(data=3.0)
print(Value(-3.0).relu())  # Value(data=0.0)

# %% [markdown]
# ## The first page again
#
# That was the last one. Remember the program on the first page of assignment0? Here it is, on the
# `Value` that *you* taught to compute. (`c += 1` means `c = c + 1`. It makes a new node, and from
# then on `c` is the name of that node. The old node is still in the graph.)

# %% tags=["demo"] parts=["together"]
a = Value(-4.0, label='a')
b = Value(2.0, label='b')
c = a + b
d = a * b + b**3
c += c + 1
c += 1 + c + (-a)
d += d * 2 + (b + a).relu()
d += 3 * d + (b - a).relu()
e = c - d
f = e**2
g = f / 2.0
g += 10.0 / f
print(f"{g.data:.4f}")  # 24.7041
print(a.grad, b.grad)  # 0.0 0.0

# %% [markdown]
# There is the 24.7041. The gradients are not there yet: every `grad` is still 0.0. But everything
# needed to find them is in the graph behind `g`, where there was only a number before.

# %% [markdown] points=2
# A question to think about: take a single node of that graph, say a product. It knows its two
# children and their numbers. Suppose someone tells it how fast `g` changes when *its own* number
# changes. Can it then work out, without looking at any other node, how fast `g` changes when one of
# its children does?

# %% [markdown]
# ## What comes next
#
# In assignment3 you answer that question, first by hand and then in code. Each operator will store
# a small function on its result, which passes the slope on to its children.
