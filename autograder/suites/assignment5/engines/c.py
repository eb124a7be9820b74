import math


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label
        self._slopes = ()

    def __repr__(self):
        return f"Value({self.data})"

    @classmethod
    def _made(cls, data, op, *pairs):
        out = cls(data, [operand for operand, _ in pairs], op)
        out._slopes = pairs
        return out

    def _backward(self):
        for operand, slope in self._slopes:
            operand.grad = operand.grad + slope * self.grad

    def __add__(self, other):
        if not isinstance(other, Value):
            return self._made(self.data + other, "+", (self, 1.0))
        return self._made(self.data + other.data, "+", (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        if not isinstance(other, Value):
            return self._made(self.data - other, "-", (self, 1.0))
        return self._made(self.data - other.data, "-", (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        if not isinstance(other, Value):
            return self._made(self.data * other, "*", (self, other))
        return self._made(self.data * other.data, "*", (self, other.data), (other, self.data))

    def __truediv__(self, other):
        return self * other**-1

    def __neg__(self):
        return self._made(-self.data, "neg", (self, -1.0))

    def __pow__(self, n):
        return self._made(self.data**n, "**", (self, n * self.data ** (n - 1)))

    def exp(self):
        y = math.exp(self.data)
        return self._made(y, "exp", (self, y))

    def relu(self):
        return self._made(max(self.data, 0.0), "relu", (self, 1.0 if self.data > 0 else 0.0))

    def tanh(self):
        e = (self * 2).exp()
        return (e - 1) / (e + 1)

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return -self + other

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        order, entered, path = [], {self}, [(self, iter(self._slopes))]
        while path:
            node, operands = path[-1]
            operand = next((o for o, _ in operands if o not in entered), None)
            if operand is None:
                order.append(node)
                path.pop()
            else:
                entered.add(operand)
                path.append((operand, iter(operand._slopes)))
        self.grad = 1.0
        while order:
            order.pop()._backward()
