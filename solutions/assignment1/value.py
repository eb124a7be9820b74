# %% [markdown]
# # Assignment 1: Value
#
# You build `Value`: a number that remembers where it came from. It knows which other numbers it was
# computed from, and by which operation. Then you write `trace`, which collects this memory,
# starting from a result, so that it can be drawn.
#
# In the lecture: from [19:09](https://youtu.be/VMj-3S1tku0?t=1149), the Value and its picture.
#
# To check your work, type `grade assignment1` in a terminal.

# %% [markdown]
# ## Numbers forget
#
# Here is an expression on plain floats: four numbers, and three results.

# %% tags=["demo"]
a = 2.0
b = -3.0
c = 10.0
f = -2.0
e = a * b
d = e + c
L = d * f
print(e, d, L)  # -6.0 4.0 -8.0

# %% [markdown]
# Now look at `L` alone. It is just the float -8.0. Was it `d * f`? Was it 2 - 10? It doesn't know.
#
# In assignment0 you measured slopes by running the whole expression again for each input. To find
# them all in one walk back from the result, we must be able to walk back: from `L` to `d` and `f`,
# from `d` to `e` and `c`, and so on. As a picture:
#
#     a ---+
#          * ---> e ---+
#     b ---+           |
#                      + ---> d ---+
#     c ---------------+           |
#                                  * ---> L
#     f ---------------------------+
#
# Such a picture is called a **graph**. Its **nodes** are the numbers. An **edge** is a line from a
# number to a result that was computed from it. The numbers at the far left, which were not computed
# from anything, are the **leaves**. The last result is the **root**: that is where the walk starts.
#
# Books call it a *computational graph* or *expression graph*. Because its arrows have a direction
# and never form a circle, it is a *directed acyclic graph*, a DAG.

# %% [markdown]
# ## Tuples and sets
#
# You will use two kinds of collection. A **tuple** is like a list, in parentheses, but it can't be
# changed; a pair is a tuple of two. A **set** contains each item once, in no particular order, and
# can quickly tell whether it contains an item.

# %% tags=["demo"]
pair = ('d', 'f')
left, right = pair  # a tuple can be taken apart into names
print(pair[0], right)  # d f
print(len(()))  # 0: the empty tuple

seen = set()  # an empty set
seen.add('d')
seen.add('d')
print(len(seen), 'd' in seen, 'e' in seen)  # 1 True False
print(set(pair) == {'f', 'd'})  # True: a set can be made from a tuple

# %% [markdown]
# ## 1. What a Value holds
#
# A `Value` has five fields:
#
# | field | holds | for `e` above |
# |---|---|---|
# | `data` | the number itself | -6.0 |
# | `grad` | the slope of the root with respect to this node; 0.0 until it is found | 0.0 |
# | `_prev` | the set of the nodes it was computed from, its **children** | the set of `a` and `b` |
# | `_op` | the operation that made it, as text; empty for a leaf | `'*'` |
# | `label` | a name for pictures; it may be empty | `'e'` |
#
# The underscore in front of a name is a Python convention: it means "internal, not for users". The
# word *children* comes from family trees, drawn from the root: one step away from `e` are its
# children `a` and `b`. Note that they existed *before* `e`.
#
# Three things are easy to get wrong:
#
# - **The name changes.** The argument is called `_children`, the field `_prev`. The children come
#   in as a tuple, and we store them as a set. (A tuple or a list is also correct. Then a few lines
#   further down will print something different from their comments.)
# - **Each node has its own `grad`**, and it starts as the number 0.0. It has not been computed yet;
#   assignment3 will fill it in.
# - **A leaf has no children.** That is why the first line of `__init__` has an empty tuple. Two
#   leaves must not share one set: `set(...)` makes a new one each time.
#
# ## 2. What a Value says
#
# When you print an object, Python asks its method `__repr__` for a text. If the class has none, you
# get something unhelpful like this:

# %% tags=["demo"]
class Silent:
    def __init__(self, data):
        self.data = data


