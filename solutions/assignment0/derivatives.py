# %% [markdown]
# # Assignment 0: Derivatives
#
# In this course you build a small engine that trains neural networks, from scratch. It all rests on
# one question: if I change this number a little, how much does that one change? Here you answer it
# by measuring, with functions that you write yourself. Later you will find the same answers much
# faster, and what you write today will tell you whether they are correct.
#
# The course follows Andrej Karpathy's lecture
# [The spelled-out intro to neural networks and backpropagation: building micrograd](https://www.youtube.com/watch?v=VMj-3S1tku0).
# You need Python with functions, loops, lists (including the form `[2 * x for x in xs]`), f-strings
# and classes. Tuples, sets, `lambda` and functions that call themselves are explained when you
# first need them, in assignment1. You don't need to know anything about neural networks.
#
# In the lecture: from [8:08](https://youtu.be/VMj-3S1tku0?t=488), the derivative of a function
# with one input, and from [14:12](https://youtu.be/VMj-3S1tku0?t=852), with several inputs.
#
# How to work: this page is made of cells. Run them from the top, one at a time, in a notebook or in
# an editor that knows the `# %%` marks; or run the whole file with `python derivatives.py`. You get
# as far as the first function that says `raise NotImplementedError`: replace that line with your
# own code. To check your work, save it and type `grade assignment0` in a terminal, as often as you
# like.

# %% [markdown]
# ## Where this leads
#
# First, a look at where you will end up. The program below computes a number `g` from two numbers
# `a` and `b`, in many small steps. (`relu` keeps a positive number and turns a negative one into
# 0.) The formula has no other use. It is just long enough that you wouldn't want to find its slopes
# by hand. Run it.

# %% tags=["demo"]
def relu(x):
    return max(0.0, x)


def destination(a, b):
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + relu(b + a)
    d += 3 * d + relu(b - a)
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


print(f"{destination(-4.0, 2.0):.4f}")  # 24.7041

# %% [markdown]
# How fast does `g` change when `a` changes, and how fast when `b` does? By assignment5 you will
# have your own class, `Value`, that wraps a number. The same program runs on it, and then one line
# finds both answers:
#
#     a, b = Value(-4.0), Value(2.0)
#     g = destination(a, b)
#     g.backward()
#     a.grad  # 138.8338
#     b.grad  # 645.5773
#
# The formula comes from the README of micrograd, the small library from the lecture.
#
# How does it do that? While it computes `g`, it records every step. Then it goes through the record
# backward, from `g` to `a` and `b`. Finding slopes this way is called *automatic differentiation*,
# or *autograd*, and the walk back is called *backpropagation*.
#
# A neural network is an expression like this one, only longer. It computes a guess from some data
# and from many numbers of its own, the *weights*; then it computes how wrong the guess was. The
# slope for each weight says which way to change it to make the guess better. Change them all a
# little, and repeat: that is training. So in this course you write two small pieces: the engine,
# which finds the slopes (assignments 1 to 5), and on top of it the network (assignments 6 to 8).
#
# Large libraries do the same with whole blocks of numbers at once, called *tensors*, because that
# is much faster. The mathematics is the same, and easier to see with single numbers, called
# *scalars*. Tensors come last, in assignment9.
#
# And you can check 138.8338. It says: make `a` larger by a tiny amount, and `g` grows by about
# 138.8 times that amount. By the end of this page you will have checked it.

# %% [markdown]
# ## A function and its picture
#
# Let's start with one input and one output: `f(x) = 3x² - 4x + 5`.

# %%
import math

# %% tags=["demo"]
def f(x):
    return 3 * x**2 - 4 * x + 5


print(f(3.0))  # 20.0

# %% tags=["demo"]
import matplotlib.pyplot as plt

xs = [i / 20 for i in range(-60, 101)]  # -3.00, -2.95, ... 5.00
plt.figure(figsize=(6, 4))
plt.plot(xs, [f(x) for x in xs])
plt.plot(3.0, f(3.0), "o", color="black")
plt.annotate("(3, 20)", (3.0, 20.0), xytext=(1.7, 22.0))
plt.xlabel("x")
plt.ylabel("f(x)")
plt.title("f(x) = 3x² - 4x + 5")
plt.grid(alpha=0.3)
plt.show()

# %% [markdown]
# It is a valley. At `x = 3` we are on the right-hand side, where the ground goes up. How steeply?
# Take one tiny step to the right, of length `h`, and see how much higher we get.

# %% tags=["demo"]
h = 0.001
print(f"{f(3.0 + h):.6f}")  # 20.014003
print(f"{f(3.0 + h) - f(3.0):.6f}")  # 0.014003  the rise
print(f"{(f(3.0 + h) - f(3.0)) / h:.6f}")  # 14.003000  the rise over the run

