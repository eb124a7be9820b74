"""The verdict on one submission, as plain data and as versioned JSON.

`python -m autograder.report` prints the schema, which stands in `report.schema.json`.
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
"""Characters of what a learner's code answered that a report repeats."""


def shown(value: object) -> Shown:
    """The value as a report carries it: JSON has no NaN and no infinities, so those become text."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def fault_in_words(fault: BaseException) -> str:
    """An exception of ours and where it was raised, in one line for whoever fixes it."""
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    where = f" at {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    return f"{type(fault).__name__}{where}: {fault}"


def writable(text: str) -> str:
    """The text with each lone surrogate, as odd file names have them, replaced by `?`."""
    return text.encode(errors="replace").decode()


class Curve(msgspec.Struct, frozen=True):
    """A series of numbers, such as the losses of a training.

    Attributes:
        what: what the numbers are, for a label.
        yours: the learner's, one for each step.
        expected: the right ones, one for each step.
    """

    what: str
    yours: tuple[Shown, ...]
    expected: tuple[Shown, ...]


def curve(what: str, yours: Iterable[object], expected: Iterable[float]) -> Curve:
    """A curve of the learner's answers, of any type and number, and the right ones."""
    return Curve(what, tuple(map(shown, yours)), tuple(map(shown, expected)))


class Counterexample(msgspec.Struct, frozen=True):
    """An example that goes wrong.

    Attributes:
        lines: Python to paste beside the learner's file.
        input: what was looked at, such as `a.grad`.
        yours: what the learner's code says.
        expected: what is right.
        difference: what a central difference says, where a gradient is wrong.
        curve: the numbers of a whole run, where one of them is wrong.
    """

    lines: tuple[str, ...]
    input: str | None
    yours: Shown
    expected: Shown
    difference: float | None = None
    curve: Curve | None = None


class Misconception(msgspec.Struct, frozen=True):
    """A known mistake, by its name and in words."""

    id: str
    text: str


class Node(msgspec.Struct, frozen=True):
    """A node of a graph: its name, its Python, its number, its gradient and the right one."""

    name: str
    source: str
    data: Shown
    grad: Shown
    expected_grad: Shown


class Edge(msgspec.Struct, frozen=True):
    """From an operand to a result; `wrong` marks where the gradients first go wrong."""

    operand: str
    result: str
    wrong: bool


class Graph(msgspec.Struct, frozen=True):
    """The example's graph with both sides' numbers.

    Attributes:
        nodes: its values.
        edges: which went into which.
        first_wrong: in words what is marked.
        walk: the learner's gradients on their way back, step by step, where they could be watched.
        wrong_step: where that first goes wrong.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    first_wrong: str
    walk: Walk | None = None
    wrong_step: Wrong | None = None


class Place(msgspec.Struct, frozen=True):
    """Where in the learner's work a function waits to be written.

    Attributes:
        where: as in `closures.py, line 12` or `closures.ipynb, cell In[3], line 2`.
        function: its name, as in `Value.backward`; empty where it is not known.
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
        hint: the idea of its part, unless it passed, waits or was not run.
        output: what the learner's code printed, cut at the limit.
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

    __test__ = False  # pytest: this is no test class


class Prediction(msgspec.Struct, frozen=True):
    """A guess that the learner wrote down, and its answer. No points."""

    question: str
    guess: str
    right: bool
    answer: str
    why: str


class TrainedNetwork(msgspec.Struct, frozen=True):
    """A network trained on points in the plane by the learner's loop, and the same one by ours.

    Attributes:
        sizes: neurons of each layer, inputs first; each neuron is tanh(w·x + b).
        points: what it learned from, as (x, y).
        labels: 1 or -1 for each point.
        yours: the parameters after the learner's training: neuron by neuron, its weights, then
            its bias; the sum of (sizes[i] + 1) * sizes[i + 1] in all.
        expected: the right ones.
        on_the_way: the learner's at the start, after so many steps, and so on, evenly to the last.
    """

    sizes: tuple[int, ...]
    points: tuple[tuple[float, float], ...]
    labels: tuple[float, ...]
    yours: tuple[Shown, ...]
    expected: tuple[float, ...]
    on_the_way: tuple[tuple[Shown, ...], ...] = ()


class Run(msgspec.Struct, frozen=True):
    """A whole run of the learner's own loop beside ours, for a picture. No points.

    Attributes:
        curve: the losses.
        network: what was trained, where one can look at it.
    """

    curve: Curve
    network: TrainedNetwork | None = None


class SubmittedFile(msgspec.Struct, frozen=True):
    """Which work was judged: its file's name and the hash of its content."""

    name: str
    sha256: Sha256


class PartTitle(msgspec.Struct, frozen=True):
    """A part of the assignment: what its tests call it, and what people do."""

    name: str
    title: str


class Report(msgspec.Struct, frozen=True):
    """The verdict on one submission.

    Attributes:
        schema_version: of this format.
        kit_version: of the grader.
        suite_sha256: the hash of the suite; two verdicts with the same one asked the same.
        assignment: its name.
        submission: what was judged.
        status: whether there is a verdict; without one, score and tests are empty.
        reason: why there is no verdict, else null.
        score: the sum over `tests`.
        max_score: the sum over `tests`.
        sandbox: where the learner's code ran.
        tests: in the order in which they ran.
        predictions: the learner's guesses, answered; no points.
        notes: for the instructor: where answers were forged.
        seed_sha256: the hash of the seed that inputs were drawn from; two verdicts with the same
            one asked the same numbers.
        run: the learner's loop as a whole, if that was asked for and the loop works.
        skipped: the cells of a notebook that raised, in words.
        remarks: for the learner: what is right and still worth knowing.
        parts: those of the tests, in course order.
        judged_later: points of tests that are not here, as in a handout.
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
        """Whether everything that ran passed, and something ran."""
        ran = [test for test in self.tests if test.status != "not_run"]
        return self.status == "graded" and bool(ran) and all(t.status == "passed" for t in ran)

    @property
    def exit_code(self) -> int:
        """0 full marks, 1 not yet, 2 ungradable, 3 our fault."""
        if self.status == "graded":
            return 0 if self.full_marks else 1
        return 2 if self.status == "ungradable" else 3


def to_json(report: Report, *, indent: int = 2) -> str:
    """The report as JSON text, as `report.schema.json` describes it; the same text every time."""
    return msgspec.json.format(msgspec.json.encode(report), indent=indent).decode()


def from_json(text: str | bytes) -> Report:
    """Read a report back; raises msgspec.ValidationError or DecodeError with the place."""
    return msgspec.json.decode(text, type=Report)


def schema() -> dict[str, Any]:
    """The JSON Schema of what this kit writes: every field is there, and no other."""
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
