"""assignment2, the tests that stay with the instructor."""

import math

import pytest

from autograder.assertions.judge import assert_values
from autograder.expressions.random_graphs import number, tree
from autograder.suites.assignment2.oracle import (
    NEG,
    SUB,
    TANH,
    TRUEDIV,
    assert_anew,
    assert_numbers,
    assert_operator,
    positive,
    radd,
    rmul,
    rsub,
    rtruediv,
    sub_number,
    truediv_number,
)

pytestmark = pytest.mark.hidden


def pairs(rng):
    """Two numbers each: whole and not, equal, nothing, tiny and large, any."""
    some = number(rng, -9, 9)
    return [(3, 0.5), (2.5, 2.5), (0.0, -1.5), (1 / 3, 12345.678), (some, -0.05), (1e-5, 1 / 3)]


def numbers(rng):
    """Plain numbers beside a Value: negative, whole, and nothing in both forms."""
    return (number(rng, -5, -2), 3, 0, 0.0)


def plus(c, b):
    """`+=` makes a new node, as + does."""
    c += b
    return c


def minus(c, b):
    c -= b
    return c


def times(c, b):
    c *= b
    return c


def divided(c, b):
    c /= b
    return c


@pytest.mark.part("add")
@pytest.mark.points(1)
def test_add_again(learner, rng):
    """sums of other numbers, including whole ones; the operands don't change"""
    assert_numbers(learner, lambda a, b: a + b, pairs(rng))
    assert_operator(learner, lambda a, b: a + b, 2.5, 2.5)
    assert_operator(learner, lambda a: a + a, 3.0)
    for n in numbers(rng):
        assert_numbers(learner, lambda a, n=n: a + n, [[2.5]])
    assert_anew(learner, lambda a, b: a + b, (2.0, 3.0), (5.0, -1.0))
    assert_operator(learner, plus, 6.0, 3.0)


@pytest.mark.part("mul")
@pytest.mark.points(1)
def test_mul_again(learner, rng):
    """products of other numbers, including whole ones; the operands don't change"""
    assert_numbers(learner, lambda a, b: a * b, pairs(rng))
    for y in (2.5, 1.0):
        assert_operator(learner, lambda a, b: a * b, 2.5, y)
    assert_operator(learner, lambda a: a * a, 3.0)
    for n in numbers(rng):
        assert_numbers(learner, lambda a, n=n: a * n, [[2.5]])
    assert_operator(learner, lambda a: a * 0, 2.5)
    assert_anew(learner, lambda a, b: a * b, (2.0, 3.0), (5.0, -1.0))
    assert_operator(learner, times, 6.0, 3.0)


@pytest.mark.part("pow")
@pytest.mark.points(1)
def test_pow_again(learner, rng):
    """other powers; the operand doesn't change"""
    for n in (2, 3, 1, 0, -2, 1.5, -0.5):
        assert_numbers(learner, lambda a, n=n: a**n, [[number(rng, 0.5, 3)]])
    for n in (1, 0):
        assert_operator(learner, lambda a, n=n: a**n, 2.5, itself=n == 1)
    assert_operator(learner, lambda a: a**2, 0.0)
    assert_operator(learner, lambda a: a**3, -0.1)
    assert_anew(learner, lambda a: a**3, [2.0], [-1.5])


@pytest.mark.part("neg")
@pytest.mark.points(1)
def test_neg_again(learner, rng):
    """negating other numbers, including zero; the operand doesn't change"""
    each = [(3,), (-0.001,), (12345.678,), (number(rng, -9, 9),)]
    assert_numbers(learner, lambda a: -a, each, made_of=NEG)
    assert_operator(learner, lambda a: -a, 0.0, made_of=NEG)
    assert_anew(learner, lambda a: -a, [2.0], [-1.5], made_of=NEG)


@pytest.mark.part("sub")
@pytest.mark.points(1)
def test_sub_again(learner, rng):
    """other differences; the operands don't change"""
    assert_numbers(learner, lambda a, b: a - b, pairs(rng), made_of=SUB)
    assert_operator(learner, lambda a, b: a - b, 2.5, 2.5, made_of=SUB)
    assert_operator(learner, lambda a: a - a, 3.0, made_of=(lambda a: a + (-a),))
    for n in numbers(rng):
        assert_numbers(learner, lambda a, n=n: a - n, [[2.5]], made_of=sub_number(learner, n))
    assert_anew(learner, lambda a, b: a - b, (2.0, 3.0), (5.0, -1.0), made_of=SUB)
    assert_operator(learner, minus, 6.0, 3.0, made_of=SUB)


