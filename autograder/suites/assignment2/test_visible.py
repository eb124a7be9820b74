"""assignment2, the tests that learners may read.

Each asks for numbers that stand here, and for some that nobody can know: answers learnt by heart
earn nothing. Each uses one operator, on leaves.
"""

import math

import pytest

from autograder.expressions.random_graphs import number
from autograder.suites.assignment2.oracle import (
    NEG,
    SUB,
    TANH,
    TRUEDIV,
    assert_operator,
    positive,
    radd,
    rmul,
    rsub,
    rtruediv,
    sub_number,
    truediv_number,
)


@pytest.mark.part("add")
@pytest.mark.points(2)
def test_add(learner, rng):
    """a + b adds the numbers and remembers a and b"""
    for x, y in ((2.0, -3.5), (number(rng, -9, 9), number(rng, -9, 9))):
        c = assert_operator(learner, lambda a, b: a + b, x, y)
        if c._op != "+":
            raise learner.mismatch("_op of a sum is '+'.", c._op, "+")


@pytest.mark.part("add")
@pytest.mark.points(1)
def test_add_number(learner, rng):
    """a + 1: a plain number may be on the right"""
    for n in (1, 2.5, number(rng, -9, 9)):
        assert_operator(learner, lambda a, n=n: a + n, 6.0)


@pytest.mark.part("mul")
@pytest.mark.points(2)
def test_mul(learner, rng):
    """a * b multiplies the numbers and remembers a and b"""
    for x, y in ((2.0, -3.5), (number(rng, -9, 9), number(rng, -9, 9))):
        c = assert_operator(learner, lambda a, b: a * b, x, y)
        if c._op != "*":
            raise learner.mismatch("_op of a product is '*'.", c._op, "*")


@pytest.mark.part("mul")
@pytest.mark.points(1)
def test_mul_number(learner, rng):
    """a * 3: a plain number may be on the right"""
    for n in (3, 2.5, number(rng, -9, 9)):
        assert_operator(learner, lambda a, n=n: a * n, 6.0)


@pytest.mark.part("pow")
@pytest.mark.points(1)
def test_pow(learner, rng):
    """a ** n raises a to a plain number, whole or not, even negative"""
    drawn = (number(rng, 1, 5), number(rng, 1.5, 3))
    for x, n in ((2.0, 3), (4.0, 0.5), (2.0, -1), (-3.0, 2), drawn):
        assert_operator(learner, lambda a, n=n: a**n, x)


@pytest.mark.part("neg")
@pytest.mark.points(1)
def test_neg(learner, rng):
    """-a changes the sign"""
    for x in (2.5, -1.5, number(rng, -9, 9)):
        assert_operator(learner, lambda a: -a, x, made_of=NEG)


@pytest.mark.part("sub")
@pytest.mark.points(1)
def test_sub(learner, rng):
    """a - b subtracts"""
    for x, y in ((5.0, 3.5), (number(rng, 1, 9), number(rng, -9, -1))):
        assert_operator(learner, lambda a, b: a - b, x, y, made_of=SUB)
        assert_operator(learner, lambda a, b: a - b, y, x, made_of=SUB)


@pytest.mark.part("sub")
@pytest.mark.points(1)
def test_sub_number(learner, rng):
    """a - 2: a plain number may be on the right"""
    for n in (2, 2.5, number(rng, -9, 9)):
        assert_operator(learner, lambda a, n=n: a - n, 6.0, made_of=sub_number(learner, n))


@pytest.mark.part("truediv")
@pytest.mark.points(1)
def test_truediv(learner, rng):
    """a / b divides and keeps the fraction"""
    for x, y in ((7.0, 2.0), (number(rng, 5, 9), number(rng, -4, -1))):
        assert_operator(learner, lambda a, b: a / b, x, y, made_of=TRUEDIV)
        assert_operator(learner, lambda a, b: a / b, y, x, made_of=TRUEDIV)


@pytest.mark.part("truediv")
@pytest.mark.points(1)
def test_truediv_number(learner, rng):
    """a / 4: a plain number may be on the right"""
    for n in (4, 2.5, number(rng, -9, 9)):
        assert_operator(learner, lambda a, n=n: a / n, 6.0, made_of=truediv_number(learner, n))


@pytest.mark.part("reflected")
@pytest.mark.points(1)
def test_radd(learner, rng):
    """1 + a: a plain number may be on the left of +"""
    for x in (6.0, number(rng, -9, 9)):
        assert_operator(learner, lambda a: 1 + a, x, made_of=radd(learner, 1))


@pytest.mark.part("reflected")
@pytest.mark.points(1)
def test_rmul(learner, rng):
    """3 * a: a plain number may be on the left of *"""
    for x in (6.0, number(rng, -9, 9)):
        assert_operator(learner, lambda a: 3 * a, x, made_of=rmul(learner, 3))


@pytest.mark.part("reflected")
@pytest.mark.points(1)
def test_rsub(learner, rng):
    """5 - a: a plain number may be on the left of -"""
    for x in (2.0, number(rng, -9, 9)):
        assert_operator(learner, lambda a: 5 - a, x, made_of=rsub(learner, 5))


@pytest.mark.part("reflected")
@pytest.mark.points(1)
def test_rtruediv(learner, rng):
    """1 / a: a plain number may be on the left of /"""
    for x in (4.0, number(rng, -9, 9)):
        assert_operator(learner, lambda a: 1 / a, x, made_of=rtruediv(learner, 1))


@pytest.mark.part("exp")
@pytest.mark.points(1)
def test_exp(learner, rng):
    """a.exp() is e to the power of a"""
    for x in (0.0, 1.0, -2.0, number(rng, -3, 3)):
        assert_operator(learner, lambda a: a.exp(), x, of_numbers=math.exp)


@pytest.mark.part("tanh")
@pytest.mark.points(1)
def test_tanh(learner, rng):
    """a.tanh() squashes a number into (-1, 1)"""
    for x in (0.5, -1.2, number(rng, -2, 2)):
        assert_operator(learner, lambda a: a.tanh(), x, of_numbers=math.tanh, made_of=TANH)


@pytest.mark.part("relu")
@pytest.mark.points(1)
def test_relu(learner, rng):
    """a.relu() keeps positive numbers and turns the rest into zero"""
    for x in (3.0, -3.0, number(rng, 10, 99), number(rng, -9, -1)):
        assert_operator(learner, lambda a: a.relu(), x, of_numbers=positive, itself=x > 0)
