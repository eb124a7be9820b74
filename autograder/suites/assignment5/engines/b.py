from math import exp, tanh


def lift(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    __slots__ = ("data", "grad", "label", "_prev", "_op", "_backward")

    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self.label = data, 0, label
        self._prev, self._op, self._backward = list(_children), _op, None

    def __repr__(self):
        return f"{self.label or 'Value'}({self.data})"

    def __add__(self, other):
        left, right = self, lift(other)
        total = Value(left.data + right.data, [left, right], "+")

        def pull():
            left.grad += total.grad
            right.grad += total.grad

        total._backward = pull
        return total

    def __mul__(self, other):
        left, right = self, lift(other)
        product = Value(left.data * right.data, [left, right], "*")

        def pull():
            left.grad += product.grad * right.data
            right.grad += product.grad * left.data

        product._backward = pull
        return product

    def __pow__(self, n):
        power = Value(self.data**n, [self], "pow")

        def pull():
            self.grad += power.grad * n * self.data ** (n - 1)

        power._backward = pull
        return power

    def exp(self):
        result = Value(exp(self.data), [self], "exp")

        def pull():
            self.grad += result.grad * result.data

        result._backward = pull
        return result

    def tanh(self):
        y = tanh(self.data)
        result = Value(y, [self], "tanh")

        def pull():
            self.grad += result.grad * (1 - y * y)

        result._backward = pull
        return result

    def relu(self):
        result = Value(max(self.data, 0), [self], "ReLU")

        def pull():
            self.grad += result.grad * (self.data > 0)

        result._backward = pull
        return result

    def backward(self):
        self.grad = 1
        todo, users = [self], {id(self): 0}
        for node in todo:
            for operand in node._prev:
                if id(operand) not in users:
                    users[id(operand)] = 0
                    todo.append(operand)
                users[id(operand)] += 1
        ready = [self]
        while ready:
            node = ready.pop()
            if node._backward:
                node._backward()
            for operand in node._prev:
                users[id(operand)] -= 1
                if not users[id(operand)]:
                    ready.append(operand)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -lift(other)

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * lift(other) ** -1

    def __rtruediv__(self, other):
        return lift(other) * self**-1
