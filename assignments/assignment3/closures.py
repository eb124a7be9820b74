# %% [markdown]
# # Assignment 3: Closures
#
# So far your graphs only run forward: numbers go in, one number comes out. In this assignment they
# learn to run backward. First you find the gradients of two small expressions by hand. Then you
# teach each operator its own small step of that walk, so that you never have to do it by hand
# again.
#
# In the lecture: from [32:10](https://youtu.be/VMj-3S1tku0?t=1930), an expression by hand; from
# [52:52](https://youtu.be/VMj-3S1tku0?t=3172), a neuron by hand; and from
# [1:09:02](https://youtu.be/VMj-3S1tku0?t=4142), the backward step of each operator.
#
# To check your work, run `grade assignment3` in a terminal, as often as you like. Each part counts
# on its own: you get the points for `+` even if `tanh` is still missing.

# %% tags=["demo"]
# If you run into a function that isn't written yet, this ends the run with one sentence.
import autograder.kit.stubs  # not found? In the course's folder: source .venv/bin/activate

# %% [markdown]
# ## What you have already
#
# `partial_derivative` is from assignment0, and `Value` from assignments 1 and 2. One field is new:
# `_backward`. It will hold a function that sends gradients back from a node to its operands. A leaf
# has no operands, so its `_backward` does nothing. Every node starts with that: `lambda: None`, a
# function without a name that takes nothing and returns `None`.
#
# Negation, `-`, `/` and the operators with a number on the left are already in the class, because
# there is nothing to add to them. They are made of `+`, `*` and `**`, and will work backward as
# soon as those three do.

# %%
import math


def partial_derivative(f, args, index, h=1e-5):
    """The slope of f(*args) in the argument number `index`, by central differences."""
    up, down = list(args), list(args)
    up[index] += h
    down[index] -= h
    return (f(*up) - f(*down)) / (2 * h)


