"""Whatever a learner's code answers, the finding is about that code, never a fault of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder import course as courses
from autograder.authoring.engines import edited, solution_source
from autograder.grading import grade_each
from autograder.submission.read import of_texts
from tests.tiers import sample

if TYPE_CHECKING:
    from autograder.report import Report

COURSE = courses.find(Path(__file__))
ODD = ("None", "[[1]]", "(x for x in ())", "{(1, 2): [3]}", "1j", "10**400", "object()")
PLACES = {
    "assignment1": [
        (
            "self.data = data\n        self.grad = 0.0\n",
            "self.data = ODD\n        self.grad = 0.0\n",
        ),
        ("self.grad = 0.0\n        self._prev", "self.grad = ODD\n        self._prev"),
        ("self._prev = set(_children)", "self._prev = ODD"),
        ("self._op = _op\n        self.label = label\n        ###", "self._op = ODD\n        ###"),
        ("self.label = label\n        ###", "self.label = ODD\n        ###"),
        ('return f"Value(data={self.data})"', "return ODD"),
        ("    ### END SOLUTION\n    return nodes, edges", "    return ODD"),
        ("    ### END SOLUTION\n    return nodes, edges", "    return nodes, ODD"),
        ("    ### END SOLUTION\n    return nodes, edges", "    return nodes, [(ODD, root)]"),
        ("    ### END SOLUTION\n    return nodes, edges", "    return [ODD], edges"),
    ],
    "assignment2": [
        ("self._prev = set(_children)", "self._prev = ODD if _children else ()"),
        ("return Value(self.data + other.data, (self, other), '+')", "return ODD"),
        ("return Value(self.data + other.data,", "return Value(ODD,"),
        ("return Value(self.data + other.data, (self, other), '+')", "return Value(1, op=ODD)"),
        ("return Value(math.exp(self.data), (self,), 'exp')", "return ODD"),
        ("\nValue.exp = exp\n", "\nValue.exp = ODD\n"),
    ],
    "assignment3": [
        ("self._prev = set(_children)", "self._prev = ODD"),
        ("        self.grad = 1.0 * out.grad\n", "        self.grad = ODD\n"),
        ("    return grad\n    ### END SOLUTION", "    return ODD"),
        ("    return grad\n    ### END SOLUTION", "    return {**grad, 'a': ODD}"),
        ('Value(math.exp(self.data), (self,), "exp")', 'Value(ODD, (self,), "exp")'),
        (
            "    out._backward = _backward\n    return out\n\n\nValue.__mul__",
            "    out._backward = ODD\n    return out\n\n\nValue.__mul__",
        ),
    ],
    "assignment6": [
        ("        parameter.grad = 0.0\n    ###", "        parameter.grad = ODD\n    ###"),
        ("parameter.data -= learning_rate * parameter.grad", "parameter.data = ODD"),
        ("        losses.append(value.data)", "        losses.append(ODD)"),
        ("    return losses\n    ###", "    return ODD\n    ###"),
    ],
    "assignment7": [
        ("        return []\n        ###", "        return [ODD]\n        ###"),
        ("            parameter.grad = 0.0", "            parameter.grad = ODD"),
        ("self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]", "self.w = ODD"),
        ("Value(random.uniform(-1, 1)) for _", "ODD for _"),
        ("self.b = Value(0.0)", "self.b = ODD"),
        ("        return total.tanh()", "        return ODD"),
        ("        return [*self.w, self.b]", "        return ODD"),
        ("        return [*self.w, self.b]", "        return [*self.w, ODD]"),
        ("self.neurons = [Neuron(nin) for _ in range(nout)]", "self.neurons = ODD"),
        ("self.neurons = [Neuron(nin) for _", "self.neurons = [ODD for _"),
        ("return outputs[0] if len(outputs) == 1 else outputs", "return ODD"),
        ("return outputs[0] if len(outputs) == 1 else outputs", "return [ODD for _ in outputs]"),
        ("[Layer(before, after) for before, after in zip(sizes, nouts)]", "ODD"),
        ("Layer(before, after) for before, after", "ODD for before, after"),
        (
            "            x = layer(x)\n        return x",
            "            x = layer(x)\n        return ODD",
        ),
    ],
    "assignment8": [
        ("return sum(miss**2 for miss in misses) / len(misses)", "return ODD"),
        ("        losses.append(loss.data)", "        losses.append(ODD)"),
        ("            parameter.data -= learning_rate", "            parameter.data = ODD  #"),
        ("    return losses\n    ###", "    return ODD\n    ###"),
        ("    return right / len(xs)", "    return ODD"),
    ],
    "assignment9": [
        ('out = Value(math.log(value.data), (value,), "log")', "out = ODD"),
        ('out = Value(math.log(value.data), (value,), "log")', 'out = Value(ODD, (value,), "log")'),
        ("value.grad += out.grad / value.data", "value.grad = ODD"),
        ("return [power / total for power in powers]", "return ODD"),
        ("return [power / total for power in powers]", "return [ODD for _ in powers]"),
        ("return -softmax(logits)[target].log()", "return ODD"),
    ],
}


@pytest.mark.parametrize("odd", sample(ODD, of=len(ODD)))
@pytest.mark.parametrize("name", PLACES)
def test_an_odd_answer_loses_points_and_breaks_nothing(name: str, odd: str) -> None:
    assignment = COURSE.assignment(name)
    file = assignment.files[0].name
    solution = solution_source(COURSE, assignment, file)
    handed_in = [
        of_texts(
            assignment,
            {file: edited(solution, [(find, replace.replace("ODD", odd))])},
            f"{place}",
        )
        for place, (find, replace) in enumerate(PLACES[name])
        if (place + ODD.index(odd)) % 2 == 0  # so each place meets every other one
    ]
    reports: list[Report] = []

    grade_each(COURSE, assignment, handed_in, reports.append)

    assert {r.submission.name: r.reason for r in reports if r.status != "graded"} == {}
    statuses = {test.status for report in reports for test in report.tests}
    # those of a file that was not handed in, or that needs a package which is not installed
    others = {"not_implemented", "not_run"} if len(assignment.files) > 1 else set()
    assert statuses <= {"passed", "failed", "error", "blocked"} | others
    assert [report.submission.name for report in reports if report.full_marks] == []
