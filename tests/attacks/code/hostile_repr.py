# Aim: a repr that hangs, ends the process, or never ends, while the message is written.
# Ends: failed
# Patience: short
class Nasty:
    count = 0

    def __repr__(self):
        Nasty.count += 1
        if Nasty.count % 4 == 1:
            raise SystemExit("no repr")
        if Nasty.count % 4 == 2:
            return "x" * 100_000_000
        if Nasty.count % 4 == 3:
            return 5
        while True:
            pass

    __str__ = __format__ = __repr__


manual_gradients = lambda *args: {name: Nasty() for name in "abcdefL"}
Value.tanh = lambda self: Nasty()
Value.__pow__ = lambda self, exponent: Value(Nasty(), (self,))
