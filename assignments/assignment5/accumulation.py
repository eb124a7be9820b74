# %% [markdown]
# # Assignment 5: Accumulation
#
# The engine has a bug that you saw at the end of assignment4: for `b = a + a` it says that `a.grad`
# is 1, but it should be 2. Here you find out why, write a test that can see the bug wherever it
# hides, and only then fix the engine. After that it is complete, and it is yours.
#
# In the lecture: from [1:22:28](https://youtu.be/VMj-3S1tku0?t=4948), the bug and its fix.
#
# To check your work, run `grade assignment5` in a terminal.

# %% tags=["demo"]
# If you run into a function that isn't written yet, this ends the run with one sentence.
import autograder.kit.stubs  # not found? In the course's folder: source .venv/bin/activate

# %% [markdown]
# ## 1. Two paths from a to f
#
# Take `f = d * e`, with `d = a * b` and `e = a + b`. Nudge `a`, and `d` moves, and `e` moves too.
# Each of them moves `f`. So what we see at the end is the sum of both moves.
#
# That is the whole rule. **Along one path, local slopes multiply. If several paths lead to the
# root, their contributions add up.** In plain floats, with a = -2 and b = 3:

# %% tags=["demo"]
a, b = -2.0, 3.0
d = a * b  # -6.0
e = a + b  # 1.0
f = d * e  # -6.0

through_d = e * b  # the slope of f in d is e, the slope of d in a is b
through_e = d * 1.0  # the slope of f in e is d, the slope of e in a is 1
print(through_d, through_e, through_d + through_e)  # 3.0 -6.0 -3.0


def f_of(a, b):
    return (a * b) * (a + b)


h = 1e-5
print(f"{(f_of(a + h, b) - f_of(a - h, b)) / (2 * h):.4f}")  # -3.0000

# %% [markdown]
# Now think of the closures. The closure of `d` finds the 3, the closure of `e` finds the -6. Both
# put their number into `a.grad`. In the engine so far, the second one **overwrites** what the first
# one left there. Instead, it should **accumulate**: add its share to what is already there. Every
# `grad` starts at 0, so for a number with only one path to the root nothing changes.
#
# That is why all examples so far were correct. In `L`, in the neuron and in the tanh made of
# smaller steps, each number was used once.

# %% [markdown]
# ## 2. First a test
#
# It would be easy to fix the line you have in mind and forget the others. Eight lines in the engine
# write to a `grad`: two each in `+` and `*`, and one each in `**`, `exp`, `tanh` and `relu`. Of 77
# finished engines that people have published, 12 still had this bug in one of their operators.
# Never in `+`, because everybody tries `a + a`.
#
# So write the test before you fix anything. A test is a function: it gets the thing to be tested,
# tries it, and fails if something is wrong. Python's `assert` does that. If what follows it is
# false, it raises an `AssertionError` with the text after the comma. Here is a test for functions
# that compute an average:

# %% tags=["demo"]
def check_average(average):
    result = average([1.0, 2.0, 6.0])
    assert abs(result - 3.0) < 1e-6, f"the average of 1, 2 and 6 is 3, not {result}"


def right(numbers):
    return sum(numbers) / len(numbers)


def wrong(numbers):
    return (min(numbers) + max(numbers)) / 2


check_average(right)  # says nothing, which is good news
try:
    check_average(wrong)
except AssertionError as problem:
    print(problem)  # the average of 1, 2 and 6 is 3, not 3.5

# %% [markdown]
# With the numbers 1, 2 and 3 this test would have been blind: the wrong function returns 2.0 there,
# and so does the correct one. You have to choose inputs that reveal the bug.
#
# How good a check is `a + a`? Suppose that of the two lines in `+`, the first still overwrites, and
# only the second has been fixed. Here are both lines at work on the same `a.grad`:

# %% tags=["demo"]
upstream = 1.0
grad = 0.0
grad = upstream  # the first line, which overwrites
grad = grad + upstream  # the second line, which adds

predict = ...  # your guess: what is in grad now?
print(grad)

