# %% [markdown]
# # Assignment 7: Neuron, Layer, MLP
#
# In assignment3 you computed one neuron by hand. Now you build as many as you like: a neuron, a
# layer of neurons, and several layers in a row, which is called a multi-layer perceptron, or MLP.
# (The *perceptron*, from 1958, was the first artificial neuron that learned.) Each takes only a few
# lines, because the engine already does the hard part.
#
# In the lecture: from [1:43:55](https://youtu.be/VMj-3S1tku0?t=6235), neuron, layer and MLP, and
# from [1:57:56](https://youtu.be/VMj-3S1tku0?t=7076), all of their parameters.
#
# To check your work, run `grade assignment7` in a terminal, as often as you like.

# %% [markdown]
# The engine is no longer in this file. It is next to it, in `engine.py`: the class `Value` from
# assignment6, unchanged. Have a look if you like. Changes there don't affect your grade, so leave
# it alone.

# %%
import random

from engine import Value

# %% [markdown]
# ## What they have in common
#
# A neuron, a layer and an MLP all have parameters, the Values that training may change, and all
# need `zero_grad` from assignment6. We write that once, in a class `Module`, and let the others
# inherit from it. This is how inheritance works in Python:


# %% tags=["demo"]
class Box:
    def items(self):
        return []

    def count(self):
        return len(self.items())


class Pair(Box):  # a Pair is a Box; it only has other items
    def items(self):
        return ["left", "right"]


print(Box().count())  # 0
print(Pair().count())  # 2

# %% [markdown]
# `Pair` never mentions `count`, but it has it. And that `count` asks *the pair* for its items,
# because it calls `self.items()`.
#
# Write `Module` in the same way. A bare module has no parameters. Its `zero_grad` must work for
# every class that inherits from it, so it asks for the parameters instead of knowing them.
#
# (PyTorch has this class too. It is called `torch.nn.Module`, every network is one, and it has
# these two methods with the same names.)


# %% parts=["module"]
class Module:
    """Anything that has parameters."""

    def parameters(self):
        """Return a flat list of all parameters. A bare Module has none: an empty list."""
        ### BEGIN SOLUTION: Return an empty list; the classes below return their own.
        return []
        ### END SOLUTION

    def zero_grad(self):
        """Set the `grad` of every parameter to 0.0. Returns nothing."""
        ### BEGIN SOLUTION: Set the gradient of everything that parameters() returns to zero.
        for parameter in self.parameters():
            parameter.grad = 0.0
        ### END SOLUTION


# %% tags=["demo"]
class Couple(Module):
    def __init__(self):
        self.first, self.second = Value(1.0), Value(2.0)

    def parameters(self):
        return [self.first, self.second]


couple = Couple()
(couple.first * couple.second).backward()
print([p.grad for p in couple.parameters()])  # [2.0, 1.0]
couple.zero_grad()
print([p.grad for p in couple.parameters()])  # [0.0, 0.0]
print(Module().parameters())  # []

# %% [markdown]
# ## A neuron
#
# A neuron has one weight for each of its inputs, and a bias. It multiplies each input by its
# weight, adds everything up with the bias, and squashes the sum with tanh:
# tanh(w·x + b), where w·x stands for w₁x₁ + w₂x₂ + ... Here is the neuron of assignment3 in plain
# floats. `zip` pairs each weight with its input.

# %% tags=["demo"]
import math

total = 6.88137358  # the bias
for weight, number in zip([-3.0, 1.0], [2.0, 0.0]):
    total = total + weight * number
print(round(total, 4))  # 0.8814
print(round(math.tanh(total), 4))  # 0.7071

# %% [markdown]
# Two things about Python before you write it.
#
# `zip` silently stops at the end of the shorter list. If a neuron with 3 weights gets 2 inputs, one
# weight is ignored. With `zip(..., strict=True)` you get an error instead, which is much easier to
# find.
#
# You should be able to use a neuron like a function: `n = Neuron(2)` makes one, `n([2.0, 0.0])`
# computes its output. Python allows this for any class with a method called `__call__`:


# %% tags=["demo"]
class Doubler:
    def __call__(self, x):
        return 2 * x


double = Doubler()
print(double(4))  # 8: Python turned double(4) into double.__call__(4)

# %% [markdown]
# A new neuron knows nothing, so its weights start as random numbers, `random.uniform(-1, 1)`. The
# bias may start at 0.0. Both are Values, because they need gradients. The inputs may be numbers
# or Values; your engine takes both.


