"""One class for each operator, which is a Value that computes its own number."""
import abc
import math


class Value:
    _op = ""

    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self._prev = ()

    def __add__(self, other): return Add(self, wrap(other))
    def __radd__(self, other): return Add(wrap(other), self)
    def __sub__(self, other): return Add(self, Neg(wrap(other)))
    def __rsub__(self, other): return Add(wrap(other), Neg(self))
    def __mul__(self, other): return Mul(self, wrap(other))
    def __rmul__(self, other): return Mul(wrap(other), self)
    def __truediv__(self, other): return Mul(self, Power(wrap(other), -1))
    def __rtruediv__(self, other): return Mul(wrap(other), Power(self, -1))
    def __pow__(self, exponent): return Power(self, exponent)
    def __neg__(self): return Neg(self)
    def exp(self): return Exp(self)
    def tanh(self): return Tanh(self)
    def relu(self): return Relu(self)
    def __repr__(self): return f"{type(self).__name__}({self.data})"


def wrap(x):
    return x if isinstance(x, Value) else Value(x)


class Operation(Value, abc.ABC):
    def __init__(self, *operands):
        super().__init__(self.forward(*(operand.data for operand in operands)))
        self._prev = operands

    @abc.abstractmethod
    def forward(self, *numbers):
        """The number of the result."""


class Add(Operation):
    _op = "+"

    def forward(self, x, y): return x + y


class Mul(Operation):
    _op = "*"

    def forward(self, x, y): return x * y


class Neg(Operation):
    _op = "neg"

    def forward(self, x): return -x


class Exp(Operation):
    _op = "exp"

    def forward(self, x): return math.exp(x)


class Tanh(Operation):
    _op = "tanh"

    def forward(self, x): return math.tanh(x)


class Relu(Operation):
    _op = "relu"

    def forward(self, x): return x if x > 0 else 0


class Power(Operation):
    def __init__(self, base, exponent):
        self.exponent = exponent
        self._op = f"**{exponent}"
        super().__init__(base)

    def forward(self, x): return x**self.exponent
