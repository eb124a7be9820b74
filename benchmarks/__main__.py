"""Print every ratio beside its budget."""

from __future__ import annotations

from benchmarks import grading, reference


def main() -> None:
    """Measure, then print a table."""
    rows = [*grading.rows(), *reference.rows()]
    width = max(len(name) for name, _, _ in rows)
    for name, ratio, budget in rows:
        print(f"{name:<{width}}  {ratio:5.2f}  {budget}")


if __name__ == "__main__":
    main()
