# %% [markdown]
# # Assignment 8: Training
#
# You have a network and a way to follow gradients downhill. Now you combine them: you give the
# network examples of correct answers, write the loss that measures how wrong it is, and train it.
# It takes three functions: `mse`, `train` and `accuracy`. At the end your loop bends a boundary
# around two moons.
#
# In the lecture: from [1:51:04](https://youtu.be/VMj-3S1tku0?t=6664), the examples and the loss,
# and from [2:01:12](https://youtu.be/VMj-3S1tku0?t=7272), the training.
#
# To check your work, run `grade assignment8` in a terminal, as often as you like.

# %% [markdown]
# The engine and the networks are next to this file, in `engine.py` and `neural.py`. The second is
# what you wrote in assignment7, where it was called `nn.py`. Changes in them don't affect your
# grade.

# %%
from engine import Value
from neural import MLP

# %% [markdown]
# ## The examples
#
# This is about the smallest data set worth a network: four points with three numbers each, and for
# each the answer we want, 1 or -1. These answers are called *targets*. A network with random
# weights has no idea:

# %% tags=["demo"]
import random

xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
ys = [1.0, -1.0, -1.0, 1.0]

random.seed(7)
model = MLP(3, [4, 4, 1])
print([round(model(x).data, 2) for x in xs])  # [-0.63, -0.4, -0.62, -0.26]
print(ys)  # [1.0, -1.0, -1.0, 1.0]

# %% [markdown]
# ## One number for how wrong it is
#
# Gradient descent needs *one* number to make smaller. Take the difference between each prediction
# and its target, and square it. The square is never negative, so errors in both directions count,
# and large ones weigh more: an error of 2 counts as much as four errors of 1. Then take the average
# over all examples. This is the *mean squared error*, MSE for short.
#
# In plain floats, for predictions 0.5 and -1.0 where both targets are 1.0:

# %% tags=["demo"]
print((0.5 - 1.0) ** 2, (-1.0 - 1.0) ** 2)  # 0.25 4.0
predict = ...  # your guess: what is the mean squared error of these two?
print((0.25 + 4.0) / 2)

# %% [markdown]
# Why the average and not the sum? Both have their minimum in the same place, and the lecture uses
# the sum. But a sum grows with the number of examples, and so do its gradients: with 50 points they
# are 50 times as large, and a learning rate that worked for 4 points is far too large. With the
# average, a learning rate means the same for any number of points. If your loss comes out n times
# too large for n points, you have the sum.
#
# The result must be a Value, computed from the predictions with the engine's operators. If you use
# `.data` along the way, the graph is cut there, and every gradient stays 0.


# %% parts=["mse"]
def mse(predictions, targets):
    """Return the mean squared error as a Value.

    `predictions` is a list of Values and `targets` a list of numbers of the same length.
    """
    ### BEGIN SOLUTION: Average the squared differences between predictions and targets.
    misses = [prediction - target for prediction, target in zip(predictions, targets, strict=True)]
    return sum(miss**2 for miss in misses) / len(misses)
    ### END SOLUTION


# %% tags=["demo"]
guesses = [Value(0.5), Value(-1.0)]
loss = mse(guesses, [1.0, 1.0])
print(loss.data)  # 2.125

loss.backward()
print([guess.grad for guess in guesses])  # [-0.5, -2.0]: both should rise, the second most

print(round(mse([model(x) for x in xs], ys).data, 4))  # 1.1845

# %% [markdown]
# ## The loop
#
# Training repeats what you know from assignment6:
#
# 1. *forward*: run the model on every example, and build the loss from its outputs;
# 2. *backward*: find the gradient of every parameter, with nothing left over from before;
# 3. *step*: move every parameter a little against its gradient.
#
# The loss is rebuilt each time, and its number is recorded before the step. The parameters are
# `model.parameters()`, and `model.zero_grad()` clears their gradients. A step changes the `data` of
# the parameters. They stay the same Values: the model would not notice if you put other ones in a
# list.
#
# Be careful with the zeroing. About one in five of the loops that people write leaves it out, and
# on an easy problem the loss still falls. So `grade` compares the parameters themselves after two
# steps.


# %% parts=["train"]
def train(model, xs, ys, learning_rate, steps):
    """Train `model` in place by gradient descent; return a list: the loss before each step.

    `xs` is a list of inputs for the model, `ys` the list of their targets. Every step uses all of
    them. The losses are plain floats, `steps` in number.
    """
    ### BEGIN SOLUTION: Repeat: forward and record the loss, zero, backward, step.
    losses = []
    for _ in range(steps):
        loss = mse([model(x) for x in xs], ys)
        losses.append(loss.data)
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter.data -= learning_rate * parameter.grad
    return losses
    ### END SOLUTION


# %% tags=["demo"]
losses = train(model, xs, ys, learning_rate=0.1, steps=100)
print(round(losses[0], 4), round(losses[1], 4), round(losses[-1], 4))  # 1.1845 0.7573 0.0048
print([round(model(x).data, 2) for x in xs])  # [0.94, -0.94, -0.93, 0.92]

