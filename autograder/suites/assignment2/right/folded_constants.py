"""Plain numbers get no node: they are folded into the operation. Methods made in a loop."""
import math
import operator


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = {*_children}
        self._op = _op
        self.label = label

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)

    def __repr__(self):
        return f"Value(data={self.data:.6g}, op={self._op!r})"

    def __pow__(self, exponent):
        return Value(self.data**exponent, (self,), "pow")

    def __neg__(self):
        return Value(-self.data, (self,), "-")


def binary(function, sign):
    def method(self, other):
        if isinstance(other, Value):
            return Value(function(self.data, other.data), (self, other), sign)
        return Value(function(self.data, other), (self,), sign)

    def reflected(self, number):
        return Value(function(number, self.data), (self,), sign)

    return method, reflected


def unary(name, function):
    def method(self):
        return Value(function(self.data), (self,), name)

    method.__name__ = name
    return method


for name, function, sign in [
    ("add", operator.add, "+"),
    ("sub", operator.sub, "-"),
    ("mul", operator.mul, "*"),
    ("truediv", operator.truediv, "/"),
]:
    method, reflected = binary(function, sign)
    setattr(Value, f"__{name}__", method)
    setattr(Value, f"__r{name}__", reflected)

for name, function in {
    "exp": math.exp,
    "tanh": lambda x: 1 - 2 / (math.exp(2 * x) + 1),
    "relu": lambda x: (x + abs(x)) / 2,
}.items():
    setattr(Value, name, unary(name, function))
