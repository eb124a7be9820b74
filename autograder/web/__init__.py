"""The course in a browser: what runs there, and what the site is made of."""
