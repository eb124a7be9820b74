# Aim: integers that no float holds, to break the comparison or the report.
# Ends: failed
manual_gradients = lambda *args: {
    "a": 2**1024 - 1, "b": -(2**1024) + 1, "c": 2**1023, "d": 10**5000, "e": 1 << 100_000,
    "f": -(2**64), "L": 2**1024 - 1,
}  # fmt: skip


def huge_tanh(self):
    out = Value(2**1024 - 1, (self,), "tanh")
    out._backward = lambda: setattr(self, "grad", 10**400)
    return out


Value.tanh = huge_tanh