@pytest.mark.part("truediv")
@pytest.mark.points(1)
def test_truediv_again(learner, rng):
    """other quotients, including whole numbers; the operands don't change"""
    each = [(7, 2), (1, 3), *pairs(rng)]
    assert_numbers(learner, lambda a, b: a / b, each, made_of=TRUEDIV)
    assert_operator(learner, lambda a, b: a / b, 2.5, 2.5, made_of=TRUEDIV)
    assert_operator(learner, lambda a: a / a, 3.0, made_of=(lambda a: a * a**-1,))
    for n in (number(rng, -5, -2), 3):
        assert_numbers(learner, lambda a, n=n: a / n, [[2.5]], made_of=truediv_number(learner, n))
    assert_anew(learner, lambda a, b: a / b, (2.0, 4.0), (5.0, -2.0), made_of=TRUEDIV)
    assert_operator(learner, divided, 6.0, 3.0, made_of=TRUEDIV)


@pytest.mark.part("reflected")
@pytest.mark.points(1)
def test_radd_again(learner, rng):
    """other numbers on the left of +, including 0, where sum() starts"""
    for n in numbers(rng):
        assert_numbers(learner, lambda a, n=n: n + a, [[2.5]], made_of=radd(learner, n))
    assert_operator(learner, lambda a: 0 + a, 2.5, made_of=radd(learner, 0), itself=True)
    assert_anew(learner, lambda a: 4 + a, [2.0], [-1.5], made_of=radd(learner, 4))


@pytest.mark.part("reflected")
@pytest.mark.points(1)
def test_rmul_again(learner, rng):
    """other numbers on the left of *, including 0"""
    for n in numbers(rng):
        assert_numbers(learner, lambda a, n=n: n * a, [[2.5]], made_of=rmul(learner, n))
    assert_operator(learner, lambda a: 0 * a, 2.5, made_of=rmul(learner, 0))
    assert_anew(learner, lambda a: 4 * a, [2.0], [-1.5], made_of=rmul(learner, 4))


@pytest.mark.part("reflected")
@pytest.mark.points(1)
def test_rsub_again(learner, rng):
    """other numbers on the left of -, including 0"""
    for n in numbers(rng):
        assert_numbers(learner, lambda a, n=n: n - a, [[2.5]], made_of=rsub(learner, n))
    assert_operator(learner, lambda a: 0 - a, 2.5, made_of=rsub(learner, 0))
    assert_anew(learner, lambda a: 4 - a, [2.0], [-1.5], made_of=rsub(learner, 4))


@pytest.mark.part("reflected")
@pytest.mark.points(1)
def test_rtruediv_again(learner, rng):
    """other numbers on the left of /, including 0"""
    for n in (number(rng, -5, -2), 3, 0):
        assert_numbers(learner, lambda a, n=n: n / a, [[2.5]], made_of=rtruediv(learner, n))
    assert_anew(learner, lambda a: 4 / a, [2.0], [-1.5], made_of=rtruediv(learner, 4))


@pytest.mark.part("exp")
@pytest.mark.points(1)
def test_exp_again(learner, rng):
    """exp of other numbers, including whole ones"""
    each = [(2,), (-1,), (0.001,), (5.5,), (15.0,), (-15.0,), (number(rng, -3, 3),)]
    assert_numbers(learner, lambda a: a.exp(), each, of_numbers=math.exp)
    assert_anew(learner, lambda a: a.exp(), [2.0], [-1.5], of_numbers=math.exp)


@pytest.mark.part("tanh")
@pytest.mark.points(1)
def test_tanh_again(learner, rng):
    """tanh of other numbers, including large ones"""
    each = [(0,), (2,), (4.5,), (6.5,), (-9.5,), (-15.0,), (0.001,), (number(rng, -3, 3),)]
    assert_numbers(learner, lambda a: a.tanh(), each, of_numbers=math.tanh, made_of=TANH)
    assert_anew(learner, lambda a: a.tanh(), [2], [-1.5], of_numbers=math.tanh, made_of=TANH)


@pytest.mark.part("relu")
@pytest.mark.points(1)
def test_relu_again(learner, rng):
    """relu of other numbers, including zero"""
    each = [(0.01,), (-0.25,), (4,), (1234.5,), (-1234.5,), (number(rng, -9, 9),)]
    assert_numbers(learner, lambda a: a.relu(), each, of_numbers=positive)
    assert_operator(learner, lambda a: a.relu(), 0.0, of_numbers=positive)
    assert_anew(learner, lambda a: a.relu(), [2.0], [-1.5], of_numbers=positive, itself=True)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_sums_together(learner, rng):
    """random expressions with +, - and negation"""
    for size in (2, 4, 6):
        assert_values(learner, tree(rng, size, ("add", "sub", "neg"), numbers=False))


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_products_together(learner, rng):
    """random expressions with *, / and **"""
    for size in (2, 4, 6):
        assert_values(learner, tree(rng, size, ("mul", "truediv", "pow"), numbers=False))


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_functions_together(learner, rng):
    """exp, tanh and relu of each other's results"""
    for size in (2, 3, 4):
        assert_values(learner, tree(rng, size, ("exp", "tanh", "relu"), numbers=False))


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_all_together(learner, rng):
    """random expressions with every operator"""
    for size in (4, 6, 9):
        assert_values(learner, tree(rng, size, numbers=False))
