"""The reports that are kept for the tests of what is made of reports."""

import pytest

from autograder.report import Report
from tests.feedback.samples import SAMPLES


@pytest.mark.requires("sandbox")
@pytest.mark.parametrize("kind", SAMPLES)
def test_what_is_kept_is_what_the_command_says(kind):
    sample = SAMPLES[kind]

    assert sample.judged() == sample.kept.read_text("utf-8"), (
        "run: python -m tests.feedback.samples"
    )


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_is_kept_is_a_report(kind):
    assert isinstance(SAMPLES[kind].report(), Report)


def test_they_are_of_every_kind():
    statuses = {test.status for sample in SAMPLES.values() for test in sample.report().tests}

    assert {"passed", "failed", "error", "not_implemented", "blocked"} <= statuses
    assert SAMPLES["right"].report().full_marks
    assert SAMPLES["broken"].report().status == "ungradable"
