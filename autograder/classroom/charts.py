"""What the charts of a class's page show, as numbers: the page draws them, at any width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.classroom.summary import Summary
    from autograder.feedback.wording import State

_STATES: tuple[State, ...] = ("passed", "wrong", "not yet", "waiting", "not run")
_BINS = 10


def distribution(summary: Summary) -> list[dict[str, Any]]:
    """How many learners have which share of the points.

    Args:
        summary: the class's.

    Returns:
        A bar for each tenth of the points, and one for full marks: its bounds in percent, the
        number of learners, and its height as a share of the highest. Empty where nobody has a
        verdict.
    """
    graded = summary.graded
    if not graded:
        return []
    counts = [0] * (_BINS + 1)  # full marks have a bar of their own
    for row in graded:
        full = row.score == row.max_score
        counts[_BINS if full else min(int(row.share * _BINS), _BINS - 1)] += 1
    most = max(counts)
    bins = [(f"{10 * n}", f"–{10 * n + 9}", n < _BINS // 2) for n in range(_BINS)]
    return [
        {
            "from": begin,
            "to": end,
            "number": number,
            "share": f"{number / most:.3f}",
            "kind": "passed" if begin == "all" else "wrong" if low else "not-yet",
        }
        for (begin, end, low), number in zip([*bins, ("all", "", False)], counts, strict=True)
    ]


def by_test(summary: Summary) -> list[dict[str, Any]]:
    """How each test went.

    Args:
        summary: the class's.

    Returns:
        For each test its title, the mean and the most points, and a bar for each state: the number
        of learners, and its length in percent. Empty where nobody has a verdict.
    """
    return [
        {
            "title": test.title,
            "mean": f"{round(test.mean, 2):g}",
            "most": f"{test.max_score:g}",
            "bars": [
                {"state": state, "kind": kind(state), "number": number, "share": _share(number, of)}
                for state in _STATES
                if (number := test.states[state])
            ],
        }
        for test in summary.tests.values()
        if (of := test.states.total())
    ]


def legend(summary: Summary) -> list[tuple[str, str]]:
    """The states that occur, each with the name of its colour."""
    found = [s for s in _STATES if any(test.states[s] for test in summary.tests.values())]
    return [(kind(state), state) for state in found]


def kind(state: State) -> str:
    """The name of a state's colour."""
    return state.replace(" ", "-")


def _share(number: int, of: int) -> str:
    return f"{100 * number / of:.2f}"
