"""How a report reaches people."""
