# %% [markdown]
# # Assignment 9: Beyond scalars, part two
#
# Your engine works on one number at a time. PyTorch works on whole arrays, but otherwise like
# yours: it builds a graph in the forward pass and walks it backward. Here you build your neuron in
# PyTorch, and then teach PyTorch an operator with your own backward rule.
#
# In the lecture: from [1:39:31](https://youtu.be/VMj-3S1tku0?t=5971), the neuron in PyTorch, and
# from [2:21:10](https://youtu.be/VMj-3S1tku0?t=8470), PyTorch's own backward step of tanh.
#
# To check your work, run `grade assignment9` in a terminal. This part needs PyTorch. Without it,
# `grade` says how to install it and skips this part.

# %% tags=["demo"]
# If you run into a function that isn't written yet, this ends the run with one sentence.
import autograder.kit.stubs  # not found? In the course's folder: source .venv/bin/activate

# %%
import torch

# %% [markdown]
# ## Tensors
#
# A *tensor* is an array of numbers: a single one, a row, a table, or more. Operators work on all of
# its numbers at once.
#
# Python's floats have 64 bits, which PyTorch calls `torch.double`. Its own default is 32 bits,
# about 7 digits instead of 16. That is enough for training and saves time and memory, but it is too
# inaccurate for comparing gradients. In this assignment everything is `torch.double`.
#
# You have to ask for gradients with `requires_grad=True`, since most tensors hold data and need
# none. You know the rest: `backward()`, `.grad`, and gradients that add up until they are cleared.
# Here is L = (a·b + c)·f from assignment3:

# %% tags=["demo"]
numbers = torch.tensor([2.0, -3.0, 10.0, -2.0], dtype=torch.double, requires_grad=True)
a, b, c, f = numbers
L = (a * b + c) * f
L.backward()
print(L.item())  # -8.0
print(numbers.grad.tolist())  # [6.0, -4.0, -2.0, 4.0]

# %% [markdown]
# `item()` takes the one number out of a tensor as a plain float, and `tolist()` makes a plain list.
# The gradients are in `numbers.grad`, because `numbers` is the tensor that asked for them. `a` was
# taken out of it, so it is an intermediate result, and PyTorch keeps no `.grad` for those.
#
# Some more operators: `x * y` multiplies number by number, `x.sum()` adds up a tensor, `x @ y` does
# both at once, and `torch.tanh(x)` takes the tanh of each number.

# %% tags=["demo"]
x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.double)
y = torch.tensor([10.0, 0.0, -1.0], dtype=torch.double)
print((x * y).tolist())  # [10.0, 0.0, -3.0]
print((x @ y).item())  # 7.0
print(torch.tanh(y).dtype)  # torch.float64, another name of torch.double

# %% [markdown]
# ## The neuron again
#
# Now compute tanh(w·x + b) and its gradients in PyTorch. Plain numbers come in and plain numbers go
# out.


# %% parts=["torch_neuron"]
def torch_neuron(x, w, b):
    """Return (output, dx, dw, db) of the neuron tanh(w·x + b), computed by PyTorch in torch.double.

    `x` and `w` are lists of floats of the same length, `b` is a float. `output` is a float; `dx`
    and `dw` are lists of floats, and `db` is a float: the gradients of the output by x, w and b.
    """
    raise NotImplementedError(
        "Make tensors that ask for gradients, run forward and backward, and unpack."
    )


# %% tags=["demo"]
output, dx, dw, db = torch_neuron([2.0, 0.0], [-3.0, 1.0], 6.88137358)
print(round(output, 4))  # 0.7071
print([round(d, 4) for d in dx])  # [-1.5, 0.5]
print([round(d, 4) for d in dw])  # [1.0, 0.0]
print(round(db, 4))  # 0.5

