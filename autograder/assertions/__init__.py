"""What suites call: compare the learner's answers with what is right."""
