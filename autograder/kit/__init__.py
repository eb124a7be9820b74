"""Tools for the course's notebooks: draw a graph, watch gradients, check slopes, make two moons.

The lecture's picture for any engine, its backward pass step by step, and points to train on:

    draw_dot(loss)
    play(loss)
    check_slopes(lambda a, b: (a * b).tanh(), Value, inputs=2)
    xs, ys = two_moons(50, noise=0.1)

Examples that `grade` shows print nodes by the names of the variables that hold them:

    names(topological_order(loss))
    calls(loss)  # of backward: whose closures were called
    names(below(loss))  # all that it was made from
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.kit._graph import DrawingError
    from autograder.kit.drawing import Drawing, draw_dot
    from autograder.kit.moons import two_moons
    from autograder.kit.nodes import below, calls, names
    from autograder.kit.recording import Recording, play
    from autograder.kit.slopes import check_slopes

__all__ = [
    "Drawing",
    "DrawingError",
    "Recording",
    "below",
    "calls",
    "check_slopes",
    "draw_dot",
    "names",
    "play",
    "two_moons",
]

_HOMES = {
    "Drawing": "drawing",
    "DrawingError": "_graph",
    "Recording": "recording",
    "below": "nodes",
    "calls": "nodes",
    "check_slopes": "slopes",
    "draw_dot": "drawing",
    "names": "nodes",
    "play": "recording",
    "two_moons": "moons",
}


def __getattr__(name: str) -> object:
    """Import lazily: the grader only needs a part of the kit, and must start fast."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