# %% [markdown]
# Just as in assignments 3 and 7: PyTorch applies the same rules.
#
# ## Scalar against tensor
#
# So why use it? Here is one network, `MLP(2, [16, 16, 1])`, in both forms. One training step builds
# the loss of n points and runs backward. The scalar engine makes a Python object for every single
# product and sum, hundreds for each point. PyTorch makes about ten tensors, whatever n is, and
# loops over their numbers in compiled code.
#
# The cell measures both. Its last column says how many times faster the tensors were.
# `micrograd_ref` is the course's own engine and network, so the result doesn't depend on yours.
# PyTorch gets one thread, so that it is one core against one.

# %% tags=["demo"]
import random
import timeit

from micrograd_ref import MLP

torch.set_num_threads(1)
scalar_net = MLP(2, [16, 16, 1])
tensor_net = torch.nn.Sequential(  # Linear(2, 16): 16 neurons with 2 inputs, without the tanh
    torch.nn.Linear(2, 16), torch.nn.Tanh(),
    torch.nn.Linear(16, 16), torch.nn.Tanh(),
    torch.nn.Linear(16, 1), torch.nn.Tanh(),
).double()

print(len(scalar_net.parameters()))  # 337
print(sum(p.numel() for p in tensor_net.parameters()))  # 337; numel: how many numbers in a tensor


def scalar_step(points, targets):
    loss = sum((scalar_net(x) - y) ** 2 for x, y in zip(points, targets)) / len(points)
    scalar_net.zero_grad()
    loss.backward()


def tensor_step(points, targets):
    answers = tensor_net(points)[:, 0]  # a table with one column; this takes the column
    loss = ((answers - targets) ** 2).mean()
    tensor_net.zero_grad()
    loss.backward()


sizes, scalar_times, tensor_times = [1, 10, 50, 200], [], []
for n in sizes:
    points = [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(n)]
    targets = [random.choice([-1.0, 1.0]) for _ in range(n)]
    rows = torch.tensor(points, dtype=torch.double)
    wanted = torch.tensor(targets, dtype=torch.double)
    slow = min(timeit.repeat(lambda: scalar_step(points, targets), number=1, repeat=3))
    fast = min(timeit.repeat(lambda: tensor_step(rows, wanted), number=50, repeat=3)) / 50
    scalar_times.append(slow)
    tensor_times.append(fast)
    print(f"{n:4} points: {1000 * slow:7.2f} ms against {1000 * fast:.2f} ms: {slow / fast:.0f}")
# The factor depends on your machine. See how it grows with the number of points.

# %% tags=["demo"]
import matplotlib.pyplot as plt

plt.figure(figsize=(7, 4))
plt.plot(sizes, scalar_times, "o-", label="scalars: one object a number")
plt.plot(sizes, tensor_times, "o-", label="tensors: one object an array")
plt.xscale("log")
plt.yscale("log")
plt.xticks(sizes, sizes)
plt.xlabel("points")
plt.ylabel("seconds a step")
plt.title("One training step of the same network")
plt.legend()
plt.tight_layout()
plt.show()

# %% [markdown]
# The scalar engine needs time for every point. The tensors need hardly more for 200 points than for
# one: most of their time goes into starting each operator. That is why networks are written with
# tensors. The mathematics is the same.
#
# It is also why networks run on a GPU, a chip with thousands of small cores that all do the same
# thing to different numbers: `x.to("cuda")` moves a tensor there, and the rest of the program stays
# the same. And PyTorch is not alone. JAX, for example, takes a *function* and returns the function
# that computes its gradients, `jax.grad(f)`; inside, it does the walk back you know.
#
# ## An operator of your own
#
# In your engine an operator had two sides: the number it computes, and its `_backward`. It is the
# same in PyTorch. An operator is a class with two functions, `forward` and `backward`. Here is one
# for x². (The `sum()` in the last lines is there because `backward()` starts from a single number.)


# %% tags=["demo"]
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)  # keep what backward will need
        return x * x

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors  # always a tuple, here with one element
        return grad * 2 * x  # the upstream gradient times the local slope


x = torch.tensor([3.0, -1.0], dtype=torch.double, requires_grad=True)
Square.apply(x).sum().backward()
print(x.grad.tolist())  # [6.0, -2.0]

