"""Where a name stands: at a test that shows it, and never for what another mistake causes."""

from __future__ import annotations

from autograder.authoring import engines
from autograder.grading import Options, grade_each
from autograder.report import Report
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts

from .conftest import COURSE


def named(name: str, *edits: tuple[str, str]) -> dict[str, str]:
    """The families named in the solution with these edits, by test."""
    assignment = COURSE.assignment(name)
    file = assignment.files[0].name
    source = engines.edited(engines.solution_source(COURSE, assignment, file), edits)
    reports: list[Report] = []
    options = Options(sandbox=Limited(trusted=True), shrink=False)
    grade_each(
        COURSE, assignment, [of_texts(assignment, {file: source}, "x")], reports.append, options
    )
    return {t.name: t.misconception.id for t in reports[0].tests if t.misconception is not None}


def test_a_division_that_uses_a_product_without_end_is_not_said_to_call_itself():
    edits = (
        ("return self * other\n", "return other * self\n"),
        ("return self**-1 * other", "return other * self**-1"),
    )

    assert named("assignment2", *edits) == {"test_rmul": "rmul-calls-itself"}


PREV = (
    ("self._prev = set(_children)", "self.prev = set(_children)"),
    ("for operand in node._prev)", "for operand in node.prev)"),
)


def test_a_missing_field_is_named_only_where_it_is_what_is_missed():
    assert named("assignment5", *PREV) == {"test_add_again": "children-name"}
    no_number = (
        "        other = other if isinstance(other, Value) else Value(other)\n"
        "        out = Value(self.data + other.data"
    )
    takes_none = (no_number, "        out = Value(self.data + other.data")
    assert "children-name" not in named("assignment5", *PREV, takes_none).values()


def test_a_mistake_stands_at_its_own_test_before_another_one_takes_it():
    loop = "        for node in reversed(order):\n"
    two_levels = (loop, "        for node in (self, *self._prev):\n")
    overwrites = (
        (
            "            self.grad += out.grad\n            other.grad += out.grad",
            "            self.grad = out.grad\n            other.grad = out.grad",
        ),
    )

    names = named("assignment5", two_levels, *overwrites)

    assert names["test_add"] == "+ overwrites"
    assert "one step only" in names.values()