# %% [markdown]
# We went 0.001 to the right and rose by 0.014003. The rise alone says little, because it depends on
# how far we went. Divided by the run, it says how steep the ground is: about 14 up for each 1 to
# the right.
#
# Let `h` shrink towards 0 and this quotient closes in on one number, the **slope** of `f` at `x`.
# Another word for it is the **derivative**, written `f'(x)`. The sign matters: a positive slope
# means that `f` goes up when `x` does, a negative one that `f` goes down.
#
# For this `f` there is a formula you may know from school, `f'(x) = 6x - 4`, so `f'(3) = 14`. We
# won't need such formulas for long, but it is good to know what to expect.
#
# ## 1. The forward difference
#
# Write the quotient as a function. It takes any `f` of one number, the point `x`, and the step `h`.
# It is called *forward* because it steps from `x` to `x + h`; if `h` is negative, that is a step to
# the left. (`1e-3` is how Python writes 0.001, and `1e-5` is 0.00001. Don't change these default
# steps in the first line of each function: callers who pass no `h` rely on them.)

# %% parts=["forward"]
def forward_difference(f, x, h=1e-3):
    """Take a function f of one number; return its rise over run from x to x + h."""
    ### BEGIN SOLUTION: Divide how much f rises from x to x + h by the length of the step.
    return (f(x + h) - f(x)) / h
    ### END SOLUTION

# %% tags=["demo"]
print(f"{forward_difference(f, 3.0):.4f}")  # 14.0030
print(f"{forward_difference(f, 3.0, h=1e-5):.4f}")  # 14.0000
print(f"{forward_difference(f, -3.0):.4f}")  # -21.9970

# %% [markdown]
# On the left side of the valley, at -3, the slope is negative: a step to the right goes down.
#
# The bottom of the valley is at `x = 2/3`. There the formula gives `6 · 2/3 - 4 = 0`: the ground is
# level. What will your function say? Before you run the cell, replace the three dots with your
# guess, a number such as `predict = 1.5`. It earns no points and costs none, and the next time you
# run `grade assignment0` it tells you how you did. Even a wrong guess helps: you will remember the
# answer.

# %% tags=["demo"]
predict = ...  # your guess: what does forward_difference(f, 2 / 3) print, with h = 0.001?

print(f"{forward_difference(f, 2 / 3):.4f}")

# %% [markdown]
# Not 0, but 0.003. And at 3 it was not 14, but 14.003: the same 0.003 too much at both points.
#
# A step of length `h` ends a little further along, where the valley is already steeper. For this
# `f` you can work it out on paper: `f(x + h) - f(x)` is `(6x - 4)·h + 3h²`. Divided by `h`, that
# is the slope plus `3h`. With `h = 0.001` the error is 0.003, everywhere. The quotient measures
# the average slope along the step, not the slope at `x`.
#
# ## The tangent
#
# What does a slope look like? Draw the straight line through (3, 20) that rises by 14 for each 1 to
# the right. It is the **tangent**. Close to 3 the curve and the line are hard to tell apart, and
# that is the whole idea of a derivative: seen from close enough, a smooth curve looks straight.

# %% tags=["demo"]
def tangent(x):
    return 20 + 14 * (x - 3)


fig, (wide, near) = plt.subplots(1, 2, figsize=(9, 4))
for axes, left, right in [(wide, -3.0, 5.0), (near, 2.9, 3.1)]:
    xs = [left + (right - left) * i / 200 for i in range(201)]
    axes.plot(xs, [f(x) for x in xs], label="f")
    axes.plot(xs, [tangent(x) for x in xs], "--", label="tangent at 3, slope 14")
    axes.plot(3.0, f(3.0), "o", color="black")
    axes.set_xlabel("x")
    axes.grid(alpha=0.3)
wide.set_ylim(-5, 60)
wide.set_title("from afar")
near.set_title("the same, from 2.9 to 3.1")
wide.legend()
plt.show()

# %% [markdown]
# ## 2. The central difference
#
# The forward step only looks to the right, and is off by a little. A step to the left would be off
# by a little in the other direction. So look both ways: measure the rise from `x - h` to `x + h`.
# By hand, at 3, where we know that 14 is correct:

# %% tags=["demo"]
print(f"{f(3.001):.6f}")  # 20.014003
print(f"{f(2.999):.6f}")  # 19.986003
print(f"{f(3.001) - f(2.999):.6f}")  # 0.028000
print(f"{3.001 - 2.999:.6f}")  # 0.002000

# %% [markdown]
# 0.028 over 0.002 is 14. The error is not just smaller, it is gone: the right side was too high by
# as much as the left side was too low. (For other functions a small error remains, as you will
# see.)
#
# Careful with the run: it is no longer `h`.

