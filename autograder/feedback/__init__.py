"""Shows a report to people: in a terminal, on a page, after each save."""
