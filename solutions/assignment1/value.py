# %% [markdown]
# # Assignment 1: Value
#
# You build `Value`: a number that remembers where it came from. It knows from which other numbers
# it was computed, and by which operation. Then you write `trace`, which collects all of this
# memory from a result, so that it can be drawn.
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
# Now look at `L` alone. It is the float -8.0 and nothing else. Was it `d * f`? Was it 2 - 10? It
# cannot say.
#
# In assignment0 you measured slopes by running the whole expression again for each input. To find
# them in one walk back from the result, we have to be able to walk back: from `L` to `d` and `f`,
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
# number to a result that was computed from it. The numbers at the far left, which were computed
# from nothing, are the **leaves**. The last result is the **root**: that is where the walk begins.
#
# In books you find it as a *computational graph* or *expression graph*. As its arrows have a
# direction and never lead round in a circle, it is a *directed acyclic graph*, a DAG.

# %% [markdown]
# ## Tuples and sets
#
# Two kinds of collection will hold such lines. A **tuple** is like a list, in round brackets, but
# it cannot be changed; a pair is a tuple of two. A **set** holds each thing once, in no order of
# its own, and is quick to say whether it holds a thing.

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
# The underscore in front of a name is a habit in Python: it says "for the machinery, not for the
# user". And the word *children* is from family trees, drawn from the root: a step away from `e` are
# its children `a` and `b`. Mind that they were there *before* `e`.
#
# Three things are easy to get wrong:
#
# - **The name changes.** The argument is called `_children`, the field `_prev`. The children come
#   in as a tuple, and we keep them as a set. (A tuple or a list is right too. A few lines further
#   down will then print something else than the comment beside them says.)
# - **Each node has a `grad` of its own**, and it starts as the number 0.0. Nothing has been found
#   yet; assignment3 will fill it.
# - **A leaf has no children.** That is what the empty tuple in the first line of `__init__` is
#   for. Two leaves must not share one set: `set(...)` makes a new one each time.
#
# ## 2. What a Value says
#
# Print an object, and Python asks its method `__repr__` for a text. If the class has none, you get
# something like this, which helps nobody:

# %% tags=["demo"]
class Silent:
    def __init__(self, data):
        self.data = data


print(repr(Silent(2.0))[:23])  # <__main__.Silent object

# %% [markdown]
# A `Value` should say its number: `Value(data=2.0)`. You may let it say more, such as its label. An
# f-string puts a number into text:

# %% tags=["demo"]
number = 2.0
print(f"the number is {number}")  # the number is 2.0

# %% parts=["fields", "repr"]
class Value:
    """A number that remembers from which nodes it was computed, and how."""

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
# Now `L` can say where it came from, and so can each of its children. (A set has no order of its
# own, so we sort the labels.)

# %% tags=["demo"]
print(sorted(child.label for child in L._prev))  # ['d', 'f']
print(sorted(child.label for child in d._prev))  # ['c', 'e']

# %% [markdown]
# Two nodes are two nodes, even if they hold the same number. Python tells objects apart by which
# object they are, unless a class says otherwise, and ours should not: in `2.0 * 2.0` each factor
# has a slope of its own.

# %% tags=["demo"]
x = Value(2.0)
y = Value(2.0)
print(x == y, x == x)  # False True
print(len({x, y}))  # 2

# %% [markdown]
# And what if one node is used twice, as in `p + p`? Replace the three dots by your guess, then run
# the cell. It brings no points and costs none.

# %% tags=["demo"]
p = Value(3.0, label='p')
predict = ...  # your guess: how many children does q have, if they are kept in a set?

q = Value(6.0, (p, p), '+', label='q')
print(len(q._prev))

# %% [markdown]
# A set holds a thing once. So `q` knows that it came from `p`, but its set does not say that `p`
# was used twice. Keep this in mind: a number that is used twice will matter a great deal later on.
#
# ## 3. Walking back from the root
#
# `trace(root)` collects the whole graph: all nodes that can be reached from the root by going from
# child to child, and all edges. An edge is a pair `(operand, result)`: the child first, then the
# node that was computed from it. (*Operand* is the word for what an operation is applied to.) Both
# come back as sets, so that nothing is in there twice. (Lists do as well, if you see to that
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
# Then the same for `d`, then for its children, until only leaves are left. There is one catch. In
#
#     s ---+---> u ---+
#          |          + ---> t
#          +---> v ---+
#
# two ways lead from `t` back to `s`. If you visit a node each time you come across it, `s` is
# visited twice. Put thirty such squares one behind the other, and the walk takes every possible
# way: two to the power of thirty, more than a thousand million. So remember what you have seen,
# and pass by a node that you know already.
#
# How do you walk when you do not know how far it goes? There are two ways, and both will do. Here
# they count the numbers in lists within lists. The first is **recursion**, a function that calls
# itself for each part. The second keeps **a list of what is still to do**: take one thing out, and
# put in what it leads to, until the list is empty.

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
# Now `trace`. In the place of a count it fills two sets. If you choose recursion, define a function
# inside `trace`, which can add to them, and call it with `root`.

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
# `draw_dot` takes your `trace` and makes a picture of what it returns. In a notebook it appears
# below the cell; otherwise it is written to a file, whose name is printed.

# %% tags=["demo"]
from autograder.kit import draw_dot

draw_dot(L, trace=trace)

# %% [markdown]
# Read it from left to right. Each box is a `Value`: its label, its number, its gradient. The small
# ovals are the operations. They are not nodes of the graph, only a way to show the `_op` of the
# box to their right. Follow the arrows forward, and you compute `L` again. Follow them backward,
# and you see all that `L` depends on.
#
# Every `grad` is 0.0 so far. The rest of the course is about what belongs there. For `L` itself
# you can already say: if `L` goes up by a little, by how much does `L` go up?
#
# And here is the square, with its two ways from `t` to `s`.

# %% tags=["demo"]
draw_dot(t, trace=trace)

# %% [markdown] points=2
# A question to think about: in the first picture each box has one arrow going out of it, except
# the root. In the second, two arrows leave `s`. If `s` changes a little, by how many ways does the
# change reach `t`?

# %% [markdown]
# ## What comes next
#
# Telling each node its number, children and operation by hand is tedious, and easy to get wrong.
# In assignment2 the operators do it: you will write `L = (a * b + c) * f`, and the graph grows by
# itself.
