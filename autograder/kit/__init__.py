"""What a notebook of the course may use: draw a graph of Values, make the two moons.

The picture of the lecture for any engine, and points to train on:

    draw_dot(loss)
    xs, ys = two_moons(50, noise=0.1)
"""

from autograder.kit._graph import DrawingError
from autograder.kit.drawing import Drawing, draw_dot
from autograder.kit.moons import two_moons

__all__ = ["Drawing", "DrawingError", "draw_dot", "two_moons"]
