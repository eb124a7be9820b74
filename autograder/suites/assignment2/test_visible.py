"""assignment2, the tests that learners may read."""

import math

import pytest

from autograder.oracles.judge import assert_result


@pytest.mark.part("add")
@pytest.mark.points(2)
def test_add(learner):
    """a + b adds the numbers and remembers a and b"""
    a, b = learner.Value(2.0), learner.Value(-3.5)
    c = a + b
    assert_result(learner, c, -1.5, a, b)
    if c._op != "+":
        raise learner.mismatch("_op of a sum is '+'.", c._op, "+")


@pytest.mark.part("mul")
@pytest.mark.points(2)
def test_mul(learner):
    """a * b multiplies the numbers and remembers a and b"""
    a, b = learner.Value(2.0), learner.Value(-3.5)
    c = a * b
    assert_result(learner, c, -7.0, a, b)
    if c._op != "*":
        raise learner.mismatch("_op of a product is '*'.", c._op, "*")


@pytest.mark.part("pow")
@pytest.mark.points(1)
def test_pow(learner):
    """a ** n raises to a plain number, whole or not, negative too"""
    for base, exponent in ((2.0, 3), (4.0, 0.5), (2.0, -1), (-3.0, 2)):
        a = learner.Value(base)
        assert_result(learner, a**exponent, base**exponent, a)


@pytest.mark.part("neg")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_neg(learner):
    """-a turns the sign"""
    for number in (2.5, -1.5):
        a = learner.Value(number)
        assert_result(learner, -a, -number, a)


@pytest.mark.part("sub")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_sub(learner):
    """a - b subtracts"""
    a, b = learner.Value(5.0), learner.Value(3.5)
    assert_result(learner, a - b, 1.5, a, b)
    assert_result(learner, b - a, -1.5, a, b)


@pytest.mark.part("truediv")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_truediv(learner):
    """a / b divides, with the fraction"""
    a, b = learner.Value(7.0), learner.Value(2.0)
    assert_result(learner, a / b, 3.5, a, b)
    assert_result(learner, b / a, 2 / 7, a, b)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_add", "test_mul")
def test_number_on_the_right(learner):
    """a plain number may stand on the right: a + 1, a * 3, a - 2, a / 4"""
    a = learner.Value(6.0)
    assert_result(learner, a + 1, 7.0, a)
    assert_result(learner, a * 3, 18.0, a)
    assert_result(learner, a - 2, 4.0, a)
    assert_result(learner, a / 4, 1.5, a)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_radd(learner):
    """a plain number may stand on the left of +"""
    a = learner.Value(6.0)
    assert_result(learner, 1 + a, 7.0, a)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_rmul(learner):
    """a plain number may stand on the left of *"""
    a = learner.Value(6.0)
    assert_result(learner, 3 * a, 18.0, a)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_sub")
def test_rsub(learner):
    """a plain number may stand on the left of -"""
    a = learner.Value(2.0)
    assert_result(learner, 5 - a, 3.0, a)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
@pytest.mark.needs("test_truediv")
def test_rtruediv(learner):
    """a plain number may stand on the left of /"""
    a = learner.Value(4.0)
    assert_result(learner, 1 / a, 0.25, a)


@pytest.mark.part("exp")
@pytest.mark.points(1)
def test_exp(learner):
    """a.exp() is e to that power"""
    for number in (0.0, 1.0, -2.0):
        a = learner.Value(number)
        assert_result(learner, a.exp(), math.exp(number), a)


@pytest.mark.part("tanh")
@pytest.mark.points(1)
def test_tanh(learner):
    """a.tanh() squashes a number into (-1, 1)"""
    for number in (0.5, -1.2):
        a = learner.Value(number)
        assert_result(learner, a.tanh(), math.tanh(number), a)


@pytest.mark.part("relu")
@pytest.mark.points(1)
def test_relu(learner):
    """a.relu() keeps what is positive and turns the rest into zero"""
    for number in (3.0, -3.0):
        a = learner.Value(number)
        assert_result(learner, a.relu(), max(number, 0.0), a)
