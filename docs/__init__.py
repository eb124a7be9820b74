"""The course's documents, and the program that makes their pictures."""
