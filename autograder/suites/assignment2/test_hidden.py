"""assignment2, the tests that stay with the instructor."""

import math

import pytest

from autograder.assertions.judge import assert_result, assert_unchanged, assert_values
from autograder.expressions.random_graphs import number, tree

pytestmark = pytest.mark.hidden
ARITHMETIC = ("add", "sub", "mul", "truediv", "neg", "pow", "relu")


def check(learner, operate, expected, *numbers):
    """The result is right and remembers its operands, which stay as they are."""
    operands = [learner.Value(number) for number in numbers]
    result = operate(*operands)
    assert_result(learner, result, expected, *operands)
    for operand, was in zip(operands, numbers, strict=True):
        assert_unchanged(learner, result, operand, was)


def pairs(rng):
    """Two numbers each: whole and not, equal, nothing, tiny and large, any."""
    some = number(rng, -9, 9)
    return [(3, 0.5), (2.5, 2.5), (0.0, -1.5), (1 / 3, 12345.678), (some, -0.001), (1e-5, 1 / 3)]


@pytest.mark.part("add")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_add_again(learner, rng):
    """sums of other numbers, whole ones too; the operands stay as they are"""
    for x, y in pairs(rng):
        check(learner, lambda a, b: a + b, x + y, x, y)
    check(learner, lambda a: a + a, 6.0, 3.0)
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = a
    c += b
    assert_result(learner, c, 5.0, a, b)


@pytest.mark.part("mul")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_mul_again(learner, rng):
    """products of other numbers, whole ones too; the operands stay as they are"""
    for x, y in pairs(rng):
        check(learner, lambda a, b: a * b, x * y, x, y)
    check(learner, lambda a, b: a * b, 2.5, 2.5, 1.0)
    check(learner, lambda a: a * a, 9.0, 3.0)


@pytest.mark.part("pow")
@pytest.mark.points(1)
@pytest.mark.needs("test_pow")
def test_pow_again(learner, rng):
    """other powers; the operand stays as it is"""
    for exponent in (2, 3, 1, 0, -2, 1.5, -0.5):
        x = number(rng, 0.5, 3)
        check(learner, lambda a, n=exponent: a**n, x**exponent, x)
    check(learner, lambda a: a**2, 0.0, 0.0)
    check(learner, lambda a: a**3, -0.001, -0.1)


@pytest.mark.part("sub")
@pytest.mark.points(1)
@pytest.mark.needs("test_sub", "test_neg")
def test_sub_again(learner, rng):
    """other differences, and signs; the operands stay as they are"""
    for x, y in pairs(rng):
        check(learner, lambda a, b: a - b, x - y, x, y)
        check(learner, lambda a: -a, -x, x)
    check(learner, lambda a: a - a, 0.0, 3.0)


@pytest.mark.part("truediv")
@pytest.mark.points(1)
@pytest.mark.needs("test_truediv")
def test_truediv_again(learner, rng):
    """other quotients, whole numbers too; the operands stay as they are"""
    for x, y in ((7, 2), (1, 3), *pairs(rng)):
        check(learner, lambda a, b: a / b, x / y, x, y)
    check(learner, lambda a: a / a, 1.0, 3.0)


@pytest.mark.part("reflected")
@pytest.mark.points(2)
@pytest.mark.needs(
    "test_number_on_the_right", "test_radd", "test_rmul", "test_rsub", "test_rtruediv"
)
def test_numbers_on_both_sides(learner, rng):
    """other numbers, 0 among them, on either side of every operator"""
    x = number(rng, 1.5, 5)
    for n in (number(rng, -5, -2), 3, 0, 0.0):
        check(learner, lambda a, n=n: n + a, n + x, x)
        check(learner, lambda a, n=n: a + n, x + n, x)
        check(learner, lambda a, n=n: n * a, n * x, x)
        check(learner, lambda a, n=n: a * n, x * n, x)
        check(learner, lambda a, n=n: n - a, n - x, x)
        check(learner, lambda a, n=n: a - n, x - n, x)
        if n:
            check(learner, lambda a, n=n: n / a, n / x, x)
            check(learner, lambda a, n=n: a / n, x / n, x)
    check(learner, lambda a, b: (0 + a) + b, x + 2.0, x, 2.0)


@pytest.mark.part("exp")
@pytest.mark.points(1)
@pytest.mark.needs("test_exp")
def test_exp_again(learner, rng):
    """exp of other numbers, whole ones too"""
    for x in (2, -1, 0.001, 5.5, 15.0, -15.0, number(rng, -3, 3)):
        check(learner, lambda a: a.exp(), math.exp(x), x)


@pytest.mark.part("tanh")
@pytest.mark.points(1)
@pytest.mark.needs("test_tanh")
def test_tanh_again(learner, rng):
    """tanh of other numbers, large ones too"""
    for x in (0, 2, 4.5, -15.0, 0.001, number(rng, -3, 3)):
        check(learner, lambda a: a.tanh(), math.tanh(x), x)


@pytest.mark.part("relu")
@pytest.mark.points(1)
@pytest.mark.needs("test_relu")
def test_relu_again(learner, rng):
    """relu of other numbers, zero too"""
    for x in (0.0, 0.01, -0.25, 4, 1234.5, -1234.5, number(rng, -9, 9)):
        check(learner, lambda a: a.relu(), max(x, 0), x)


@pytest.mark.part("together")
@pytest.mark.points(2)
@pytest.mark.needs(
    "test_add",
    "test_mul",
    "test_pow",
    "test_neg",
    "test_sub",
    "test_truediv",
    "test_relu",
    "test_numbers_on_both_sides",
)
def test_arithmetic_together(learner, rng):
    """random expressions of + - * / ** and relu"""
    for size in (2, 4, 6, 8):
        assert_values(learner, tree(rng, size, ARITHMETIC))


@pytest.mark.part("together")
@pytest.mark.points(1)
@pytest.mark.needs("test_arithmetic_together", "test_exp", "test_tanh")
def test_all_together(learner, rng):
    """random expressions of everything"""
    for size in (4, 6, 9):
        assert_values(learner, tree(rng, size))
