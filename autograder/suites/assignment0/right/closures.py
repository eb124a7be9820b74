"""Everything goes through the central difference of a function of one number."""

from collections.abc import Callable, Sequence


def forward_difference(f: Callable[[float], float], x: float, h: float = 1e-3) -> float:
    here, there = f(x), f(x + h)
    rise, run = there - here, h
    return rise / run


def central_difference(f: Callable[[float], float], x: float, h: float = 1e-5) -> float:
    ahead = forward_difference(f, x, h)
    behind = forward_difference(f, x, -h)
    return 0.5 * (ahead + behind)


def partial_derivative(
    f: Callable[..., float], args: Sequence[float], index: int, h: float = 1e-5
) -> float:
    def along(value: float) -> float:
        return f(*args[:index], value, *args[index + 1 :])

    return central_difference(along, args[index], h)


def gradient(f: Callable[..., float], args: Sequence[float], h: float = 1e-5) -> list[float]:
    slopes = []
    for position, _ in enumerate(args):
        slopes.append(partial_derivative(f, args, position, h=h))
    return slopes
