"""Names of nodes, for the lines of an example."""

from autograder.recorder import below, calls, names

__all__ = ["below", "calls", "names"]
