"""The two moons: their geometry, their noise, and that they stay the same."""

import subprocess
import sys
from math import cos, hypot, pi, sin
from statistics import fmean, stdev

import pytest

from autograder.kit import two_moons

PINNED = [
    [-0.03779843223173149, 0.4913308370864245],
    [2.089150661943873, 0.5340069849592459],
    [1.115719342533858, 0.027778417548101755],
    [-0.9034739012937577, 0.04531467962299675],
]


def test_without_noise_the_points_are_those_of_make_moons() -> None:
    """The upper moon is a half circle around 0, the lower one hangs from (1, 1/2)."""
    xs, ys = two_moons(n=101, noise=0.0)

    upper = sorted((x for x, y in zip(xs, ys, strict=True) if y == -1.0), reverse=True)
    lower = sorted(x for x, y in zip(xs, ys, strict=True) if y == 1.0)
    steps = [pi * i / 49 for i in range(50)]
    assert upper == [pytest.approx([cos(t), sin(t)], abs=1e-12) for t in steps]
    steps = [pi * i / 50 for i in range(51)]
    assert lower == [pytest.approx([1 - cos(t), 0.5 - sin(t)], abs=1e-12) for t in steps]


@pytest.mark.parametrize("n", [2, 3, 50, 51])
def test_n_points_have_n_labels_in_halves(n: int) -> None:
    xs, ys = two_moons(n)

    assert (n, n) == (len(xs), len(ys))
    assert n // 2 == ys.count(-1.0)
    assert n - n // 2 == ys.count(1.0)


def test_everything_is_a_plain_float() -> None:
    xs, ys = two_moons(10, noise=1)

    assert {float} == {type(number) for point in [*xs, ys] for number in point}
    assert {list} == {type(point) for point in [xs, ys, *xs]}


def test_the_same_seed_gives_the_same_points_in_a_later_process() -> None:
    """Pinned, for it is the data of the handout: no version of Python may change it."""
    command = "from autograder.kit import two_moons; print(two_moons(4, 0.1, 7))"
    later = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    xs, ys = two_moons(4, 0.1, 7)

    assert repr((xs, ys)) == later.stdout.strip()
    assert [pytest.approx(point, abs=1e-12) for point in xs] == PINNED


def test_another_seed_gives_other_points_in_another_order() -> None:
    first, second = two_moons(seed=0), two_moons(seed=1)

    assert first[0] != second[0]
    assert first[1] != second[1]


def test_the_order_is_that_of_the_seed_whatever_the_noise() -> None:
    assert two_moons(noise=0.0)[1] == two_moons(noise=0.3)[1]


def test_the_moons_come_mixed() -> None:
    """A mini-batch of ten consecutive points holds both labels."""
    ys = two_moons(100)[1]

    assert all(len(set(ys[start : start + 10])) == 2 for start in range(0, 100, 10))


def test_noise_is_gaussian_of_the_given_deviation() -> None:
    clean, noisy = two_moons(4000, noise=0.0)[0], two_moons(4000, noise=0.2)[0]

    shifts = [b - a for p, q in zip(clean, noisy, strict=True) for a, b in zip(p, q, strict=True)]
    assert pytest.approx(0.0, abs=0.01) == fmean(shifts)
    assert pytest.approx(0.2, rel=0.03) == stdev(shifts)
    within = sum(abs(shift) < 0.2 for shift in shifts) / len(shifts)
    assert pytest.approx(0.6827, abs=0.02) == within


def test_noise_of_the_two_coordinates_is_unrelated() -> None:
    clean, noisy = two_moons(4000, noise=0.0)[0], two_moons(4000, noise=1.0)[0]

    product = [(q[0] - p[0]) * (q[1] - p[1]) for p, q in zip(clean, noisy, strict=True)]
    assert pytest.approx(0.0, abs=0.06) == fmean(product)


def test_without_noise_the_moons_do_not_touch() -> None:
    xs, ys = two_moons(200, noise=0.0)

    pairs = [
        (p, q) for p, a in zip(xs, ys, strict=True) for q, b in zip(xs, ys, strict=True) if a < b
    ]
    assert min(hypot(p[0] - q[0], p[1] - q[1]) for p, q in pairs) > 0.25


@pytest.mark.parametrize("n", [1, 0, -3, 50.0, "50"])
def test_a_count_that_is_none_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match=r"^n must be a whole number of at least 2, not "):
        two_moons(n)


@pytest.mark.parametrize("noise", [-0.1, float("nan"), float("inf")])
def test_a_noise_that_is_none_is_refused(noise: float) -> None:
    with pytest.raises(ValueError, match=r"^noise must be a finite number, 0 or more, not "):
        two_moons(noise=noise)
