"""What an assertion finds, for tests to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.report import Counterexample


def found(check: Callable[[], object]) -> Mismatch:
    """What the check finds."""
    with pytest.raises(Mismatch) as caught:
        check()
    return caught.value


def example(finding: Mismatch) -> Counterexample:
    """Its example."""
    assert finding.counterexample is not None
    return finding.counterexample
