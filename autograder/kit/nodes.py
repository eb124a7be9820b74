"""Nodes by the names of the variables that hold them, as the lines of an example tell them."""

from autograder.recorder import below, calls, names

__all__ = ["below", "calls", "names"]
