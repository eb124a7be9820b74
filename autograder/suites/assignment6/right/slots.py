"""Slots, operands in a tuple, nothing recursive."""

from math import exp as e_to, tanh as squash


class Value:
    __slots__ = ("data", "grad", "label", "_prev", "_op", "_backward")

    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self.label = data, 0, label
        self._prev, self._op = tuple(_children), _op
        self._backward = None

    def __repr__(self):
        return f"<{self.label or self._op or 'leaf'} {self.data:g}>"

    @staticmethod
    def wrap(x):
        return x if type(x) is Value else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        total = Value(self.data + other.data, (self, other), "+")

        def send():
            self.grad += total.grad
            other.grad += total.grad

        total._backward = send
        return total

    def __mul__(self, other):
        other = Value.wrap(other)
        product = Value(self.data * other.data, (self, other), "*")

        def send():
            self.grad += product.grad * other.data
            other.grad += product.grad * self.data

        product._backward = send
        return product

    def __pow__(self, n):
        power = Value(self.data**n, (self,), "^" + str(n))

        def send():
            self.grad += power.grad * n * self.data ** (n - 1)

        power._backward = send
        return power

    def exp(self):
        y = Value(e_to(self.data), (self,), "e")

        def send():
            self.grad += y.grad * y.data

        y._backward = send
        return y

    def tanh(self):
        y = Value(squash(self.data), (self,), "tanh")

        def send():
            self.grad += y.grad * (1 + y.data) * (1 - y.data)

        y._backward = send
        return y

    def relu(self):
        y = Value(max(self.data, 0), (self,), "ReLU")

        def send():
            self.grad += y.grad * (y.data > 0)

        y._backward = send
        return y

    __radd__ = __add__
    __rmul__ = __mul__
    __neg__ = lambda self: self * -1
    __sub__ = lambda self, other: self + -Value.wrap(other)
    __rsub__ = lambda self, other: -self + other
    __truediv__ = lambda self, other: self * Value.wrap(other) ** -1
    __rtruediv__ = lambda self, other: Value.wrap(other) * self**-1


def topological_order(root):
    waiting = {}  # for each node, how many results have not been listed yet
    todo = [root]
    for node in todo:
        for operand in node._prev:
            if id(operand) not in waiting:
                waiting[id(operand)] = 0
                todo.append(operand)
            waiting[id(operand)] += 1
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for operand in node._prev:
            waiting[id(operand)] -= 1
            if waiting[id(operand)] == 0:
                ready.append(operand)
    order.reverse()
    return order


def backward(root):
    root.grad = 1
    done, path = set(), [(root, iter(root._prev))]
    order = []
    while path:
        node, operands = path[-1]
        for operand in operands:
            if operand not in done and operand._prev:
                done.add(operand)
                path.append((operand, iter(operand._prev)))
                break
        else:
            order.append(node)
            path.pop()
    while order:
        node = order.pop()
        if node._backward is not None:
            node._backward()


Value.backward = backward


def zero_grad(parameters):
    for p in parameters:
        p.grad = 0


def gradient_step(parameters, learning_rate):
    for p in parameters:
        p.data = p.data - learning_rate * p.grad


def descend(loss, parameters, learning_rate, steps):
    history = []
    while len(history) < steps:
        now = loss()
        now.backward()
        gradient_step(parameters, learning_rate)
        zero_grad(parameters)
        history.append(now.data)
    return history