# %% parts=["central"]
def central_difference(f, x, h=1e-5):
    """Take a function f of one number; return its rise over run from x - h to x + h."""
    ### BEGIN SOLUTION: Divide how much f rises from x - h to x + h by the distance between them.
    return (f(x + h) - f(x - h)) / (2 * h)
    ### END SOLUTION

# %% tags=["demo"]
print(f"{central_difference(f, 3.0):.4f}")  # 14.0000
print(f"{abs(central_difference(f, 2 / 3)):.4f}")  # 0.0000


def cube(x):
    return x**3


# The slope of x³ is 3x². At 2 that is 12. A large step shows who errs by how much:
print(f"{forward_difference(cube, 2.0, h=0.1):.4f}")  # 12.6100
print(f"{central_difference(cube, 2.0, h=0.1):.4f}")  # 12.0100

# %% [markdown]
# ## How small should h be?
#
# A smaller step is better, so why not take a tiny one? Try it.

# %% tags=["demo"]
print(f"{central_difference(cube, 2.0, h=1e-1):.6f}")  # 12.010000
print(f"{central_difference(cube, 2.0, h=1e-5):.6f}")  # 12.000000
print(f"{central_difference(cube, 2.0, h=1e-13):.6f}")  # 11.990409
print(f"{central_difference(cube, 2.0, h=1e-17):.6f}")  # 0.000000
print(2.0 + 1e-17 == 2.0)  # True

# %% [markdown]
# It gets better, then worse, then absurd. Two errors are at work:
#
# - **Truncation.** A wide step measures the average slope over a stretch, not the slope at a point.
#   This error shrinks with `h`, and for the central difference it shrinks much faster: make `h` ten
#   times smaller, and the error gets a hundred times smaller.
# - **Round-off.** A Python float keeps about 16 digits. If `f(x + h)` and `f(x - h)` agree in the
#   first 12 of them, the subtraction leaves only 4 meaningful digits, and dividing by a tiny `h`
#   magnifies the error in the last one. This error grows as `h` shrinks. In the end `x + h` equals
#   `x`, both calls of `f` give the same number, and the slope comes out as 0.
#
# Here are both at once, for `exp` at 1. That is the number 2.71828..., called `e`, to the power of
# `x`. It is its own slope, so we know the correct answer: `math.exp(1.0)`. Both axes are
# logarithmic: equal distances mean equal factors.

# %% tags=["demo"]
steps = [10 ** (-i / 8) for i in range(8, 121)]  # from 1e-1 down to 1e-15
slope = math.exp(1.0)
plt.figure(figsize=(7, 4.5))
for method, name in [(forward_difference, "forward"), (central_difference, "central")]:
    errors = [abs(method(math.exp, 1.0, h) - slope) for h in steps]
    plt.loglog(steps, errors, ".-", label=f"{name} difference")
plt.axvline(1e-5, color="gray", linestyle=":")
plt.text(1.3e-5, 0.3, "h = 1e-5", color="gray")
plt.text(1e-14, 1e-9, "round-off\n(too small a step)")
plt.text(2e-4, 1e-11, "truncation\n(too large a step)", fontsize=9)
plt.xlabel("h")
plt.ylabel("error")
plt.title("The error of the slope of exp at 1")
plt.legend(loc="lower left")
plt.grid(alpha=0.3)
plt.show()

# %% [markdown]
# Read it from right to left. Both lines fall as the step gets smaller, the central one twice as
# steeply. Then round-off takes over, which looks like noise and climbs. The central difference is
# at its best near `h = 1e-5`, where the first ten digits of the slope are correct. That is why
# `1e-5` is its default. The forward difference never gets that good.
#
# ## Several inputs
#
# A network has many inputs to change, not one. Take three: `d = a·b + c`.

# %% tags=["demo"]
def d_of(a, b, c):
    return a * b + c


print(f"{d_of(2.0, -3.0, 10.0):.4f}")  # 4.0000

# Nudge one input at a time, and leave the other two alone:
print(f"{d_of(2.0001, -3.0, 10.0):.4f}")  # 3.9997
print(f"{d_of(2.0, -2.9999, 10.0):.4f}")  # 4.0002
print(f"{d_of(2.0, -3.0, 10.0001):.4f}")  # 4.0001

# %% [markdown]
# Divide each change of `d` by the nudge of 0.0001:
#
# | nudged | `d` changes by | slope | why |
# |---|---|---|---|
# | `a` | -0.0003 | -3 | `a` is multiplied by `b`, which is -3: when `a` goes up, `d` goes down |
# | `b` | +0.0002 | 2 | `b` is multiplied by `a`, which is 2 |
# | `c` | +0.0001 | 1 | `c` is added: what it gains, `d` gains |
#
# Such a slope, with one input moving and the others held still, is called a **partial derivative**.
# The -3 is the partial derivative of `d` *with respect to* `a`. It measures **sensitivity**: `d`
# reacts three times as strongly to `a` as to `c`, and in the opposite direction. To make `d`
# larger, you now know which input to change, and in which direction.
#
# Why one at a time? See what happens when all three go up together.

