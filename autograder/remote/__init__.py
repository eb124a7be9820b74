"""Ask the learner's code from afar, and believe nothing that it answers."""