# %% [markdown]
# The result is correct, and the bug is still there. Of eight engines that each overwrite in one
# line, `a + a` catches only one: the one in which the *second* line of `+` is wrong.
#
# What does a better test look like?
#
# - **Use an operator twice.** For an operator f, look at `f(x) + f(x)`. That makes two nodes, both
#   with the same operand x. If f accumulates, x gets twice the slope of f. If f overwrites, x gets
#   it only once. You know the slopes from assignment3.
# - **Every operator on its own**: `+`, `*`, `**`, `exp`, `tanh`, `relu`.
# - **Both sides.** In `+` and `*`, one line is for the left operand and one for the right, so check
#   an input on each side. Use two different Values, not x twice.
# - **New Values for each check.** Otherwise what the last check left in a `grad` is added to.
# - **A slope that is not 0.** At -3, `relu` gives 0 twice, with or without the bug.
# - **Compare within 1e-6.** Two correct engines may differ in the last digit, so `==` is too
#   strict.
#
# And be fair: a test that always fails is worth nothing. Correct engines may be built differently
# from yours, with tanh made of smaller operators, or with a separate node for `-`. So only look at
# the `grad` of your inputs.
#
# Write `check_accumulation`. It gets a class such as your `Value`; create your inputs with it. Only
# an AssertionError counts as a failed test. If the test itself crashes with another error, that
# proves nothing.

# %% parts=["check"]
import math


def check_accumulation(Value):
    """Raise AssertionError if an operator of the class Value overwrites a gradient.

    For a Value class that accumulates in + * ** exp tanh relu, do nothing.
    """
    raise NotImplementedError(
        "For each operator f, check the gradient of every input of f(x) + f(x)."
    )


# %% [markdown]
# ## 3. The engine
#
# Here is the whole engine in one class, with `backward` and the sort from assignment4 inside. It
# overwrites in all eight lines. Leave it alone for now, and run it.


