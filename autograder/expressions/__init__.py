"""Expressions as data: their readers, comparison with every tolerance, random graphs."""
