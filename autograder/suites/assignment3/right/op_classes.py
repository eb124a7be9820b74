"""A subclass for each operator; `_backward` is a method of it."""
import math


class Value:
    _op = ''

    def __init__(self, data, *operands):
        self.data = data
        self.grad = 0.0
        self._prev = operands

    def _backward(self):
        """A leaf sends nothing back."""

    def __add__(self, other): return Add.of(self, other)
    def __radd__(self, other): return Add.of(other, self)
    def __sub__(self, other): return Sub.of(self, other)
    def __rsub__(self, other): return Sub.of(other, self)
    def __mul__(self, other): return Mul.of(self, other)
    def __rmul__(self, other): return Mul.of(other, self)
    def __truediv__(self, other): return Div.of(self, other)
    def __rtruediv__(self, other): return Div.of(other, self)
    def __neg__(self): return Sub.of(0.0, self)
    def __pow__(self, exponent): return Pow(self, exponent)
    def exp(self): return Exp(self)
    def tanh(self): return Tanh(self)
    def relu(self): return ReLU(self)


class Binary(Value):
    @classmethod
    def of(cls, *operands):
        left, right = (x if isinstance(x, Value) else Value(x) for x in operands)
        return cls(cls.number(left.data, right.data), left, right)

    def _backward(self):
        left, right = self._prev
        dx, dy = self.slopes(left.data, right.data)
        left.grad += dx * self.grad
        right.grad += dy * self.grad


class Add(Binary):
    _op = '+'

    @staticmethod
    def number(x, y): return x + y

    def slopes(self, x, y): return 1, 1


class Sub(Binary):
    _op = '-'

    @staticmethod
    def number(x, y): return x - y

    def slopes(self, x, y): return 1, -1


class Mul(Binary):
    _op = '*'

    @staticmethod
    def number(x, y): return x * y

    def slopes(self, x, y): return y, x


class Div(Binary):
    _op = '/'

    @staticmethod
    def number(x, y): return x / y

    def slopes(self, x, y): return 1 / y, -x / (y * y)


class Unary(Value):
    def __init__(self, operand):
        super().__init__(self.number(operand.data), operand)

    def _backward(self):
        (operand,) = self._prev
        operand.grad += self.slope(operand.data) * self.grad


class Pow(Unary):
    def __init__(self, operand, exponent):
        self.exponent = exponent
        super().__init__(operand)

    def number(self, x): return x**self.exponent
    def slope(self, x): return self.exponent * x ** (self.exponent - 1)


class Exp(Unary):
    def number(self, x): return math.exp(x)
    def slope(self, x): return self.data


class Tanh(Unary):
    def number(self, x): return math.tanh(x)
    def slope(self, x): return 1 - self.data**2


class ReLU(Unary):
    def number(self, x): return max(x, 0)
    def slope(self, x): return x > 0


def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    e = a * b
    d = e + c
    L_d, L_f = f, d
    d_e, d_c = 1, 1
    e_a, e_b = b, a
    return {
        'L': 1, 'd': L_d, 'f': L_f, 'e': L_d * d_e, 'c': L_d * d_c,
        'a': L_d * d_e * e_a, 'b': L_d * d_e * e_b,
        'note': 'each is a product along the path',
    }
