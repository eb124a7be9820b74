"""Runs the learner's own engine, network and training loop together, for no points."""