# %% [markdown]
# The predictions now have the correct signs and are close to 1 and -1. They never reach them: tanh
# only gets near 1 for large sums, so the loss keeps falling a little for as long as you train.
#
# ## Too small, just right, too large
#
# Start the same network three times, with three learning rates. In assignment6 too large a rate
# made the loss explode. What can happen here, where every prediction comes out of a tanh?

# %% tags=["demo"]
import matplotlib.pyplot as plt

predict = ...  # your guess: with learning rate 5, at which loss does the network get stuck?
plt.figure(figsize=(7, 4))
for rate in (0.001, 0.1, 5):
    random.seed(7)
    model = MLP(3, [4, 4, 1])
    losses = train(model, xs, ys, learning_rate=rate, steps=100)
    print(rate, round(losses[-1], 4), [round(model(x).data, 2) for x in xs])
    plt.plot(losses, label=f"learning rate {rate}")
plt.ylim(-0.05, 2.3)
plt.xlabel("step")
plt.ylabel("loss")
plt.title("Four points, one start, three learning rates")
plt.legend(loc="center right")
plt.tight_layout()
plt.show()

# %% [markdown]
# - With 0.001 the loss falls so slowly that 100 steps are not enough.
# - With 0.1 it falls quickly and stays low.
# - With 5 the first steps are so large that the sums inside the last neuron become huge. tanh of a
#   huge number is exactly 1 or -1 in floats, so the loss can't explode. All four predictions are
#   -1. Two are correct and two are off by 2, so the loss is (0 + 0 + 4 + 4) / 4 = 2. And it stays
#   there: the slope of tanh is 1 - tanh², which is 0 there, so no gradient comes through. The
#   neuron is *saturated*, and no further step can change it.
#
# If your loss gets stuck at a round number, print the predictions. If they are all 1 or -1, start
# again with a smaller learning rate.
#
# ## How many are correct?
#
# The loss guides the training, but it is hard to interpret. People want to know how many
# predictions are correct. Here the sign of the prediction decides: 0.3 means 1, and -0.8 means -1.
# The *accuracy* is the share of examples whose sign agrees with the target. For predictions 0.3,
# -0.8, 0.1, 0.9 and targets 1, -1, -1, 1 three of four agree, which is 0.75.


# %% parts=["accuracy"]
def accuracy(model, xs, ys):
    """Return the share of examples, from 0 to 1, where the sign of model(x) agrees with y.

    Each y is 1.0 or -1.0. The result is a plain number.
    """
    ### BEGIN SOLUTION: Count the examples where prediction and target have the same sign.
    right = sum((model(x).data > 0) == (y > 0) for x, y in zip(xs, ys, strict=True))
    return right / len(xs)
    ### END SOLUTION


# %% tags=["demo"]
print(accuracy(model, xs, ys))  # 0.5: the saturated network, right on two of four

random.seed(7)
model = MLP(3, [4, 4, 1])
train(model, xs, ys, learning_rate=0.1, steps=100)
print(accuracy(model, xs, ys))  # 1.0

# %% [markdown] points=2
# **A question to think about.** The accuracy is what we care about. Why don't we use it as the loss
# and follow its gradient? Move one weight by a very small amount and ask how the accuracy changes.

# %% [markdown]
# ## Two moons
#
# Now a problem that a straight line can't solve: 50 points on two interlocking half circles, with a
# little noise. The labels are -1 for one moon and 1 for the other. A network with 8 neurons and one
# more to combine them has 33 parameters. This cell trains it for 100 steps, which takes a few
# seconds.

# %% tags=["demo"]
import time

from autograder.kit import two_moons

xs, ys = two_moons(n=50, noise=0.1, seed=0)
random.seed(3)
model = MLP(2, [8, 1])
print(len(model.parameters()))  # 33

start = time.perf_counter()
losses = train(model, xs, ys, learning_rate=1.0, steps=100)
print(f"{time.perf_counter() - start:.1f} seconds")
print(round(losses[0], 3), round(losses[-1], 3))  # 2.148 0.082
print(accuracy(model, xs, ys))  # 1.0

new_xs, new_ys = two_moons(n=50, noise=0.1, seed=1)
print(accuracy(model, new_xs, new_ys))  # 1.0

# %% [markdown]
# The last line uses 50 points that the network has never seen. This is the test that counts: a
# network may also memorize its examples and be wrong everywhere else.
#
# To see what it has learned, run it on every point of a 40 × 40 grid. The colour is the output,
# from -1 in blue to 1 in red, and the black line is where it is 0: the boundary between the two
# decisions.

# %% tags=["demo"]
across = [-1.6 + 4.2 * i / 39 for i in range(40)]
up = [-1.2 + 2.9 * i / 39 for i in range(40)]
answers = [[model([x, y]).data for x in across] for y in up]

