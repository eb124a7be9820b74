"""Two tiers of tests: those fast enough to run after each change, and the rest, for CI.

`@pytest.mark.long` marks a test, a file or a parameter of the second. `pytest` alone leaves those
out, `pytest --long` has all; who names a file or a folder gets all that is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

Parameter = type(pytest.param())


def sample(values: Iterable[object], of: int) -> list[object]:
    """All values as parameters of a test; one in `of` is quick, and the others are long."""
    return list(_marked(values, of))


def _marked(values: Iterable[object], of: int) -> Iterator[object]:
    for place, value in enumerate(values):
        long = [pytest.mark.long] if place % of else []
        if isinstance(value, Parameter):
            yield pytest.param(*value.values, marks=[*value.marks, *long], id=value.id)
        elif isinstance(value, tuple):
            yield pytest.param(*value, marks=long)
        else:
            yield pytest.param(value, marks=long)
