"""The learner's own engine, network and training loop, working together. No points."""
