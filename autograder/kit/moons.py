"""Makes the two moons: two half circles that no straight line separates."""

from math import cos, inf, log, pi, sin, sqrt
from random import Random


def two_moons(
    n: int = 50, noise: float = 0.1, seed: int = 0
) -> tuple[list[list[float]], list[float]]:
    """Return points on two interleaving half circles, in a shuffled order.

    The geometry is that of scikit-learn's `make_moons`: the upper moon is
    (cos t, sin t), the lower one (1 - cos t, 1/2 - sin t), with t in equal steps
    from 0 to pi; an odd point goes to the lower moon. The same arguments give
    the same points in every version of Python: `Random.random` is the one
    generator that Python promises to keep.

    Args:
        n: How many points in all, at least 2.
        noise: The standard deviation of the Gaussian noise on each coordinate.
        seed: Another seed, another order and other noise.

    Returns:
        The points as a list of [x, y], and their labels: -1.0 on the upper moon,
        1.0 on the lower one.

    Raises:
        ValueError: If n is not a whole number of at least 2, or noise is negative
            or not finite.
    """
    if not isinstance(n, int) or n < 2:
        raise ValueError(f"n must be a whole number of at least 2, not {n!r}")
    if not 0 <= noise < inf:
        raise ValueError(f"noise must be a finite number, 0 or more, not {noise!r}")
    upper = n // 2
    labelled = [([cos(t), sin(t)], -1.0) for t in _steps(upper)]
    labelled += [([1 - cos(t), 0.5 - sin(t)], 1.0) for t in _steps(n - upper)]

    rng = Random(seed)
    for last in range(n - 1, 0, -1):  # Fisher and Yates; Random.shuffle may change
        other = int(rng.random() * (last + 1))
        labelled[last], labelled[other] = labelled[other], labelled[last]
    points = [
        [x + noise * dx, y + noise * dy]
        for ([x, y], _), (dx, dy) in ((each, _gaussian_pair(rng)) for each in labelled)
    ]
    return points, [label for _, label in labelled]


def _steps(count: int) -> list[float]:
    return [pi * i / max(count - 1, 1) for i in range(count)]


def _gaussian_pair(rng: Random) -> tuple[float, float]:
    """Return two independent standard normal numbers (Box and Muller, 1958)."""
    radius = sqrt(-2 * log(1 - rng.random()))  # 1 - u: log(0) is out of reach
    angle = 2 * pi * rng.random()
    return radius * cos(angle), radius * sin(angle)
