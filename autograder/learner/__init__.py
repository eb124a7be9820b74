"""All that touches untrusted code: it runs in a process of its own and answers in plain data."""