# %% parts=["neuron"]
class Neuron(Module):
    """tanh(w·x + b), for `nin` inputs."""

    def __init__(self, nin):
        """Make `self.w`, a list of `nin` Values with random data, and `self.b`, a Value."""
        ### BEGIN SOLUTION: Make nin random weights and a bias, each of them a Value.
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        ### END SOLUTION

    def __call__(self, x):
        """Return the output for `x`, a list of `nin` numbers or Values, as one Value."""
        ### BEGIN SOLUTION: Multiply inputs by weights, add the bias, and squash the sum with tanh.
        total = self.b
        for weight, value in zip(self.w, x, strict=True):
            total = total + weight * value
        return total.tanh()
        ### END SOLUTION

    def parameters(self):
        """Return a list of all weights and the bias."""
        ### BEGIN SOLUTION: Return the weights and the bias in one list.
        return [*self.w, self.b]
        ### END SOLUTION


# %% [markdown]
# Now give a neuron the numbers from assignment3. Note that this sets the `data` of its parameters
# and keeps the Values themselves.

# %% tags=["demo"]
n = Neuron(2)
n.w[0].data = -3.0
n.w[1].data = 1.0
n.b.data = 6.88137358

x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
out = n([x1, x2])
out.backward()
print(round(out.data, 4))  # 0.7071
print(round(x1.grad, 4), round(x2.grad, 4))  # -1.5 0.5
print([round(p.grad, 4) for p in n.parameters()])  # [1.0, 0.0, 0.5]

# %% [markdown]
# The same numbers as by hand. And here is the graph your neuron built: the parameters and inputs on
# the left, tanh on the right.

# %% tags=["demo"]
from autograder.kit import draw_dot

n.w[0].label, n.w[1].label, n.b.label, out.label = "w1", "w2", "b", "neuron"
draw_dot(out)

# %% [markdown]
# ## A layer
#
# A layer is a list of neurons that all get the same inputs. Their weights differ, so each can learn
# something different. `Layer(2, 3)` has 3 neurons with 2 inputs each, and returns 3 outputs. A
# layer with one neuron returns its output itself, not a list with one item: that is convenient for
# the last layer of a network.
#
# Beware of one shortcut. `[thing] * 3` doesn't make three things. It makes one thing and lists it
# three times:

# %% tags=["demo"]
same = [[]] * 3
same[0].append("hello")
print(same)  # [['hello'], ['hello'], ['hello']]

fresh = [[] for _ in range(3)]
fresh[0].append("hello")
print(fresh)  # [['hello'], [], []]

# %% [markdown]
# The parameters of a layer are those of all its neurons, in one *flat* list: no lists within the
# list, so that a loop over it only sees Values. A comprehension with two `for`s flattens; read it
# from left to right, like two nested loops:

# %% tags=["demo"]
rows = [[1, 2], [3, 4, 5]]
print([number for row in rows for number in row])  # [1, 2, 3, 4, 5]


# %% parts=["layer"]
class Layer(Module):
    """`nout` neurons with the same `nin` inputs."""

    def __init__(self, nin, nout):
        """Make `self.neurons`, a list of `nout` neurons with `nin` inputs each."""
        ### BEGIN SOLUTION: Make nout separate neurons, each with nin inputs.
        self.neurons = [Neuron(nin) for _ in range(nout)]
        ### END SOLUTION

    def __call__(self, x):
        """Return the neurons' outputs for `x` as a list; with one neuron, its output itself."""
        ### BEGIN SOLUTION: Give x to every neuron; return the outputs, or the only one.
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs
        ### END SOLUTION

    def parameters(self):
        """Return the parameters of all neurons in one flat list."""
        ### BEGIN SOLUTION: Collect the parameters of every neuron in one flat list.
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]
        ### END SOLUTION


# %% [markdown]
# `random.seed` makes the random numbers the same each time. If you drew your weights differently
# from the text above, your numbers here will differ, and that is fine.

# %% tags=["demo"]
random.seed(1)
layer = Layer(2, 3)
print([round(y.data, 4) for y in layer([1.0, -2.0])])  # [-0.9717, 0.9065, 0.1905]
print(len(layer.parameters()))  # 9: three neurons with two weights and a bias each

single = Layer(2, 1)
print(type(single([1.0, -2.0])).__name__)  # Value

