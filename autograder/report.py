"""The verdict on one submission, as plain data and as versioned JSON.

`python -m autograder.report` prints the schema, which is stored in `report.schema.json`.
"""

from __future__ import annotations

import json
import math
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from autograder.kit.walk import Walk, Wrong

VERSION = 1
SCHEMA = Path(__file__).with_name("report.schema.json")

Status = Literal[
    "passed",
    "failed",
    "error",
    "not_implemented",
    "blocked",
    "timeout",
    "out_of_memory",
    "tampered",
    "not_run",
]
SandboxName = Literal["bubblewrap", "limited", "browser", "none"]
Shown = float | int | str | bool | None
Points = int | float
"""An int or a float, so that 3 comes back from JSON as 3."""
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")]
"""In hexadecimal; empty if unknown."""


LONGEST = 1_000
"""The most characters of a learner's answer that a report repeats."""


def shown(value: object) -> Shown:
    """The value as a report stores it; NaN and infinities become text, as JSON lacks them."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def fault_in_words(fault: BaseException) -> str:
    """An exception of ours and where it was raised, in one line for its author."""
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    where = f" at {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    return f"{type(fault).__name__}{where}: {fault}"


def writable(text: str) -> str:
    """The text with each lone surrogate, as in odd file names, replaced by `?`."""
    return text.encode(errors="replace").decode()


class Curve(msgspec.Struct, frozen=True):
    """A series of numbers, such as the losses of a training.

    Attributes:
        what: what the numbers are, for a label.
        yours: the learner's numbers, one for each step, perhaps too few or too many.
        expected: the right numbers, one for each step.
    """

    what: str
    yours: tuple[Shown, ...]
    expected: tuple[Shown, ...]


def curve(what: str, yours: Iterable[object], expected: Iterable[float]) -> Curve:
    """A curve from the learner's answers, of any type and number, and the right ones.

    Args:
        what: what the numbers are, for a label.
        yours: the learner's answers, one for each step.
        expected: the right numbers, one for each step.
    """
    return Curve(what, tuple(map(shown, yours)), tuple(map(shown, expected)))


class Counterexample(msgspec.Struct, frozen=True):
    """An example that goes wrong.

    Attributes:
        lines: Python to paste into a file next to the learner's.
        input: the expression that was evaluated, such as `a.grad`.
        yours: the learner's result.
        expected: the right result.
        difference: a central difference, if a gradient is wrong.
        curve: the numbers of a whole run, if one of them is wrong.
    """

    lines: tuple[str, ...]
    input: str | None
    yours: Shown
    expected: Shown
    difference: float | None = None
    curve: Curve | None = None


class Misconception(msgspec.Struct, frozen=True):
    """A known mistake.

    Attributes:
        id: the name of its family.
        text: the mistake in words, for the learner.
    """

    id: str
    text: str


class Node(msgspec.Struct, frozen=True):
    """A node of a graph.

    Attributes:
        name: unique in the graph.
        source: the Python that makes it.
        data: its number.
        grad: the learner's gradient.
        expected_grad: the right gradient.
    """

    name: str
    source: str
    data: Shown
    grad: Shown
    expected_grad: Shown


class Edge(msgspec.Struct, frozen=True):
    """An edge of a graph.

    Attributes:
        operand: the name of the node that it starts from.
        result: the name of the node that it leads to.
        wrong: whether the gradients first go wrong here.
    """

    operand: str
    result: str
    wrong: bool


class Graph(msgspec.Struct, frozen=True):
    """The example's graph with both sides' numbers.

    Attributes:
        nodes: its values.
        edges: from operands to results.
        first_wrong: a sentence on what is marked as wrong.
        walk: the learner's backward pass, step by step, if it could be recorded.
        wrong_step: where that first goes wrong, if known.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    first_wrong: str
    walk: Walk | None = None
    wrong_step: Wrong | None = None


class Place(msgspec.Struct, frozen=True):
    """A function in the learner's work that is not written yet.

    Attributes:
        where: as in `closures.py, line 12` or `closures.ipynb, cell In[3], line 2`.
        function: its name, as in `Value.backward`; empty if unknown.
    """

    where: str
    function: str


class TestReport(msgspec.Struct, frozen=True):
    """The outcome of one test.

    Attributes:
        name: the test's name, for the author.
        title: what it tests, for the learner.
        part: the part of the assignment that it belongs to, a key of hints.toml.
        status: how it ended.
        score: the points earned, from 0 to `max_score`.
        max_score: the points it is worth; 0 if it was not run.
        visible: whether learners may read its source.
        message: one or two sentences for the learner; empty if it passed.
        counterexample: the example that goes wrong, if there is one.
        graph: the example's graph, if a gradient is wrong.
        misconception: the known mistake that it shows, if one is recognised.
        hint: the idea of its part, unless it passed, is blocked or was not run.
        output: what the learner's code printed, truncated to the limit.
        place: the function that is not written yet, if the test ran into one.
    """

    name: str
    title: str
    part: str
    status: Status
    score: Points
    max_score: Points
    visible: bool
    message: str = ""
    counterexample: Counterexample | None = None
    graph: Graph | None = None
    misconception: Misconception | None = None
    hint: str | None = None
    output: str = ""
    place: Place | None = None

    __test__ = False  # for pytest: this is not a test class


