"""What is right: expressions as data, the reference, finite differences, and how numbers compare."""
