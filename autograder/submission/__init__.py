"""Reads what was handed in: from a .py or .ipynb to the source that will run."""
