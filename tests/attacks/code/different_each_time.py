# Aim: answers that change between the question and the diagnosis, right now and then.
# Ends: failed
import itertools

turn = itertools.count()


def turning_tanh(self):
    out = Value(math.tanh(self.data), (self,), "tanh")

    def _backward():
        number = next(turn)
        if number % 5 == 3:
            raise ValueError("not now")
        self.grad = [0.0, 1 - out.data**2, None, 0, "x"][number % 5]

    out._backward = _backward
    return out


Value.tanh = turning_tanh
