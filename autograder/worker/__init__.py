"""Our only code that runs next to the learner's, and the messages between grader and worker."""