class Prediction(msgspec.Struct, frozen=True):
    """A guess that the learner wrote down, and its answer. No points.

    Attributes:
        question: what was asked.
        guess: what the learner wrote.
        right: whether that is correct.
        answer: the correct answer.
        why: the reason, in a sentence.
    """

    question: str
    guess: str
    right: bool
    answer: str
    why: str


class TrainedNetwork(msgspec.Struct, frozen=True):
    """A network trained on points in the plane by the learner's loop, and the same one by ours.

    Attributes:
        sizes: how many neurons each layer has, inputs first; each neuron is tanh(w·x + b).
        points: what it was trained on, as (x, y).
        labels: 1 or -1 for each point.
        yours: the parameters after the learner's training: for each neuron its weights, then its
            bias; the sum of (sizes[i] + 1) * sizes[i + 1] in all.
        expected: the right parameters, in the same order.
        on_the_way: the learner's parameters at the start, at evenly spaced steps, and at the end.
    """

    sizes: tuple[int, ...]
    points: tuple[tuple[float, float], ...]
    labels: tuple[float, ...]
    yours: tuple[Shown, ...]
    expected: tuple[float, ...]
    on_the_way: tuple[tuple[Shown, ...], ...] = ()


class Run(msgspec.Struct, frozen=True):
    """A run of the learner's whole loop, compared with ours, for a picture. No points.

    Attributes:
        curve: the losses.
        network: the network that was trained, if it can be shown.
    """

    curve: Curve
    network: TrainedNetwork | None = None


class SubmittedFile(msgspec.Struct, frozen=True):
    """The work that was graded.

    Attributes:
        name: its file's name.
        sha256: the hash of its content.
    """

    name: str
    sha256: Sha256


class PartTitle(msgspec.Struct, frozen=True):
    """A part of the assignment.

    Attributes:
        name: its name in the tests' `part`.
        title: its title for people.
    """

    name: str
    title: str


class Report(msgspec.Struct, frozen=True):
    """The verdict on one submission.

    Attributes:
        schema_version: the version of this format.
        kit_version: the version of the grader.
        suite_sha256: the hash of the suite; verdicts with the same one had the same tests.
        assignment: its name.
        submission: what was graded.
        status: whether there is a verdict; without one, score and tests are empty.
        reason: why there is no verdict, else null.
        score: the sum over `tests`.
        max_score: the sum over `tests`.
        sandbox: where the learner's code ran.
        tests: in the order in which they ran.
        predictions: the learner's guesses, with answers; no points.
        notes: for the instructor: where answers were forged.
        seed_sha256: the hash of the seed from which inputs were drawn; verdicts with the same one
            had the same numbers.
        run: a run of the learner's whole loop, if it was asked for and the loop works.
        skipped: the cells of a notebook that raised, in words.
        remarks: for the learner: nothing is wrong, but it is worth knowing.
        parts: those of the tests, in course order.
        judged_later: points of tests that are not included here, as in a handout.
    """

    schema_version: int
    kit_version: str
    suite_sha256: Sha256
    assignment: str
    submission: SubmittedFile
    status: Literal["graded", "ungradable", "grader_error"]
    reason: str | None
    score: Points
    max_score: Points
    sandbox: SandboxName
    tests: tuple[TestReport, ...]
    predictions: tuple[Prediction, ...] = ()
    notes: tuple[str, ...] = ()
    seed_sha256: Sha256 = ""
    run: Run | None = None
    skipped: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    parts: tuple[PartTitle, ...] = ()
    judged_later: Points = 0

    @property
    def full_marks(self) -> bool:
        """Whether something ran, and everything that ran passed."""
        ran = [test for test in self.tests if test.status != "not_run"]
        return self.status == "graded" and bool(ran) and all(t.status == "passed" for t in ran)

    @property
    def exit_code(self) -> int:
        """0 for full marks, 1 for less, 2 if ungradable, 3 for a grader error."""
        if self.status == "graded":
            return 0 if self.full_marks else 1
        return 2 if self.status == "ungradable" else 3


def to_json(report: Report, *, indent: int = 2) -> str:
    """The report as JSON text, described by `report.schema.json`; the same text every time.

    Args:
        report: the verdict.
        indent: spaces for each level.
    """
    return msgspec.json.format(msgspec.json.encode(report), indent=indent).decode()


def from_json(text: str | bytes) -> Report:
    """Read a report from JSON.

    Raises:
        msgspec.ValidationError: it does not fit the schema; the message has the place.
        msgspec.DecodeError: it is not JSON.
    """
    return msgspec.json.decode(text, type=Report)


def schema() -> dict[str, Any]:
    """The JSON Schema of the reports that this kit writes: all fields, and no others."""
    from inspect import cleandoc

    made = msgspec.json.schema(Report)
    for struct in made["$defs"].values():
        if "description" in struct:  # up to Python 3.12 a docstring keeps its indentation
            struct["description"] = cleandoc(struct["description"])
        if "properties" in struct:
            struct |= {"required": list(struct["properties"]), "additionalProperties": False}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))  # noqa: T201  a command
