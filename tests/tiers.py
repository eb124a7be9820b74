"""Two tiers: what is quick enough to be run after each change, and the rest, which CI always runs.

`@pytest.mark.long` marks a test, a file or a parameter of the second. `pytest` alone leaves those
out, `pytest --long` has all; who names a file or a folder gets all that is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet


def sample(values: Iterable[object], of: int) -> list[ParameterSet]:
    """All of them as parameters; one in so many is quick, the others are long."""
    long = pytest.mark.long
    return [
        pytest.param(
            *value if isinstance(value, tuple) else (value,), marks=[long] if place % of else []
        )
        for place, value in enumerate(values)
    ]
