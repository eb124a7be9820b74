"""What is right: expressions as data, the reference, finite differences, how numbers compare."""
