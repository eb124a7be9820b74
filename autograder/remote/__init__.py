"""Ask the learner's code in its own process, and trust nothing that it answers."""
