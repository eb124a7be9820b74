"""Asks the learner's code in its own process, and trusts none of its answers."""
