"""Arithmetic in numpy: every number is a numpy scalar or an array without dimensions."""
import numpy as np


class Value:
    def __init__(self, data, _children=(), _op='', label='', dtype=np.float64):
        self.data = np.asarray(data, dtype=dtype)
        self.grad = np.zeros_like(self.data)
        self._prev = list(_children)
        self._op = _op
        self.label = label

    @staticmethod
    def ensure(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.ensure(other)
        return Value(np.add(self.data, other.data), [self, other], '+')

    def __mul__(self, other):
        other = Value.ensure(other)
        return Value(np.multiply(self.data, other.data), [self, other], '*')

    def __pow__(self, k):
        return Value(np.power(self.data, k), [self], '**' + str(k))

    def __neg__(self):
        return Value(np.negative(self.data), [self], '-')

    def __sub__(self, other):
        return self + (-Value.ensure(other))

    def __truediv__(self, other):
        other = Value.ensure(other)
        return Value(np.divide(self.data, other.data), [self, other], '/')

    def __radd__(self, other): return Value.ensure(other) + self
    def __rmul__(self, other): return Value.ensure(other) * self
    def __rsub__(self, other): return Value.ensure(other) - self
    def __rtruediv__(self, other): return Value.ensure(other) / self

    def exp(self):
        return Value(np.exp(self.data), [self], 'exp')

    def tanh(self):
        return Value(np.tanh(self.data), [self], 'tanh')

    def relu(self):
        return Value(np.where(self.data > 0, self.data, 0.0), [self], 'relu')

    def __repr__(self):
        return f'Value({self.data.item()})'
