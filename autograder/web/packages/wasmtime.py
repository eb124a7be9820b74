"""Looked for by `autograder.kit.drawing`; the page draws without it."""
