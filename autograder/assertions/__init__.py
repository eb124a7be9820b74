"""Assertions for suites: they compare the learner's answers with the right ones."""
