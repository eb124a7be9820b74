"""Make what learners get from the solutions, and put the suites on trial."""
