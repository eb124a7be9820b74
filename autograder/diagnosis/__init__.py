"""Explains a failure: the smallest example, the first wrong node, the known mistake."""
