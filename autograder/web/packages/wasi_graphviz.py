"""Graphviz as the page has it, by the name under which `autograder.kit.drawing` looks for it."""

import page  # made by the worker that runs us


def render(dot: str, *, format: str, backend: str) -> bytes:  # noqa: A002  the package's name
    """The picture that a text in DOT describes."""
    assert (format, backend) == ("svg", "wasmtime")
    return str(page.draw(dot)).encode()
