"""Makes what learners get from the solutions, and checks the suites."""