print(repr(Silent(2.0))[:23])  # <__main__.Silent object

# %% [markdown]
# A `Value` should show its number: `Value(data=2.0)`. It may show more, such as its label. An
# f-string puts a number into text:

# %% tags=["demo"]
number = 2.0
print(f"the number is {number}")  # the number is 2.0

# %% parts=["fields", "repr"]
class Value:
    """A number that remembers which nodes it was computed from, and how."""

    def __init__(self, data, _children=(), _op='', label=''):
        """Set the five fields: data, grad, _prev, _op, label."""
        ### BEGIN SOLUTION: Set self.data, self.grad, self._prev, self._op and self.label.
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label
        ### END SOLUTION

    def __repr__(self):
        """Return a text such as Value(data=2.0)."""
        ### BEGIN SOLUTION: Return the text Value(data=...) with the number of this node in it.
        return f"Value(data={self.data})"
        ### END SOLUTION

# %% [markdown]
# The operators come in the next assignment. Until then we do the arithmetic ourselves and tell
# each node its children and its operation.

# %% tags=["demo"]
a = Value(2.0, label='a')
b = Value(-3.0, label='b')
c = Value(10.0, label='c')
f = Value(-2.0, label='f')
e = Value(-6.0, (a, b), '*', label='e')
d = Value(4.0, (e, c), '+', label='d')
L = Value(-8.0, (d, f), '*', label='L')

print(L)  # Value(data=-8.0)
print(L._op, L.grad)  # * 0.0
print(a._prev)  # set()

# %% [markdown]
# Now `L` knows where it came from, and so does each of its children. (A set has no order, so we
# sort the labels.)

# %% tags=["demo"]
print(sorted(child.label for child in L._prev))  # ['d', 'f']
print(sorted(child.label for child in d._prev))  # ['c', 'e']

# %% [markdown]
# Two nodes are two nodes, even if they hold the same number. Python tells objects apart by
# identity, unless a class says otherwise, and ours should not: in `2.0 * 2.0` each factor has its
# own slope.

# %% tags=["demo"]
x = Value(2.0)
y = Value(2.0)
print(x == y, x == x)  # False True
print(len({x, y}))  # 2

# %% [markdown]
# And what if one node is used twice, as in `p + p`? Replace the three dots with your guess, then
# run the cell. It earns no points and costs none.

# %% tags=["demo"]
p = Value(3.0, label='p')
predict = ...  # your guess: how many children does q have, if they are kept in a set?

q = Value(6.0, (p, p), '+', label='q')
print(len(q._prev))

# %% [markdown]
# A set contains each item once. So `q` knows that it came from `p`, but its set doesn't say that
# `p` was used twice. Keep this in mind: numbers that are used twice will matter a lot later on.
#
# ## 3. Walking back from the root
#
# `trace(root)` collects the whole graph: all nodes that can be reached from the root by going from
# child to child, and all edges. An edge is a pair `(operand, result)`: the child first, then the
# node that was computed from it. (An *operand* is what an operation is applied to.) Both are
# returned as sets, so nothing is in them twice. (Lists are fine too, if you make sure of that
# yourself.)
#
# One step of the walk, by hand. The children of `L` give the first two edges. To sort them by
# label, we give `sorted` a small function. `lambda node: node.label` is a function without a name,
# in one line: it takes a node and returns its label.

# %% tags=["demo"]
print((lambda x: 2 * x)(4))  # 8: it takes x, and returns 2 * x
print(sorted(['fig', 'pea', 'nut'], key=lambda word: word[-1]))  # ['pea', 'fig', 'nut']

for child in sorted(L._prev, key=lambda node: node.label):
    print(child.label, '->', L.label)
# d -> L
# f -> L

