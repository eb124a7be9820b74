"""Expressions as data: evaluation, comparison with all tolerances, random graphs."""
