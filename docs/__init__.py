"""The course's documents, and the programs that check them and make their pictures."""