# %%
class Value:
    """A number that remembers how it was made, and finds gradients by walking back."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

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

    def backward(self):
        """Set the grad of self to 1, then send gradients back to every node behind it."""
        order, visited, todo = [], set(), [(self, False)]
        while todo:
            node, operands_done = todo.pop()
            if operands_done:
                order.append(node)
            elif node not in visited:
                visited.add(node)
                todo.append((node, True))
                todo.extend((operand, False) for operand in node._prev)

        self.grad = 1.0
        for node in reversed(order):
            node._backward()

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
# Before you fix anything, see what it does. The next cell has the shortest example, and then the
# lecture's formula for tanh, `(e - 1) / (e + 1)` with `e = exp(2 * x)`. The comments say what a
# correct engine prints.

# %% tags=["demo"]
a = Value(3.0)
b = a + a
b.backward()
print(a.grad)  # 2.0

x = Value(0.5)
e = (2 * x).exp()
t = (e - 1) / (e + 1)
t.backward()
print(f"{x.grad:.3f}")  # 0.786

# %% [markdown]
# The engine that overwrites says 1.0 for the first. For the second it may say 1.462. But the slope
# of tanh is never greater than 1! What is wrong? In assignment3 we made sure that each result was
# used once. Here `e` is used twice, in the numerator and in the denominator.
#
# Run the cell several times, and you will also see -0.676. Two closures write to `e.grad`, one for
# the numerator and one for the denominator, and whichever runs last wins. Which one that is depends
# on the order of a set, and that changes from run to run. Now add the two wrong answers: 1.462 -
# 0.676 is 0.786. Each of them is part of the correct one.
#
# Watch it happen: step through until a number in the box of `e` is struck through.

# %% tags=["demo"]
from autograder.kit import play

play(t)

# %% [markdown]
# Next, what does your test say about this engine?

# %% tags=["demo"]
try:
    check_accumulation(Value)
    print("no complaint")  # no complaint
except AssertionError as problem:
    print("caught:", problem)

# %% [markdown]
# Before you fix the engine, your test must fail here. If it passes, it is blind.
#
# ## 4. Fix it
#
# Now go back to the class and fix the lines that overwrite. Then run the class again, and the two
# cells after it. First fix only seven lines and leave one out: does your test still fail? That is
# what `grade assignment5` tries, once for each of the eight lines.
#
# When all are fixed, here is an engine that is correct in seven lines. It is your class with a
# different `tanh`, one that overwrites. `a + a` doesn't catch it. Does your test?

# %% tags=["demo"] parts=["add", "mul", "pow", "exp", "tanh", "relu", "together"]
class TanhOverwrites(Value):
    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad = (1 - out.data**2) * out.grad

        out._backward = _backward
        return out


a = TanhOverwrites(3.0)
(a + a).backward()
print(a.grad)  # 2.0

x = TanhOverwrites(0.5)
(x.tanh() + x.tanh()).backward()
print(f"{x.grad:.4f}, and should be {2 * (1 - math.tanh(0.5) ** 2):.4f}")
# 0.7864, and should be 1.5729

try:
    check_accumulation(TanhOverwrites)
    print("no complaint")
except AssertionError:
    print("caught")  # caught

# %% [markdown]
# Here is the graph of the first section, on your engine. Two arrows leave `a`. Through `d` it gets
# 3, through `e` it gets -6, and its box shows the sum. Nothing is struck through any more.

# %% tags=["demo"]
a, b = Value(-2.0, label="a"), Value(3.0, label="b")
d = a * b
e = a + b
f = d * e
d.label, e.label, f.label = "d", "e", "f"
f.backward()
print(a.grad, b.grad)  # -3.0 -8.0
play(f)

# %% [markdown]
# ## 5. What else adds up
#
# You should see one consequence before it surprises you. Two expressions, one after the other, use
# the same `a`. Each gets its own call of `backward`.

# %% tags=["demo"]
a = Value(2.0)
b = 3 * a
b.backward()
print(a.grad)  # 3.0

c = 5 * a
predict = ...  # your guess: what will a.grad be after c.backward()?

c.backward()
print(a.grad)

# %% [markdown]
# It is 8. The slope of `c` with respect to `a` is 5. But the 3 was still in `a.grad`, and your
# engine adds. It does what you told it to. Leave it like that: a `backward` that starts by clearing
# gradients would say 5, but then the slopes of two roots could never add up.

# %% [markdown] points=2
# **To think about.** When would you want that, and when not? What would you do before the second
# call, if you want the 5?

# %% [markdown]
# ## 6. The destination
#
# In assignment0 you saw what this program would do on your own engine. Here it is: `Value` is the
# class on this page. (`c += 1` means `c = c + 1`: it makes a new node, and from then on `c` is the
# name of that node.)

# %% tags=["demo"]
a = Value(-4.0)
b = Value(2.0)
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
g.backward()
print(f"{g.data:.4f}")  # 24.7041
print(f"{a.grad:.4f}")  # 138.8338
print(f"{b.grad:.4f}")  # 645.5773

# %% [markdown]
# If your numbers are these, you have built an automatic differentiation engine. It is small but
# complete: it can find the gradient of any expression made of these operators, with any number of
# inputs, in one walk forward and one walk back. The large engines do the same, with whole tables of
# numbers in each node.
#
# ## What it costs
#
# There are three ways to find the slopes of an expression with n inputs, and you have seen two of
# them. The third carries slopes along in the *forward* pass: every number comes with its slope with
# respect to one input, and each operator computes both.
#
# | way | runs for all slopes of one result | exact? | must keep |
# |---|---|---|---|
# | central differences (assignment0) | 2n forward | no: h is never right | nothing |
# | forward mode | n forward, each about twice the work | yes | one slope beside each number |
# | reverse mode, which you built | 1 forward and 1 back | yes | the whole graph |
#
# A network has millions of inputs, its weights, and one result, its loss. That is why networks are
# trained in reverse mode, and why training needs so much memory. For one input and many results it
# is the other way round, and forward mode is better.
#
# ## What comes next
#
# A gradient says in which direction to change each number. In assignment6 you change them, step by
# step, until a result is as small as it can be. And because gradients add up, you will have to set
# them back to 0 at the right moment.
