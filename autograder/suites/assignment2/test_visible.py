"""assignment2, the tests that learners may read.

Each asks for numbers that stand here, and for some that nobody can know: answers learnt by heart
earn nothing.
"""

import math

import pytest

from autograder.assertions.judge import assert_result
from autograder.expressions.random_graphs import number


@pytest.mark.part("add")
@pytest.mark.points(2)
def test_add(learner, rng):
    """a + b adds the numbers and remembers a and b"""
    for x, y in ((2.0, -3.5), (number(rng, -9, 9), number(rng, -9, 9))):
        a, b = learner.Value(x), learner.Value(y)
        c = a + b
        assert_result(learner, c, x + y, a, b)
        if c._op != "+":
            raise learner.mismatch("_op of a sum is '+'.", c._op, "+")


@pytest.mark.part("mul")
@pytest.mark.points(2)
def test_mul(learner, rng):
    """a * b multiplies the numbers and remembers a and b"""
    for x, y in ((2.0, -3.5), (number(rng, -9, 9), number(rng, -9, 9))):
        a, b = learner.Value(x), learner.Value(y)
        c = a * b
        assert_result(learner, c, x * y, a, b)
        if c._op != "*":
            raise learner.mismatch("_op of a product is '*'.", c._op, "*")


@pytest.mark.part("pow")
@pytest.mark.points(1)
def test_pow(learner, rng):
    """a ** n raises to a plain number, whole or not, negative too"""
    drawn = (number(rng, 1, 5), number(rng, 1.5, 3))
    for base, exponent in ((2.0, 3), (4.0, 0.5), (2.0, -1), (-3.0, 2), drawn):
        a = learner.Value(base)
        assert_result(learner, a**exponent, base**exponent, a)


@pytest.mark.part("neg")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_neg(learner, rng):
    """-a turns the sign"""
    for x in (2.5, -1.5, number(rng, -9, 9)):
        a = learner.Value(x)
        assert_result(learner, -a, -x, a)


@pytest.mark.part("sub")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_sub(learner, rng):
    """a - b subtracts"""
    for x, y in ((5.0, 3.5), (number(rng, 1, 9), number(rng, -9, -1))):
        a, b = learner.Value(x), learner.Value(y)
        assert_result(learner, a - b, x - y, a, b)
        assert_result(learner, b - a, y - x, a, b)


@pytest.mark.part("truediv")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_truediv(learner, rng):
    """a / b divides, with the fraction"""
    for x, y in ((7.0, 2.0), (number(rng, 5, 9), number(rng, -4, -1))):
        a, b = learner.Value(x), learner.Value(y)
        assert_result(learner, a / b, x / y, a, b)
        assert_result(learner, b / a, y / x, a, b)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_add", "test_mul")
def test_number_on_the_right(learner, rng):
    """a plain number may stand on the right: a + 1, a * 3, a - 2, a / 4"""
    for x in (6.0, number(rng, -9, 9)):
        a = learner.Value(x)
        assert_result(learner, a + 1, x + 1, a)
        assert_result(learner, a * 3, x * 3, a)
        assert_result(learner, a - 2, x - 2, a)
        assert_result(learner, a / 4, x / 4, a)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_radd(learner, rng):
    """a plain number may stand on the left of +"""
    for x in (6.0, number(rng, -9, 9)):
        a = learner.Value(x)
        assert_result(learner, 1 + a, 1 + x, a)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_rmul(learner, rng):
    """a plain number may stand on the left of *"""
    for x in (6.0, number(rng, -9, 9)):
        a = learner.Value(x)
        assert_result(learner, 3 * a, 3 * x, a)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_sub")
def test_rsub(learner, rng):
    """a plain number may stand on the left of -"""
    for x in (2.0, number(rng, -9, 9)):
        a = learner.Value(x)
        assert_result(learner, 5 - a, 5 - x, a)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_truediv")
def test_rtruediv(learner, rng):
    """a plain number may stand on the left of /"""
    for x in (4.0, number(rng, -9, 9)):
        a = learner.Value(x)
        assert_result(learner, 1 / a, 1 / x, a)


@pytest.mark.part("exp")
@pytest.mark.points(1)
def test_exp(learner, rng):
    """a.exp() is e to that power"""
    for x in (0.0, 1.0, -2.0, number(rng, -3, 3)):
        a = learner.Value(x)
        assert_result(learner, a.exp(), math.exp(x), a)


@pytest.mark.part("tanh")
@pytest.mark.points(1)
def test_tanh(learner, rng):
    """a.tanh() squashes a number into (-1, 1)"""
    for x in (0.5, -1.2, number(rng, -2, 2)):
        a = learner.Value(x)
        assert_result(learner, a.tanh(), math.tanh(x), a)


@pytest.mark.part("relu")
@pytest.mark.points(1)
def test_relu(learner, rng):
    """a.relu() keeps what is positive and turns the rest into zero"""
    for x in (3.0, -3.0, number(rng, 10, 99), number(rng, -9, -1)):
        a = learner.Value(x)
        assert_result(learner, a.relu(), max(x, 0.0), a)
