"""Where a learner's process runs, and what it may see and use: a file per implementation."""
