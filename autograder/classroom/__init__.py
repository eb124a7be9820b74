"""Judge a whole class: take in, judge in many processes, keep in a journal, show."""
