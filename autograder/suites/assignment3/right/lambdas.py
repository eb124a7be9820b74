"""Functions attached one by one, as in the text, and lambdas that set the gradients."""
import math
import typing


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0
        self._prev = tuple(dict.fromkeys(_children))
        self._op = _op
        self.label = label
        self._backward: typing.Callable = lambda *ignored: None


def _leave(out, *slopes):
    """Leave on `out` a closure; each slope is a function without arguments."""
    operands = out._prev
    out._backward = lambda: [
        setattr(node, "grad", slope() * out.grad) for node, slope in zip(operands, slopes)
    ]
    return out


def number_or_value(x):
    return x if isinstance(x, Value) else Value(x)


def add(self, other):
    other = number_or_value(other)
    if self is other:
        return self * 2
    out = Value(self.data + other.data, (self, other), "+")
    return _leave(out, lambda: 1, lambda: 1)


def mul(self, other):
    other = number_or_value(other)
    if self is other:
        return self**2
    out = Value(self.data * other.data, (self, other), "*")
    return _leave(out, lambda: other.data, lambda: self.data)


def power(self, n):
    return _leave(Value(self.data**n, (self,), "pow"), lambda: n * self.data ** (n - 1))


def exp(self):
    return _leave(Value(math.exp(self.data), (self,), "exp"), lambda: math.exp(self.data))


def tanh(self):
    slope = lambda: 4 / (math.exp(self.data) + math.exp(-self.data)) ** 2
    return _leave(Value(math.tanh(self.data), (self,), "tanh"), slope)


def relu(self):
    return _leave(Value((self.data > 0) * self.data, (self,), "relu"), lambda: self.data > 0)


Value.__add__ = Value.__radd__ = add
Value.__mul__ = Value.__rmul__ = mul
Value.__pow__ = power
Value.__neg__ = lambda self: -1 * self
Value.__sub__ = lambda self, other: self + number_or_value(other) * -1
Value.__rsub__ = lambda self, other: number_or_value(other) - self
Value.__truediv__ = lambda self, other: self * number_or_value(other) ** -1
Value.__rtruediv__ = lambda self, other: number_or_value(other) / self
Value.exp, Value.tanh, Value.relu = exp, tanh, relu


def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    return {
        "L": 1.0,
        "d": f, "f": a * b + c,
        "e": f, "c": f,
        "a": f * b, "b": f * a,
    }
