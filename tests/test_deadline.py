"""The simulation of a class before its deadline: against counts by hand, and against theory."""

from __future__ import annotations

import math
import random
import re
from itertools import accumulate, repeat

import pytest
from click.testing import CliRunner

from benchmarks.deadline import arrivals, drawn, main, served
from benchmarks.handed_in import ROOT


def test_a_queue_counted_by_hand():
    rush = served([0.0, 1.0, 1.5, 10.0], iter([4.0, 1.0, 1.0, 2.0]), graders=2)

    assert rush.waits == [0.0, 0.0, 0.5, 0.0]
    assert rush.ends == [4.0, 2.0, 3.0, 12.0]
    assert (rush.waiting_at(1.7), rush.waiting_at(2.0)) == (1, 0)
    assert (rush.longest(0.5), rush.longest(0.25), rush.longest(0)) == (0.0, 0.0, 0.5)


def test_one_grader_waits_as_theory_says():
    """M/M/1: the mean wait is load / (1 - load) services (Erlang)."""
    chance, load, number = random.Random(5), 0.7, 100_000
    came = list(accumulate(chance.expovariate(load) for _ in range(number)))
    services = (chance.expovariate(1.0) for _ in range(number))

    rush = served(came, services, graders=1)

    assert sum(rush.waits) / number == pytest.approx(load / (1 - load), rel=0.05)


def test_more_graders_never_make_anyone_wait_longer():
    came = arrivals(3000, 600.0, 120.0, random.Random(1))
    few, many = (served(came, drawn([0.1, 2.0], 0.1, 5.0, 3), graders) for graders in (5, 9))

    assert all(less <= more for less, more in zip(many.waits, few.waits, strict=True))
    assert max(few.waits) > 0
    assert max(served(came, repeat(1.0), len(came)).waits) == 0.0


def test_they_come_ever_more_often():
    came = arrivals(50_000, 3600.0, 900.0, random.Random(1))
    last, before = (sum(low < t <= low + 60 for t in came) for low in (3540, 2640))

    assert came == sorted(came)
    assert 0 <= came[0] < came[-1] <= 3600
    assert last / before == pytest.approx(math.e, rel=0.1)  # fifteen minutes earlier


def test_the_command_prints_a_line_for_each_number_of_graders(tmp_path):
    options = ["--learners", "500", "--seconds", "10", "--graders", "1", "--graders", "50"]

    done = CliRunner().invoke(main, [*options, "--plot", str(tmp_path / "queue.svg")])

    assert done.exit_code == 0, done.output
    *_, one, fifty = done.output.splitlines()
    assert one.startswith("| 1 |")
    assert "min after the deadline" in one
    assert fifty.startswith("| 50 |")
    assert (tmp_path / "queue.svg").read_text().startswith("<?xml")


def test_the_document_quotes_what_it_prints():
    text = (ROOT / "docs" / "scale.md").read_text("utf-8")

    command = re.search("`python -m benchmarks.deadline (.*)`\n", text)
    assert command is not None

    done = CliRunner().invoke(main, command[1].split())

    assert done.exit_code == 0
    assert done.output.partition("\n\n")[2] in text
