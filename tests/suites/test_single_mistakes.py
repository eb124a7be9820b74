"""One mistake costs its own points, and what truly rests on it; the rest is judged by itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from autograder import course as courses
from autograder.authoring.engines import edited, solution_source
from autograder.grading import Options, grade_each
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts
from tests.tiers import sample

if TYPE_CHECKING:
    from autograder.report import Report

COURSE = courses.find(Path(__file__))

WEIGHTS = "self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]"
CALL = "        return total.tanh()"
LAYER = "        outputs = [neuron(x) for neuron in self.neurons]"
LISTED = "return [parameter for neuron in self.neurons for parameter in neuron.parameters()]"


class Case(NamedTuple):
    """Edits of a solution, what they leave of its points, and the tests that fail."""

    assignment: str
    edits: tuple[tuple[str, str], ...]
    score: float
    lost: set[str]


CASES = {
    "the bias is a float": Case(
        "assignment7",
        (("self.b = Value(0.0)", "self.b = 0.0"),),
        24,
        {"test_neuron_fields"},
    ),
    "the weights are floats": Case(
        "assignment7",
        ((WEIGHTS, "self.w = [random.uniform(-1, 1) for _ in range(nin)]"),),
        24,
        {"test_neuron_fields"},
    ),
    "tanh is forgotten": Case(
        "assignment7", ((CALL, "        return total"),), 20, {"test_neuron"}
    ),
    "a neuron returns nothing": Case(
        "assignment7", ((CALL, "        total.tanh()"),), 19, {"test_neuron", "test_neuron_again"}
    ),
    "a neuron raises": Case(
        "assignment7",
        ((CALL, "        return total.sigmoid()"),),
        19,
        {"test_neuron", "test_neuron_again"},
    ),
    "a neuron is the same whatever is in it": Case(
        "assignment7",
        ((CALL, "        return Value(0.5)"),),
        19,
        {"test_neuron", "test_neuron_again"},
    ),
    "a neuron lists nothing": Case(
        "assignment7",
        (("return [*self.w, self.b]", "return []"),),
        26,
        {"test_neuron_parameters"},
    ),
    "the layer gives the first output alone": Case(
        "assignment7",
        (("return outputs[0] if len(outputs) == 1 else outputs", "return outputs[0]"),),
        22,
        {"test_layer"},
    ),
    "there is no zero_grad in Module": Case(
        "assignment7",
        (("    def zero_grad(self):", "    def clear(self):"),),
        25,
        {"test_module"},
    ),
    "the network alone unwraps a single output": Case(
        "assignment7",
        (
            ("return outputs[0] if len(outputs) == 1 else outputs", "return outputs"),
            (
                "            x = layer(x)\n        return x",
                "            x = layer(x)\n        return x[0] if len(x) == 1 else x",
            ),
        ),
        27,
        {"test_single_output"},
    ),
    "a wrong layer below constant neurons": Case(
        "assignment7",
        (
            (CALL, "        return Value(0.5)"),
            (LAYER, LAYER.replace("self.neurons]", "self.neurons[:1] * len(self.neurons)]")),
        ),
        15,  # as a wrong layer above right neurons: nobody profits from what cannot be told apart
        {"test_neuron", "test_neuron_again", "test_layer"},
    ),
    "a layer that lists nothing, of neurons that list nothing": Case(
        "assignment7",
        (("return [*self.w, self.b]", "return []"), (LISTED, "return []")),
        25,
        {"test_neuron_parameters", "test_layer_parameters"},
    ),
    "neurons that cannot be asked in a network that forgets its last layer": Case(
        "assignment7",
        (
            (CALL, "        raise ValueError"),
            (
                "        for layer in self.layers:\n            x",
                "        for layer in self.layers[:-1]:\n            x",
            ),
        ),
        15,
        {"test_neuron", "test_neuron_again", "test_mlp"},
    ),
    "zero_grad is missing": Case(
        "assignment6",
        (("def zero_grad(parameters):", "def clear(parameters):"),),
        20,
        {"test_zero_grad", "test_zero_grad_between", "test_zero_grad_of_some"},
    ),
    "a step goes uphill": Case(
        "assignment6",
        (("parameter.data -= learning_rate", "parameter.data += learning_rate"),),
        20,
        {"test_gradient_step"},
    ),
    "both are wrong, and descend right": Case(
        "assignment6",
        (
            ("        parameter.grad = 0.0\n    ###", "        parameter.grad == 0.0\n    ###"),
            ("parameter.data -= learning_rate", "parameter.data += learning_rate"),
        ),
        15,
        {
            "test_zero_grad",
            "test_zero_grad_between",
            "test_zero_grad_of_some",
            "test_gradient_step",
        },
    ),
    "the loss is recorded after the step": Case(
        "assignment6",
        (
            ("        losses.append(value.data)\n", ""),
            (
                "        gradient_step(parameters, learning_rate)\n    return losses",
                """        gradient_step(parameters, learning_rate)
        losses.append(loss().data)
    return losses""",
            ),
        ),
        17,
        {
            "test_descend",
            "test_descend_too_fast",
            "test_descend_few_steps",
            "test_descend_again",
        },
    ),
    "the sum for the average": Case(
        "assignment8",
        (("for miss in misses) / len(misses)", "for miss in misses)"),),
        17,
        {"test_mse"},
    ),
    "a loop that moves nothing records the right losses": Case(
        "assignment8",
        (("        loss.backward()\n", ""),),
        12,
        {"test_one_step"},
    ),
    "log has a wrong slope": Case(
        "assignment9",
        (("value.grad += out.grad / value.data", "value.grad += out.grad / out.data"),),
        23,
        {"test_log"},
    ),
    "softmax divides by a plain number": Case(
        "assignment9",
        (("    total = sum(powers)\n", "    total = sum(powers).data\n"),),
        28,
        {"test_softmax_slopes"},
    ),
    "softmax is not there": Case(
        "assignment9",
        (("def softmax(logits):", "def shares(logits):"),),
        22,
        {"test_softmax"},
    ),
}


@pytest.mark.parametrize("name", sample(CASES, of=4))
def test_it_costs_its_own_points(name: str) -> None:
    case = CASES[name]

    report = reports_on(case.assignment)[name]

    lost = {t.name for t in report.tests if t.status not in ("passed", "blocked", "not_run")}
    assert (report.score + not_run(report), lost) == (case.score, case.lost), report.reason


@cache
def reports_on(assignment_name: str) -> dict[str, Report]:
    """The reports on an assignment's cases, all judged in one go."""
    assignment = COURSE.assignment(assignment_name)
    texts = {f.name: solution_source(COURSE, assignment, f.name) for f in assignment.files}
    first = assignment.files[0].name
    cases = {name: case for name, case in CASES.items() if case.assignment == assignment_name}
    handed_in = [
        of_texts(assignment, {**texts, first: edited(texts[first], case.edits)}, name)
        for name, case in cases.items()
    ]
    reports: list[Report] = []
    grade_each(COURSE, assignment, handed_in, reports.append, Options(sandbox=Limited()))
    return dict(zip(cases, reports, strict=True))


def not_run(report: Report) -> int:
    """Points of tests that were not run here, as without PyTorch, which has 10 in assignment9."""
    return 10 if any(test.status == "not_run" for test in report.tests) else 0