# %% [markdown]
# ## A multi-layer perceptron
#
# An MLP is a row of layers. The first gets the inputs, every other one gets the outputs of the
# previous layer, and the last one returns the result. `MLP(3, [4, 4, 1])` takes 3 inputs and has
# layers of 4, 4 and 1 neurons. So its layers are `Layer(3, 4)`, `Layer(4, 4)` and `Layer(4, 1)`:
# each has as many inputs as the previous one has neurons.
#
# (A layer with one neuron in the *middle* would pass a bare Value to the next layer, which expects
# a list. You don't need to handle that here.)


# %% parts=["mlp"]
class MLP(Module):
    """Layers in a row, each of which gets the outputs of the previous one."""

    def __init__(self, nin, nouts):
        """Make `self.layers`, a list: for `nin` inputs, one Layer for each size in `nouts`."""
        ### BEGIN SOLUTION: Make one layer per size; its inputs are the previous layer's outputs.
        sizes = [nin, *nouts]
        self.layers = [Layer(before, after) for before, after in zip(sizes, nouts)]
        ### END SOLUTION

    def __call__(self, x):
        """Return the last layer's output for `x`, a list of `nin` numbers or Values."""
        ### BEGIN SOLUTION: Pass x through the layers, from the first to the last.
        for layer in self.layers:
            x = layer(x)
        return x
        ### END SOLUTION

    def parameters(self):
        """Return the parameters of all layers in one flat list."""
        ### BEGIN SOLUTION: Collect the parameters of every layer in one flat list.
        return [parameter for layer in self.layers for parameter in layer.parameters()]
        ### END SOLUTION


# %% [markdown]
# A neuron with 3 inputs has 4 parameters, so a layer of 4 such neurons has 16. How many are there
# in the whole network?

# %% tags=["demo"]
random.seed(3)
model = MLP(3, [4, 4, 1])
predict = ...  # your guess: how many parameters does MLP(3, [4, 4, 1]) have?
print(len(model.parameters()))

out = model([2.0, 3.0, -1.0])
print(round(out.data, 4))  # -0.2492

# %% [markdown]
# Count them in a picture. Every line is a weight, and every circle with a dark rim is a neuron with
# its bias: 32 lines and 9 circles. Blue lines are positive weights, red ones negative; the thicker
# the line, the larger the weight.

# %% tags=["demo"]
import matplotlib.pyplot as plt


def draw_network(mlp):
    sizes = [len(mlp.layers[0].neurons[0].w)] + [len(layer.neurons) for layer in mlp.layers]

    def place(column, row):
        return column, (sizes[column] - 1) / 2 - row

    plt.figure(figsize=(7, 4))
    for column, layer in enumerate(mlp.layers, start=1):
        for row, neuron in enumerate(layer.neurons):
            for source, weight in enumerate(neuron.w):
                (x0, y0), (x1, y1) = place(column - 1, source), place(column, row)
                color = "tab:blue" if weight.data > 0 else "tab:red"
                width = 0.3 + 3 * abs(weight.data)
                plt.plot([x0, x1], [y0, y1], color=color, linewidth=width, zorder=1)
    for column, size in enumerate(sizes):
        rim = "lightgray" if column == 0 else "black"
        x, y = zip(*[place(column, row) for row in range(size)])
        plt.scatter(x, y, s=500, color="white", edgecolors=rim, linewidths=2, zorder=2)
        name = "inputs" if column == 0 else f"layer {column}"
        plt.text(column, -2.2, name, ha="center")
    plt.ylim(-2.5, 2)
    plt.axis("off")
    plt.tight_layout()
    plt.show()


draw_network(model)

# %% [markdown]
# That is all you need for training. One call of `backward()` finds all 41 gradients, through three
# layers. Compare one of them with a central difference, as in assignment0.

# %% tags=["demo"]
model.zero_grad()
out.backward()
weight = model.layers[0].neurons[0].w[0]
print(round(weight.grad, 6))  # 0.059747

h = 1e-5
start = weight.data
weight.data = start + h
above = model([2.0, 3.0, -1.0]).data
weight.data = start - h
below = model([2.0, 3.0, -1.0]).data
weight.data = start
print(round((above - below) / (2 * h), 6))  # 0.059747

# %% [markdown] points=2
# **A question to think about.** Why must weights start at random? Set every weight of
# `MLP(2, [3, 1])` to 0.5, run it forward and backward, and look at the gradients of the three
# neurons of the first layer. What will a gradient step do to them, and the step after that?

# %% [markdown]
# ## What comes next
#
# The network has 41 numbers, and none of them means anything yet. In assignment8 you give it
# examples with the correct answers, measure how wrong it is with one number, and let gradient
# descent do the rest.
