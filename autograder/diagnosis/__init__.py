"""Explain a failure: the smallest example, the first wrong node, the mistake's name."""
