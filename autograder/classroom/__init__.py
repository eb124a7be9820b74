"""A whole class: what was handed in, judged by many processes, kept in a journal, and shown."""