class Value:
    """A number that remembers which numbers it was made from."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data})"

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
# ## 1. Gradients by hand
#
# Take `L = (a * b + c) * f`. How fast does `L` change when `a` changes a little? In assignment0 you
# found out by nudging `a` and computing everything again, for each input. There is a way to get all
# the answers in one walk back from the root.
#
# Name every step: `e = a * b`, then `d = e + c`, then `L = d * f`. What we want for each node is
# the slope of `L` with respect to that node: how fast `L` changes when this node changes. For
# short, it is called the node's **gradient**, and it belongs in its field `grad`.
#
# **At the end.** `L` changes exactly as fast as `L`. Its gradient is 1.
#
# **A product.** In `y = s * r`, nudge `s` up by 0.1 and `y` moves by `0.1 * r`. So the slope of `y`
# with respect to one factor is *the other factor*.
#
# **A sum.** In `s = p + q`, nudge `p` up by 0.1 and `s` moves by 0.1. So both slopes of a sum are
# 1.
#
# The slopes of a product and of a sum are *local*: they only look at one operator. The **chain
# rule** connects them. Think of gears: if one turn of the first wheel turns the second 3 times, and
# one turn of the second turns the third 2 times, then one turn of the first turns the third 6
# times. Slopes along a chain multiply. For us:
#
# gradient of an operand = local slope × gradient of the result
#
# Here is the whole walk on a smaller expression, `y = (p + q) * r`.

# %% tags=["demo"]
p, q, r = 3.0, -1.0, 4.0
s = p + q  # 2.0
y = s * r  # 8.0

slope_y = 1.0  # the end
slope_s = r * slope_y  # y = s * r: the other factor, times what y has
slope_r = s * slope_y
slope_p = 1.0 * slope_s  # s = p + q: slope 1, times what s has
slope_q = 1.0 * slope_s
print(slope_p, slope_q, slope_r)  # 4.0 4.0 2.0


def y_of(p, q, r):
    return (p + q) * r


# Nudging gives the same three numbers, at the price of six more runs of the expression.
print(*[round(partial_derivative(y_of, (p, q, r), i), 3) for i in range(3)])  # 4.0 4.0 2.0

# %% [markdown]
# Now do it yourself, with `L`. The forward steps you need are given. Write the walk back for any
# four numbers, not just for these: compute with `a`, `b`, `c`, `d` and `f`.


# %% parts=["manual"]
def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    """The gradients of all numbers in L = d * f, where d = e + c and e = a * b.

    Takes four numbers. Returns a dict from "a", "b", "c", "e", "d", "f" and "L" to a number each:
    the slope of L with respect to that number.
    """
    e = a * b
    d = e + c
    raise NotImplementedError("Start at L, whose gradient is 1, and walk back to a, b, c and f.")


# %% [markdown]
# Check it by nudging. Your number is on the left, the nudged one on the right.

# %% tags=["demo"]
def L_of(a, b, c, f):
    return (a * b + c) * f


point = (2.0, -3.0, 10.0, -2.0)
gradients = manual_gradients(*point)
for index, name in enumerate("abcf"):
    nudged = partial_derivative(L_of, point, index)
    print(f"{name} {gradients[name]:.3f} {nudged:.3f}")
# a 6.000 6.000
# b -4.000 -4.000
# c -2.000 -2.000
# f 4.000 4.000

# %% [markdown]
# And here is the picture, with your gradients in it. The nodes are built by hand, as in
# assignment1. Follow one path from right to left and multiply the local slopes along the way.

# %% tags=["demo"]
from autograder.kit import draw_dot

a, b = Value(2.0, label="a"), Value(-3.0, label="b")
c, f = Value(10.0, label="c"), Value(-2.0, label="f")
e = Value(a.data * b.data, (a, b), "*", label="e")
d = Value(e.data + c.data, (e, c), "+", label="d")
L = Value(d.data * f.data, (d, f), "*", label="L")
for node in [a, b, c, e, d, f, L]:
    node.grad = manual_gradients()[node.label]
draw_dot(L)

# %% [markdown]
# ## 2. A neuron by hand
#
# A **neuron** is a small expression too. It multiplies each input `x` by a weight `w`, adds the
# products and one more number, the bias `b`, and squashes the sum between -1 and 1 with `tanh`:
#
# `n = x1 * w1 + x2 * w2 + b` and `o = tanh(n)`
#
# For the walk back we need the local slope of `tanh`. It is `1 - tanh(x)**2`: steep in the middle,
# where tanh is 0, and flat at both ends, where it is nearly 1 or -1. A look at one point:

# %% tags=["demo"]
print(f"{partial_derivative(math.tanh, [0.5], 0):.4f}")  # 0.7864
print(f"{1 - math.tanh(0.5) ** 2:.4f}")  # 0.7864

# %% [markdown]
# Take pencil and paper, with the inputs x1 = 2, x2 = 0, the weights w1 = -3, w2 = 1, and the bias b
# = 6.88137358 (chosen to give round numbers). Forward:
#
# | x1\*w1 | x2\*w2 | their sum | n | o |
# |---|---|---|---|---|
# | -6 | 0 | -6 | 0.8814 | 0.7071 |
#
# And back:
#
# - `o` is the end, so its gradient is 1.
# - `o = tanh(n)`: the slope is 1 - 0.7071², which is 0.5. So `n` gets 0.5.
# - Sums pass on what they get. So `b`, the sum of the products, and both products get 0.5 too.
# - `x1 * w1`: x1 gets -3 · 0.5 = -1.5, and w1 gets 2 · 0.5 = 1.
# - `x2 * w2`: x2 gets 1 · 0.5 = 0.5. And w2?
#
# Write your guess in place of the dots, then run the cell.

# %% tags=["demo"]
def neuron(x1, w1, x2, w2, b):
    return math.tanh(x1 * w1 + x2 * w2 + b)


point = (2.0, -3.0, 0.0, 1.0, 6.88137358)
print(f"{neuron(*point):.4f}")  # 0.7071
for index, name in enumerate(["x1", "w1", "x2"]):
    print(f"{name} {partial_derivative(neuron, point, index):.4f}")
# x1 -1.5000
# w1 1.0000
# x2 0.5000

predict = ...  # your guess: what is the gradient of w2?
print(f"w2 {partial_derivative(neuron, point, 3):.4f}")

# %% [markdown]
# Why is w2's gradient 0? Its local slope is the other factor, x2, and x2 is 0. Whatever you do to
# w2, the product stays 0 and the output doesn't move. A weight learns nothing from an example in
# which its input is 0.

# %% [markdown] points=2
# **To think about.** Set x2 to 1 and leave the rest as it is. Now w2's gradient is no longer 0. But
# x1's gradient changes too, from -1.5 to about -0.27, although x1 and w1 are the same as before.
# Which step of the walk causes that?

# %% [markdown]
# ## 3. From hand to closure
#
# Look at what you did at each node. You needed its local slopes, and its own gradient. The first
# are known as soon as the node is created: the code that computes `a * b` has `a` and `b` at hand.
# The second comes much later, from the other side. So when we create the node, we write a function
# that does the step, store it on the node, and call it later.
#
# Python makes this easy. A function that is defined inside another one remembers the variables
# around it, even after the outer function has returned. Such a function is called a **closure**.
# It looks at what it remembers when it is called, not when it is written:

# %% tags=["demo"]
def remember(box):
    def tell():
        print("in the box:", box[0])

    return tell


box = [0.0]
tell = remember(box)  # nothing is printed: tell is only made here
box[0] = 5.0
tell()  # in the box: 5.0

# %% [markdown]
# Watch the parentheses. `tell` is the function. `tell()` runs it now and gives you what it returns.
# Here that is nothing, which Python calls `None`.
#
# For our nodes the box is `out`, the node that the operator returns. By the time `out._backward()`
# is called, the correct number is already in `out.grad`. The closure reads it and sets the `grad`
# of each operand.
#
# Don't assume that `out.grad` is 1. It is whatever the rest of the graph has sent there: 0.5, or
# -2, or 1000. It is called the **upstream gradient**.
#
# The next cell contains a tool for you. `compare` runs the closure of one operator with an upstream
# gradient of your choice, and also nudges the inputs, so you can see whether they agree. You pass
# the operator as a function: `lambda x, y: x + y` takes `x` and `y` and returns `x + y`.

# %% tags=["demo"]
def compare(f, *numbers, upstream=1.0):
    """Print each input's gradient twice: as the closure of f's result sets it, and nudged."""

    def plain_f(*xs):  # f for plain numbers: wrap them, run f, take the number out
        return f(*[Value(x) for x in xs]).data

    inputs = [Value(number) for number in numbers]
    out = f(*inputs)
    out.grad = upstream
    out._backward()
    for index, node in enumerate(inputs):
        slope = partial_derivative(plain_f, numbers, index)
        print(f"closure {node.grad:.4f}, nudged {slope * upstream:.4f}")


# %% [markdown]
# ## 4. The sum
#
# The forward line is what you wrote in assignment2. The wiring is there too, so take a good look at
# it: `_backward` is defined inside `add`, it takes no arguments, and the line after it stores the
# function on `out`, because `out` is the node that has something to send back. No parentheses:
# store the function, don't call it.
#
# What is missing is the body of `_backward`: two lines that set `self.grad` and `other.grad`.


# %% parts=["add"]
def add(self, other):
    """self + other, a new node. Its closure sets self.grad and other.grad from out.grad."""
    other = other if isinstance(other, Value) else Value(other)
    out = Value(self.data + other.data, (self, other), "+")

    def _backward():
        raise NotImplementedError(
            "Set self.grad and other.grad: local slope times upstream gradient."
        )

    out._backward = _backward
    return out


Value.__add__ = add

# %% tags=["demo"]
compare(lambda x, y: x + y, 2.0, -3.0)
# closure 1.0000, nudged 1.0000
# closure 1.0000, nudged 1.0000
compare(lambda x, y: x + y, 2.0, -3.0, upstream=-2.0)
# closure -2.0000, nudged -2.0000
# closure -2.0000, nudged -2.0000

# %% [markdown]
# ## 5. The product
#
# The same again. Only the local slopes differ: each factor's slope is the other factor's number.


# %% parts=["mul"]
def mul(self, other):
    """self * other, a new node. Its closure sets self.grad and other.grad from out.grad."""
    other = other if isinstance(other, Value) else Value(other)
    out = Value(self.data * other.data, (self, other), "*")

    def _backward():
        raise NotImplementedError(
            "Set self.grad and other.grad: local slope times upstream gradient."
        )

    out._backward = _backward
    return out


Value.__mul__ = mul

# %% tags=["demo"]
compare(lambda x, y: x * y, 2.0, -3.0)
# closure -3.0000, nudged -3.0000
# closure 2.0000, nudged 2.0000
compare(lambda x, y: x * y, 2.0, -3.0, upstream=-2.0)
# closure 6.0000, nudged 6.0000
# closure -4.0000, nudged -4.0000

# %% [markdown]
# If the closure and the nudge disagree, the way they differ tells you where to look:
#
# - Correct for upstream 1, wrong for -2: the closure doesn't multiply by `out.grad`.
# - The same wrong number for both upstreams: it uses `out.data`, the number of the result, instead
#   of `out.grad`.
# - Both inputs have 0: somewhere it uses a `grad`, which is still 0, instead of a `data`.
# - Only the second input has 0: both lines set `self.grad`.
# - The two numbers are swapped: each factor got its own number, not the other one's.
#
# `L` only needs sums and products. Set the gradient of the end to 1, then call the closures from
# the end to the beginning. Each one finds the number that the previous one left.

# %% tags=["demo"]
a, b = Value(2.0, label="a"), Value(-3.0, label="b")
c, f = Value(10.0, label="c"), Value(-2.0, label="f")
e = a * b
d = e + c
L = d * f

L.grad = 1.0
L._backward()  # sets d.grad and f.grad
d._backward()  # sets e.grad and c.grad
e._backward()  # sets a.grad and b.grad
print(a.grad, b.grad, c.grad, f.grad)  # 6.0 -4.0 -2.0 4.0

# %% [markdown]
# The same numbers as in your manual walk, and this time you wrote no rule for `L`, only for `+` and
# `*`.
#
# Here you can watch them travel. `play` calls your closures once more, one per step, and shows the
# incoming gradient, the slope along each arrow, and which `grad` is set to what. Move the slider,
# or press the arrow keys. (A script writes a page, `L.html`: open it in a browser.)

# %% tags=["demo"]
from autograder.kit import play

play(L)

# %% [markdown]
# ## 6. Powers
#
# From here on you write the whole closure: define `_backward` between `out = ...` and `return out`,
# and store it on `out`, as `add` and `mul` do.
#
# The slope of `x**n` is `n * x**(n - 1)`. This is true for every number n, including negative
# numbers and fractions. `x**-1` is how we divide, so try that too.

# %% tags=["demo"]
for x, n in [(2.0, 3), (4.0, -1), (4.0, 0.5)]:
    print(f"{partial_derivative(lambda x: x**n, [x], 0):.4f} {n * x ** (n - 1):.4f}")
# 12.0000 12.0000
# -0.0625 -0.0625
# 0.2500 0.2500

# %% [markdown]
# The exponent is a plain number, not a node, so there is only one gradient to set.


# %% parts=["pow"]
def power(self, exponent):
    """self ** exponent, a new node. Its closure sets self.grad from out.grad."""
    out = Value(self.data**exponent, (self,), f"**{exponent}")
    raise NotImplementedError("Define the closure _backward for ** and store it on out.")
    return out


Value.__pow__ = power

# %% tags=["demo"]
compare(lambda x: x**3, 2.0, upstream=-2.0)  # closure -24.0000, nudged -24.0000
compare(lambda x: x**-1, 4.0, upstream=3.0)  # closure -0.1875, nudged -0.1875

# %% [markdown]
# If the closure's number is 0 here, `_backward` is defined but not stored on `out`. If you see
# `'NoneType' object is not callable`, then parentheses called it too early.
#
# Now you get division for free. The quotient `a / b` is two nodes, `b**-1` and the product:

# %% tags=["demo"]
a, b = Value(6.0), Value(3.0)
inverse = b**-1
quotient = a * inverse
quotient.grad = 1.0
quotient._backward()
inverse._backward()
print(f"{a.grad:.4f} {b.grad:.4f}")  # 0.3333 -0.6667

# %% [markdown]
# ## 7. The exponential
#
# The function `exp` is its own slope, as you saw in assignment0. At 2, for example:

# %% tags=["demo"]
print(f"{partial_derivative(math.exp, [2.0], 0):.4f} {math.exp(2.0):.4f}")  # 7.3891 7.3891

# %% [markdown]
# The number you need is already in the graph. Which node has it?


# %% parts=["exp"]
def exp(self):
    """e to the power of self, a new node. Its closure sets self.grad from out.grad."""
    out = Value(math.exp(self.data), (self,), "exp")
    raise NotImplementedError("Define the closure _backward for exp and store it on out.")
    return out


Value.exp = exp

# %% tags=["demo"]
compare(lambda x: x.exp(), 2.0, upstream=0.5)  # closure 3.6945, nudged 3.6945
compare(lambda x: x.exp(), -1.0, upstream=-2.0)  # closure -0.7358, nudged -0.7358

# %% [markdown]
# ## 8. tanh
#
# You know its slope from the neuron: `1 - tanh(x)**2`. Be careful which number you square: the
# result of tanh, not its input.


# %% parts=["tanh"]
def tanh(self):
    """The tanh of self, a new node. Its closure sets self.grad from out.grad."""
    out = Value(math.tanh(self.data), (self,), "tanh")
    raise NotImplementedError("Define the closure _backward for tanh and store it on out.")
    return out


Value.tanh = tanh

# %% tags=["demo"]
compare(lambda x: x.tanh(), 0.5)  # closure 0.7864, nudged 0.7864
compare(lambda x: x.tanh(), -1.5, upstream=-2.0)  # closure -0.3614, nudged -0.3614

# %% [markdown]
# Now the neuron again. You did it with a pencil; here your closures do it. Compare the picture with
# your paper, node by node.

# %% tags=["demo"]
x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
b = Value(6.88137358, label="b")
x1w1 = x1 * w1
x2w2 = x2 * w2
total = x1w1 + x2w2
n = total + b
o = n.tanh()
x1w1.label, x2w2.label, total.label, n.label, o.label = "x1*w1", "x2*w2", "sum", "n", "o"

o.grad = 1.0
for node in [o, n, total, x1w1, x2w2]:  # from the end to the beginning
    node._backward()
print(f"{x1.grad:.4f} {w1.grad:.4f} {x2.grad:.4f} {w2.grad:.4f}")  # -1.5000 1.0000 0.5000 0.0000
draw_dot(o)

# %% [markdown]
# ## 9. ReLU
#
# The last one is the simplest: `relu(x)` is x when x is positive, and 0 otherwise. On the right its
# slope is 1, on the left 0. So it is a gate for gradients. An open gate lets the upstream gradient
# through unchanged, even a negative one. A closed gate lets nothing through.

# %% tags=["demo"]
print(f"{partial_derivative(lambda x: max(0.0, x), [3.0], 0):.4f}")  # 1.0000
print(f"{partial_derivative(lambda x: max(0.0, x), [-3.0], 0):.4f}")  # 0.0000

# %% [markdown]
# At 0 itself there is a corner and no slope. Most engines use 0 there. Any number from 0 to 1 is
# accepted.


# %% parts=["relu"]
def relu(self):
    """self where it is positive, else 0, a new node. Its closure sets self.grad from out.grad."""
    out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")
    raise NotImplementedError("Define the closure _backward for relu and store it on out.")
    return out


Value.relu = relu

# %% tags=["demo"]
compare(lambda x: x.relu(), 3.0, upstream=-2.0)  # closure -2.0000, nudged -2.0000
compare(lambda x: x.relu(), -3.0, upstream=5.0)  # closure 0.0000, nudged 0.0000

# %% [markdown]
# ## 10. tanh, taken apart
#
# For us `tanh` is one node, because we know its slope. In assignment2 you also saw it built from
# smaller operators. Here is a form in which each result is used once:
#
# `tanh(x) = 1 - 2 / (exp(2 * x) + 1)`
#
# That is seven steps. Each only knows its own small rule, and together they must find the slope you
# gave `tanh` in one piece.

# %% tags=["demo"] parts=["together"]
x = Value(0.5)
doubled = 2 * x
power_of_e = doubled.exp()
plus_one = power_of_e + 1
inverse = plus_one**-1
twice = 2 * inverse
negated = -twice
pieces = 1 + negated

pieces.grad = 1.0
for node in [pieces, negated, twice, inverse, plus_one, power_of_e, doubled]:
    node._backward()

y = Value(0.5)
whole = y.tanh()
whole.grad = 1.0
whole._backward()
print(f"{pieces.data:.4f} {whole.data:.4f}")  # 0.4621 0.4621
print(f"{x.grad:.4f} {y.grad:.4f}")  # 0.7864 0.7864

# %% [markdown]
# ## What comes next
#
# Run `grade assignment3` and see what is still missing.
#
# Every operator now knows how to send gradients one step back. But you still called the closures
# yourself, and you had to know the correct order. For seven nodes that is a nuisance; for a network
# with thousands it is impossible. In assignment4 the graph finds the order by itself.
