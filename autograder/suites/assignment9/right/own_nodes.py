"""softmax and nll are operators of their own: one node each, with the slopes that one looks up."""


import math


class Value:
    """A number that remembers how it was computed."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self.label = label
        self._prev = set(_children)
        self._op = _op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def _unary(self, result, op, slope):
        """A node with one operand; `slope()` is the derivative of the result by that operand."""
        out = Value(result, (self,), op)

        def _backward():
            self.grad += slope() * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n):
        return self._unary(self.data**n, f"**{n}", lambda: n * self.data ** (n - 1))

    def exp(self):
        e = math.exp(self.data)
        return self._unary(e, "exp", lambda: e)

    def tanh(self):
        t = math.tanh(self.data)
        return self._unary(t, "tanh", lambda: 1 - t * t)

    def relu(self):
        return self._unary(max(0.0, self.data), "relu", lambda: 1.0 if self.data > 0 else 0.0)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    __radd__, __rmul__ = __add__, __mul__  # the order of the operands makes no difference here

    def backward(self):
        """Add to the `grad` of every node the derivative of this Value by that node."""
        order, seen, pending = [], set(), [(self, False)]
        while pending:  # a list instead of recursion, which Python stops at 1000 levels
            node, operands_done = pending.pop()
            if operands_done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                pending.append((node, True))
                pending.extend((operand, False) for operand in node._prev)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()


def log(x):
    out = Value(math.log(x.data), (x,), "log")

    def _backward():
        x.grad += out.grad * math.exp(-out.data)  # 1/x, from the result

    out._backward = _backward
    return out


Value.log = log


def shares(logits):
    top = max(z.data for z in logits)
    odds = [math.exp(z.data - top) for z in logits]
    return [odd / sum(odds) for odd in odds]


def softmax(logits):
    p = shares(logits)

    def node(i):
        out = Value(p[i], logits, "softmax")

        def _backward():
            for j, z in enumerate(logits):
                z.grad += out.grad * p[i] * ((i == j) - p[j])

        out._backward = _backward
        return out

    return [node(i) for i in range(len(logits))]


def nll(logits, target):
    p = shares(logits)
    top = max(z.data for z in logits)
    spread = top + math.log(sum(math.exp(z.data - top) for z in logits))
    out = Value(spread - logits[target].data, logits, "nll")

    def _backward():
        for j, z in enumerate(logits):
            z.grad += out.grad * (p[j] - (j == target))

    out._backward = _backward
    return out