plt.figure(figsize=(10, 4))
plt.subplot(1, 2, 1)
plt.plot(losses)
plt.ylim(bottom=0)
plt.xlabel("step")
plt.ylabel("loss")
plt.title("Loss, learning rate 1.0")

plt.subplot(1, 2, 2)
levels = [-1 + i / 10 for i in range(21)]
plt.contourf(across, up, answers, levels=levels, cmap="coolwarm", alpha=0.7)
plt.colorbar(label="answer", ticks=[-1, -0.5, 0, 0.5, 1])
plt.contour(across, up, answers, levels=[0.0], colors="black")
for label, color in ((-1.0, "tab:blue"), (1.0, "tab:red")):
    moon = [x for x, y in zip(xs, ys) if y == label]
    plt.scatter(*zip(*moon), color=color, edgecolors="white", s=40)
plt.title("Answers and boundary")
plt.tight_layout()
plt.show()

# %% [markdown]
# The curve is worth a closer look. The loss quickly drops to about 0.4. By then the boundary is
# almost a straight line and gets 43 of the 50 points right. Then progress is slow, until some
# neurons have changed enough to bend the line, and the loss falls again. A loss that hardly moves
# has not always reached its minimum. The small zigzag shows that the learning rate is about as
# large as it can be: each step goes a little too far, as in assignment6.
#
# ## Mini-batches
#
# So far every step used every example. With a million examples that would be a lot of work for one
# step. A few of them, drawn at random, give nearly the same gradient for much less work. Such a
# handful is called a *mini-batch*. The gradient is now a little wrong, each time in a different
# way, so the loss jitters as it falls; but you can take many more steps. Descent with randomly
# drawn batches is called *stochastic gradient descent*, SGD.
#
# Here each step sees 10 of the 50 points. 300 such steps cost as much as 60 steps with all of them.

# %% tags=["demo"]
random.seed(3)
model = MLP(2, [8, 1])
losses = []
for _ in range(300):
    batch = random.sample(range(len(xs)), 10)  # ten different numbers from 0 to 49
    losses += train(model, [xs[i] for i in batch], [ys[i] for i in batch], 0.3, steps=1)

print(accuracy(model, xs, ys), accuracy(model, new_xs, new_ys))  # 0.98 0.98
print(round(mse([model(x) for x in xs], ys).data, 3))  # 0.067

plt.figure(figsize=(7, 3))
plt.plot(losses, linewidth=1)
plt.ylim(bottom=0)
plt.xlabel("step")
plt.ylabel("loss on the batch")
plt.title("Mini-batches of 10")
plt.tight_layout()
plt.show()

# %% [markdown]
# About the same loss, for less work than before.
#
# ## An optimizer
#
# Zeroing and stepping belong together, and there are cleverer ways to step than ours. So libraries
# put both in a separate object, an *optimizer*, and the loop doesn't have to know how it steps.
# Here is the simplest one, with the names PyTorch uses:

# %% tags=["demo"]
class SGD:
    def __init__(self, parameters, lr):  # lr: the learning rate
        self.parameters, self.lr = parameters, lr

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = 0.0

    def step(self):
        for parameter in self.parameters:
            parameter.data -= self.lr * parameter.grad


random.seed(3)
model = MLP(2, [8, 1])
optimizer = SGD(model.parameters(), lr=0.3)
for _ in range(100):
    batch = random.sample(range(len(xs)), 10)
    loss = mse([model(xs[i]) for i in batch], [ys[i] for i in batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(accuracy(model, xs, ys) > 0.8)  # True

# %% [markdown]
# The last three lines of that loop are, letter for letter, those of nearly every loop in PyTorch.
#
# ## The whole pipeline on one page
#
# This is all it takes to train a neural network, from the one above to those with billions of
# parameters.
#
# | what | here | built in |
# |---|---|---|
# | data: inputs and wanted answers | `xs`, `ys`; some kept aside for the test | 8 |
# | model: an expression with parameters | `MLP(2, [8, 1])` | 1, 2, 7 |
# | choose a mini-batch | `random.sample(...)` | 8 |
# | forward: the answers of the model | `model(x)` | 2, 7 |
# | loss: how wrong, in one number | `mse(predictions, targets)` | 8 |
# | zero: forget the last gradients | `model.zero_grad()` | 6 |
# | backward: every gradient at once | `loss.backward()` | 3, 4, 5 |
# | step: move against the gradient | `gradient_step`, or your own lines | 6 |
# | repeat, and watch the loss | the list of losses | 6, 8 |
# | measure on examples never trained on | `accuracy(model, new_xs, new_ys)` | 8 |
#
# If it doesn't work, go through the table from the top. Print a few inputs with their targets.
# Check that the loss is a Value and that the gradients are not all 0 after `backward()`. Check the
# zeroing. Try a learning rate ten times smaller, and ten times larger.
#
# ## What comes next
#
# Everything here was made of single numbers, and you know how each of them changes. In assignment9
# you add one more operator and a loss for choosing between many classes, and then do the same with
# PyTorch, which handles whole arrays of numbers at once.