# %% [markdown]
# Three things to know:
#
# - You use it as `Square.apply(x)`. No object is ever created, so neither function has a `self`;
#   that is what `@staticmethod` means. `ctx` (context) is a place to store things from the forward
#   pass for the backward pass. In your engine the closure did that.
# - `grad` is what you called `out.grad`: how the final result depends on the output of this
#   operator. Without it, the rule is only correct when the operator comes last.
# - `backward` *returns* the gradient of its input. It doesn't add anything: PyTorch does the `+=`.
#
# Now write tanh like this. Its slope is 1 - tanh², so think about what to save: the input, or
# something you have already computed? Use `torch.tanh` in the forward pass.


# %% parts=["torch_tanh"]
class Tanh(torch.autograd.Function):
    """tanh with its own backward rule, used as `Tanh.apply(x)`."""

    @staticmethod
    def forward(ctx, x):
        """Return the tanh of each number in the tensor `x`; keep what `backward` needs."""
        raise NotImplementedError(
            "Compute tanh, save what backward needs in ctx, and return the result."
        )

    @staticmethod
    def backward(ctx, grad):
        """Return the gradient for x; `grad` is the gradient for the output of `forward`."""
        raise NotImplementedError("Multiply the upstream gradient by the slope of tanh.")


# %% [markdown]
# Test it inside an expression, where both the upstream gradient and the chain rule matter:
# the slope of 3·tanh(2x) is 6·(1 - tanh²(2x)).

# %% tags=["demo"]
x = torch.tensor([0.5, -1.0], dtype=torch.double, requires_grad=True)
(3 * Tanh.apply(2 * x)).sum().backward()
print([round(d, 4) for d in x.grad.tolist()])  # [2.5198, 0.4239]
print([round(d, 4) for d in (6 * (1 - torch.tanh(2 * x) ** 2)).tolist()])  # [2.5198, 0.4239]

# %% [markdown]
# And there is a test you know from assignment0. `torch.autograd.gradcheck` compares your rule with
# central differences, input by input, and raises an error if they disagree.

# %% tags=["demo"]
x = torch.tensor([-2.0, -0.3, 0.0, 1.5], dtype=torch.double, requires_grad=True)
print(torch.autograd.gradcheck(Tanh.apply, (x,)))  # True

# %% [markdown]
# ## How PyTorch does it
#
# In PyTorch's source code, the file `tools/autograd/derivatives.yaml` lists the backward rule of
# every operator. The entry for tanh says that the gradient of its input is `tanh_backward(grad,
# result)`: the upstream gradient and the *result*, like yours. And `tanh_backward` computes this in
# C++, for each number a of the first and b of the second:
#
#     return a * (scalar_t{1} - b * b);
#
# That is grad·(1 - y²), the rule you just wrote. You can call it from Python. Below,
# `backward(grad)` starts the backward pass with these upstream gradients instead of 1.

# %% tags=["demo"]
x = torch.tensor([0.5, -1.0, 2.0], dtype=torch.double, requires_grad=True)
grad = torch.tensor([1.0, 3.0, -2.0], dtype=torch.double)

theirs = torch.ops.aten.tanh_backward(grad, torch.tanh(x))
print([round(d, 4) for d in theirs.tolist()])  # [0.7864, 1.2599, -0.1413]

Tanh.apply(x).backward(grad)
print([round(d, 4) for d in x.grad.tolist()])  # [0.7864, 1.2599, -0.1413]

# %% [markdown]
# Your engine gave exp the slope `out.data`, and here tanh saves its output. 1/x and relu could do
# the same: -y² is the slope of y = 1/x, and relu's gate is open when the output is positive. x²
# can't, because 9 doesn't tell you whether it came from 3 or -3. When the output is enough, you
# don't have to save the input. The output is stored anyway, as the next operator's input, so a
# large network needs less memory.
#
# ## What comes next
#
# You started with a difference quotient, and you have built every part between that and a trained
# network. One thing is left: seeing your own parts work together. Run `grade finale` in a terminal.
# It combines your engine from assignment5, your network from 7 and your loop from 8, and trains
# them on the two moons.