# %% tags=["demo"]
predict = ...  # your guess: all three go up by 0.0001 at once; what is d then, to four decimals?

print(f"{d_of(2.0001, -2.9999, 10.0001):.4f}")

# %% [markdown]
# Nothing moves: -3 + 2 + 1 is 0. From that alone you would think that `d` depends on none of them.
# One measurement can only tell you about one input.
#
# ## 3. The partial derivative
#
# Now `f` takes several numbers, and they come in a list or a tuple `args`. A star in a call unpacks
# it: `f(*[2.0, -3.0, 10.0])` is `f(2.0, -3.0, 10.0)`. The number `index` says which input to nudge;
# counting starts at 0. Use a central difference: nudge that input up, then down, and leave all the
# others alone.
#
# Don't change `args` itself: it belongs to the caller. A list that you change in place keeps the
# nudge, and the next measurement starts from the wrong point. `list(args)` makes a copy.

# %% tags=["demo"]
args = (2.0, -3.0, 10.0)
copy = list(args)
copy[1] = 7.0
print(copy)  # [2.0, 7.0, 10.0]
print(args)  # (2.0, -3.0, 10.0)
print(d_of(*copy))  # 24.0

# %% parts=["partial"]
def partial_derivative(f, args, index, h=1e-5):
    """Take f of several numbers, called as f(*args); return its slope with respect to args[index].

    A central difference. args is a list or a tuple and doesn't change.
    """
    ### BEGIN SOLUTION: Nudge a copy of args up at index, another down, and divide rise by run.
    up = list(args)
    down = list(args)
    up[index] += h
    down[index] -= h
    return (f(*up) - f(*down)) / (2 * h)
    ### END SOLUTION

# %% tags=["demo"]
inputs = [2.0, -3.0, 10.0]
print(f"{partial_derivative(d_of, inputs, 0):.4f}")  # -3.0000
print(f"{partial_derivative(d_of, inputs, 1):.4f}")  # 2.0000
print(f"{partial_derivative(d_of, inputs, 2):.4f}")  # 1.0000
print(inputs)  # [2.0, -3.0, 10.0]

# %% [markdown]
# ## 4. The gradient
#
# The list of all partial derivatives, one for each input and in the order of the inputs, is called
# the **gradient**. It is what this whole course is about: for each number you could change, it says
# how the result would react.

# %% parts=["gradient"]
def gradient(f, args, h=1e-5):
    """Take f of several numbers, called as f(*args); return the list of its partial derivatives."""
    ### BEGIN SOLUTION: Return a list with the partial derivative for each index of args, in order.
    return [partial_derivative(f, args, index, h) for index in range(len(args))]
    ### END SOLUTION

# %% tags=["demo"]
print([round(slope, 4) for slope in gradient(d_of, [2.0, -3.0, 10.0])])  # [-3.0, 2.0, 1.0]

# The slopes depend on where you stand:
print([round(slope, 4) for slope in gradient(d_of, [5.0, 4.0, 10.0])])  # [4.0, 5.0, 1.0]

# %% [markdown]
# A gradient lets you predict small changes without running the function again. Move each input a
# little, multiply each move by its slope, and add them up:

# %% tags=["demo"]
slopes = gradient(d_of, [2.0, -3.0, 10.0])
moves = [-0.01, 0.02, 0.01]
print(f"{sum(slope * move for slope, move in zip(slopes, moves)):.4f}")  # 0.0800  foretold
print(f"{d_of(1.99, -2.98, 10.01) - d_of(2.0, -3.0, 10.0):.4f}")  # 0.0798  what happened

# %% [markdown]
# ## Back to the first cell
#
# Now check that 138.8338. `destination` is a function of two numbers like any other, so `gradient`
# can measure it.

# %% tags=["demo"]
print([round(slope, 4) for slope in gradient(destination, [-4.0, 2.0])])  # [138.8338, 645.5773]

# %% [markdown]
# These are the numbers that `a.grad` and `b.grad` will hold, found in a completely different way.
# From now on, whenever you doubt a gradient, measure it like this.

# %% [markdown] points=2
# A question to think about: your `gradient` runs `f` twice for each input. A small network has
# dozens of numbers to change, a large one has billions. How often would you have to run it for a
# single gradient? `g.backward()` needed one run forward and one walk back. What must it have stored
# during the run forward to be able to do that?

# %% [markdown]
# ## What comes next
#
# A plain float does not know where it came from. In assignment1 you build a number that does: it
# remembers which numbers it was computed from, and by which operation. That memory makes it
# possible to find all slopes in one walk.
