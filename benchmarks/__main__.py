"""Prints every ratio with its budget; an argument sets the number of rounds."""

from __future__ import annotations

import sys

from benchmarks import HEAD, grading, reference, scaling


def main() -> None:
    """Measure and print, row by row."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    print(HEAD, flush=True)
    for rows in (grading.rows, scaling.rows, reference.rows):
        for row in rows(rounds):
            print(row, flush=True)


if __name__ == "__main__":
    main()
