"""Show a report to people: in a terminal, on a page, each time they save."""
