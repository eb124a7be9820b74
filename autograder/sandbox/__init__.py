"""Where a learner's process runs: what it may see and use, one implementation a file."""
