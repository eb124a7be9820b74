"""nbgrader with our verdicts: it keeps the books, we judge."""
