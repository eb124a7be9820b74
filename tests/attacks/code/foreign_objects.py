# Aim: Decimal, Fraction, complex, bytes, classes and functions where a number belongs.
# Ends: failed
from decimal import Decimal
from fractions import Fraction

manual_gradients = lambda *args: {
    "a": Decimal("6"), "b": Fraction(-4), "c": complex(-2, 0), "d": b"-2", "e": float, "f": abs,
    "L": NotImplemented,
}  # fmt: skip
