# %% [markdown]
# # Assignment 4: Topological sort
#
# Each operator knows how to send gradients one step back. Here the graph learns in which order to
# take the steps. You write a walk that puts all nodes in order, and then `backward()`, the only
# line a user of your engine will have to call.
#
# In the lecture: from [1:17:32](https://youtu.be/VMj-3S1tku0?t=4652), the way back through a whole
# graph.
#
# To check your work, run `grade assignment4` in a terminal.

# %% tags=["demo"]
# If you run into a function that isn't written yet, this ends the run with one sentence.
import autograder.kit.stubs  # not found? In the course's folder: source .venv/bin/activate

# %% [markdown]
# ## What you have already
#
# The engine as assignment3 left it, in one class. There is nothing to fill in here.

# %%
import math


class Value:
    """A number that remembers how it was made, and how to send a gradient back."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad = out.grad
            other.grad = out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,), f"**{exponent}")

        def _backward():
            self.grad = exponent * self.data ** (exponent - 1) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad = out.data * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad = (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")

        def _backward():
            self.grad = out.grad if self.data > 0 else 0.0

        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return (-self) + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% [markdown]
# ## 1. Why the order matters
#
# Here is the expression from assignment3 again. Three of its nodes have a closure that does
# something: `L`, `d` and `e`. First we call them from the end to the beginning, then the other way
# round.

# %% tags=["demo"]
def build():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c, f = Value(10.0, label="c"), Value(-2.0, label="f")
    e = a * b
    d = e + c
    L = d * f
    e.label, d.label, L.label = "e", "d", "L"
    return a, b, c, d, e, f, L


a, b, c, d, e, f, L = build()
L.grad = 1.0
for node in [L, d, e]:
    node._backward()
print(d.grad, e.grad, b.grad)  # -2.0 -2.0 -4.0

a, b, c, d, e, f, L = build()
L.grad = 1.0
for node in [e, d, L]:
    node._backward()
print(d.grad, e.grad, b.grad)  # -2.0 0.0 0.0

# %% [markdown]
# In the second run `e` was called first. Its own gradient had not arrived yet, so it multiplied by
# 0 and passed 0 on. It was not called again later.
#
# That gives the rule. **A node may only send back after every node computed from it has done so.**
# Note the word *every*. If a number was used in two places, its node has to wait for both of them.
#
# ## 2. A list in the right order
#
# Turned around, the rule is easier to work with: put all nodes in a list so that **each node comes
# after all of its operands**. The root comes last. Such a list is called a **topological order**.
# Read from the end, it is the order for the closures.
#
# `operands_first` below says whether a list is in such an order, with no node in it twice. Try it
# on some lists written by hand.

# %% tags=["demo"]
def operands_first(order):
    """Say whether each node comes after all of its operands, and none appears twice."""
    seen = set()
    for node in order:
        if node in seen or any(operand not in seen for operand in node._prev):
            return False
        seen.add(node)
    return True


print(operands_first([a, b, e, c, d, f, L]))  # True
print(operands_first([f, c, b, a, e, d, L]))  # True
print(operands_first([a, e, b, c, d, f, L]))  # False
print(operands_first([L, d, e, a, b, c, f]))  # False

# %% [markdown]
# There may be many correct orders, and any of them will do. The third list has `e` before its
# operand `b`. The last one starts with the root.
#
# How do we find such a list? Your `trace` from assignment1 walks from the root to all nodes, so it
# is tempting to put each node in a list when the walk reaches it, and to reverse the list at the
# end. For `L` that would work. Now look at a graph in which numbers are used twice:

# %% tags=["demo"]
from autograder.kit import draw_dot

a, b = Value(2.0, label="a"), Value(3.0, label="b")
c = a + b
d = a * b
s = c + d
p = c * d
y = s + p
c.label, d.label, s.label, p.label, y.label = "c", "d", "s", "p", "y"
draw_dot(y)

# %% [markdown]
# Walk from `y` to `s`, from there to `c`, and on to `a` and `b`. All of these are in the list
# before the walk reaches `p`. But `p` was also made from `c`:

# %% tags=["demo"]
reached = [y, s, c, a, b, d, p]
print(operands_first(list(reversed(reached))))  # False

# %% [markdown]
# In the reversed list, `p` comes before its operands `c` and `d`. The closure of `c` would run
# before that of `p`, and half of the gradient of `c` would arrive too late.
#
# The moment of arrival is the wrong moment. Add a node to the list **when the walk leaves it**,
# after all of its operands. So, to put a node in the list:
#
# 1. If the walk has been here before, do nothing.
# 2. Put each of its operands in the list, in the same way.
# 3. Then put the node itself in.
#
# Start with the root, and you get a correct list.
#
# You can write this in two ways. The lecture uses *recursion*: a function, defined inside
# `topological_order`, that calls itself for each operand. It is short, and it is correct. Python
# allows about 1000 nested calls, so it fails for very deep graphs; the ones in this course are not
# that deep. The other way uses a loop and a to-do list. A node then comes up twice: once when it is
# entered, and its operands are put on the list above it, and once when it is left. It is also
# correct, at any depth.
#
# Either way, start with an empty list and nothing visited each time `topological_order` is called.
# The next graph has different nodes.


# %% parts=["order"]
def topological_order(root):
    """A list of root and all nodes it was computed from, each of them once.

    Every node comes after all of its operands, so root is last.
    """
    raise NotImplementedError("Walk down from root; add each node once, after all of its operands.")


# %% [markdown]
# The graph of `y` first. How long will its list be? Replace the three dots with your guess.

# %% tags=["demo"]
predict = ...  # your guess: how many nodes does topological_order(y) list?

order = topological_order(y)
print(len(order))
print(operands_first(order))  # True
print(order[-1].label)  # y

a, b, c, d, e, f, L = build()
print(operands_first(topological_order(L)))  # True
print(len(topological_order(e)))  # 3
print(len(topological_order(a)))  # 1

# %% [markdown]
# There are many paths from `y` down to `a`, yet `a` is listed once. Print the labels of `order` a
# few times, in a fresh run each time, and you may see different lists: `_prev` is a set, and a set
# has no order. All of them are correct.
#
# And how deep does yours go?

# %% tags=["demo"]
deep = Value(0.0)
for _ in range(5000):
    deep = deep + 1
try:
    print(len(topological_order(deep)))  # 10001
except RecursionError:
    print("too deep for recursion, which is all right here")

# %% [markdown] points=2
# **To think about.** For which graphs is there only one correct order? And in the graph of `L`: how
# far towards the end can the leaf `a` move?

# %% [markdown]
# ## 3. backward
#
# Now you have everything you need. To find the gradient of every node behind a root:
#
# - Set the gradient of the root. This is called *seeding* it, and you know from assignment3 which
#   number to use, whatever number the root holds. All nodes start with 0, and if the root had 0
#   too, only zeros could flow back.
# - Go through the topological order from the end. Python's `reversed` doesn't change a list; it
#   just reads it from the other end.
# - Call the closure of each node. Leaves have one too, which does nothing. A node whose gradient is
#   0 has nothing to send, so you may skip it.

# %% tags=["demo"]
for word in reversed(["first", "second", "third"]):
    print(word, end=" ")
print()
# third second first

# %% [markdown]
# A warning about two names that look alike. `backward` is for the user and is called once, on the
# root. `_backward`, with an underscore, is the small closure on each node. And a function only runs
# if there are parentheses after its name: `node._backward` alone does nothing, and there is no
# error.


# %% parts=["backward"]
def backward(self):
    """Set the grad of self to 1, then send gradients back to every node behind it."""
    raise NotImplementedError(
        "Seed self.grad, then call each closure in reversed topological order."
    )


Value.backward = backward

# %% tags=["demo"]
a, b, c, d, e, f, L = build()
L.backward()
print(a.grad, b.grad, c.grad, f.grad)  # 6.0 -4.0 -2.0 4.0

# %% [markdown]
# One line, and no list written by hand. Here are the neuron, and the tanh made of seven nodes, for
# which you called seven closures in assignment3.

# %% tags=["demo"]
x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
bias = Value(6.88137358, label="b")
o = (x1 * w1 + x2 * w2 + bias).tanh()
o.label = "o"
o.backward()
print(f"{x1.grad:.4f} {w1.grad:.4f} {x2.grad:.4f} {w2.grad:.4f}")  # -1.5000 1.0000 0.5000 0.0000

x = Value(0.5)
t = 1 - 2 / ((2 * x).exp() + 1)
t.backward()
print(f"{x.grad:.4f}")  # 0.7864
draw_dot(o)

# %% [markdown]
# ## One more test
#
# The shortest expression of all: `b = a + a`, with a = 3. Replace the dots with your guess.

# %% tags=["demo"]
a = Value(3.0, label="a")
b = a + a
b.label = "b"
predict = ...  # your guess: what will a.grad be after b.backward()?

b.backward()
print(a.grad)

# %% [markdown]
# It says 1.0. Is that correct? Nudge `a` and see how fast `b` changes:

# %% tags=["demo"]
h = 1e-5
print(f"{((3.0 + h + 3.0 + h) - (3.0 - h + 3.0 - h)) / (2 * h):.4f}")  # 2.0000

# %% [markdown]
# The gradient should be 2, but your engine says 1. This is a bug, and it has been there for a
# while.
#
# The order is not the problem. There is only one closure to run here, that of `b`, and it ran once,
# with the correct number in `b.grad`. Look at its two lines, in `__add__` at the top of this page.
# Here `self` is `a`, and `other` is `a` too. What is in `a.grad` after the first line, and what is
# in it after the second? Think first. Then watch the two lines at work: a number that is struck
# through was overwritten.

# %% tags=["demo"]
from autograder.kit import play

play(b)

# %% [markdown]
# ## What comes next
#
# In assignment5 you find out in how many places this bug is, write a test that can see each of
# them, and fix the engine. After that it is complete.
