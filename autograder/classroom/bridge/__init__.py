"""nbgrader with our verdicts: it keeps the gradebook, we judge."""
