"""From a solution to what learners get."""