# %% [markdown]
# Then do the same for `d`, then for its children, until only leaves are left. There is one catch.
# In
#
#     s ---+---> u ---+
#          |          + ---> t
#          +---> v ---+
#
# two paths lead from `t` back to `s`. If you visit a node each time you come across it, you visit
# `s` twice. Put thirty such squares one after the other, and the walk takes every possible path:
# two to the power of thirty, more than a billion. So remember which nodes you have visited, and
# skip them.
#
# How do you walk when you don't know how far it goes? There are two ways, and both work. Here they
# count the numbers in nested lists. The first is **recursion**, a function that calls itself for
# each part. The second keeps **a to-do list**: take one item out and put in what it leads to, until
# the list is empty.

# %% tags=["demo"]
nested = [1, [2, 3], [4, [5]]]


def count(thing):
    if not isinstance(thing, list):
        return 1
    total = 0
    for part in thing:
        total = total + count(part)  # the same question, about a smaller thing
    return total


print(count(nested))  # 5

todo = [nested]
found = 0
while todo:
    thing = todo.pop()  # takes the last one out
    if isinstance(thing, list):
        todo.extend(thing)  # its parts are still to do
    else:
        found = found + 1
print(found)  # 5

# %% [markdown]
# Now write `trace`. Instead of counting, it fills two sets. If you choose recursion, define a
# function inside `trace`, where it can add to them, and call it with `root`.

# %% parts=["trace"]
def trace(root):
    """Return (nodes, edges) of the graph that leads to root, as two sets.

    nodes holds root and every node below it. edges holds a pair (operand, result)
    for each node and each of its children.
    """
    nodes, edges = set(), set()
    ### BEGIN SOLUTION: Start at root, go from child to child, and collect each node and edge once.
    pending = [root]
    while pending:
        node = pending.pop()
        if node not in nodes:
            nodes.add(node)
            for child in node._prev:
                edges.add((child, node))
                pending.append(child)
    ### END SOLUTION
    return nodes, edges

# %% tags=["demo"]
nodes, edges = trace(L)
print(len(nodes), len(edges))  # 7 6
print(sorted(node.label for node in nodes))  # ['L', 'a', 'b', 'c', 'd', 'e', 'f']
for operand, result in sorted(edges, key=lambda edge: edge[0].label):
    print(operand.label, '->', result.label, end='; ')
print()  # a -> e; b -> e; c -> d; d -> L; e -> d; f -> L;

# The square from above, with s = 3, u = s squared and v = s cubed:
s = Value(3.0, label='s')
u = Value(9.0, (s,), '**2', label='u')
v = Value(27.0, (s,), '**3', label='v')
t = Value(36.0, (u, v), '+', label='t')
nodes, edges = trace(t)
print(len(nodes), len(edges))  # 4 4

nodes, edges = trace(a)
print(len(nodes), len(edges))  # 1 0

# %% [markdown]
# ## Your graph, drawn
#
# `draw_dot` draws what your `trace` returns. The picture appears below the cell. If you run the
# whole file as a script, it is written to a file whose name is printed.

# %% tags=["demo"]
from autograder.kit import draw_dot

draw_dot(L, trace=trace)

# %% [markdown]
# Read it from left to right. Each box is a `Value`: its label, its number, its gradient. The small
# ovals are the operations. They are not nodes of the graph, only a way to show the `_op` of the box
# to their right. Follow the arrows forward, and you compute `L` again. Follow them backward, and
# you see everything `L` depends on.
#
# Every `grad` is 0.0 so far. The rest of the course is about what belongs there. For `L` itself you
# already know: if `L` goes up by a little, by how much does `L` go up?
#
# And here is the square, with its two paths from `t` to `s`.

# %% tags=["demo"]
draw_dot(t, trace=trace)

# %% [markdown] points=2
# A question to think about: in the first picture each box has one arrow going out of it, except the
# root. In the second, two arrows leave `s`. If `s` changes a little, along how many paths does the
# change reach `t`?

# %% [markdown]
# ## What comes next
#
# Giving each node its number, children and operation by hand is tedious and error-prone. In
# assignment2 the operators do it: you will write `L = (a * b + c) * f`, and the graph grows by
# itself.
