"""assignment2, the tests that stay with the instructor."""

import math

import pytest

from autograder.oracles.judge import assert_data, assert_result, assert_values
from autograder.oracles.random_graphs import number, tree

pytestmark = pytest.mark.hidden
ARITHMETIC = ("add", "sub", "mul", "truediv", "neg", "pow", "relu")


@pytest.mark.part("add")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_add_again(learner, rng):
    """sums of other numbers, whole ones too; the operands stay as they are"""
    for x, y in ((2, 3), (number(rng, -9, 9), number(rng, -9, 9))):
        a, b = learner.Value(x), learner.Value(y)
        assert_result(learner, a + b, x + y, a, b)
        assert_data(learner, a, x, "The operand changed.")
        assert_data(learner, b, y, "The operand changed.")
    a = learner.Value(3.0)
    assert_result(learner, a + a, 6.0, a)


@pytest.mark.part("mul")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_mul_again(learner, rng):
    """products of other numbers, whole ones too; the operands stay as they are"""
    for x, y in ((2, 3), (number(rng, -9, 9), number(rng, -9, 9))):
        a, b = learner.Value(x), learner.Value(y)
        assert_result(learner, a * b, x * y, a, b)
        assert_data(learner, a, x, "The operand changed.")
        assert_data(learner, b, y, "The operand changed.")
    a = learner.Value(3.0)
    assert_result(learner, a * a, 9.0, a)


@pytest.mark.part("pow")
@pytest.mark.points(1)
@pytest.mark.needs("test_pow")
def test_pow_again(learner, rng):
    """other powers; the operand stays as it is"""
    for exponent in (2, 3, -2, 1.5, -0.5):
        x = abs(number(rng, 0.5, 3))
        a = learner.Value(x)
        assert_result(learner, a**exponent, x**exponent, a)
        assert_data(learner, a, x, "The operand changed.")


@pytest.mark.part("sub")
@pytest.mark.points(1)
@pytest.mark.needs("test_sub", "test_neg")
def test_sub_again(learner, rng):
    """other differences, and signs; the operands stay as they are"""
    x, y = number(rng, -9, 9), number(rng, -9, 9)
    a, b = learner.Value(x), learner.Value(y)
    assert_result(learner, a - b, x - y, a, b)
    assert_result(learner, -a, -x, a)
    assert_data(learner, a, x, "The operand changed.")
    assert_data(learner, b, y, "The operand changed.")


@pytest.mark.part("truediv")
@pytest.mark.points(1)
@pytest.mark.needs("test_truediv")
def test_truediv_again(learner, rng):
    """other quotients, whole numbers too; the operands stay as they are"""
    for x, y in ((7, 2), (1, 3), (number(rng, -9, 9), number(rng, 1, 5))):
        a, b = learner.Value(x), learner.Value(y)
        assert_result(learner, a / b, x / y, a, b)
        assert_data(learner, a, x, "The operand changed.")
        assert_data(learner, b, y, "The operand changed.")


@pytest.mark.part("reflected")
@pytest.mark.points(2)
@pytest.mark.needs(
    "test_number_on_the_right", "test_radd", "test_rmul", "test_rsub", "test_rtruediv"
)
def test_numbers_on_both_sides(learner, rng):
    """other numbers, on either side of every operator"""
    x, n = number(rng, 1, 5), number(rng, -5, -1)
    for constant in (n, 3):
        a = learner.Value(x)
        assert_result(learner, constant + a, constant + x, a)
        assert_result(learner, a + constant, x + constant, a)
        assert_result(learner, constant * a, constant * x, a)
        assert_result(learner, a * constant, x * constant, a)
        assert_result(learner, constant - a, constant - x, a)
        assert_result(learner, a - constant, x - constant, a)
        assert_result(learner, constant / a, constant / x, a)
        assert_result(learner, a / constant, x / constant, a)
    a, b = learner.Value(x), learner.Value(2.0)
    assert_result(learner, (0 + a) + b, x + 2.0, a, b)


@pytest.mark.part("exp")
@pytest.mark.points(1)
@pytest.mark.needs("test_exp")
def test_exp_again(learner, rng):
    """exp of other numbers, whole ones too"""
    for x in (2, -1, number(rng, -3, 3)):
        a = learner.Value(x)
        assert_result(learner, a.exp(), math.exp(x), a)
        assert_data(learner, a, x, "The operand changed.")


@pytest.mark.part("tanh")
@pytest.mark.points(1)
@pytest.mark.needs("test_tanh")
def test_tanh_again(learner, rng):
    """tanh of other numbers, large ones too"""
    for x in (0, 2, -15.0, number(rng, -3, 3)):
        a = learner.Value(x)
        assert_result(learner, a.tanh(), math.tanh(x), a)
        assert_data(learner, a, x, "The operand changed.")


@pytest.mark.part("relu")
@pytest.mark.points(1)
@pytest.mark.needs("test_relu")
def test_relu_again(learner, rng):
    """relu of other numbers, zero too"""
    for x in (0.0, 0.25, -0.25, 4, number(rng, -9, 9)):
        a = learner.Value(x)
        assert_result(learner, a.relu(), max(x, 0), a)
        assert_data(learner, a, x, "The operand changed.")


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
