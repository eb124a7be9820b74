"""What suites call: a learner's answers against what is right, and what differs."""
