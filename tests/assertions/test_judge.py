"""Each thing that an assertion of a suite can say is said here once, by a real learner's code."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import pytest

from autograder.assertions import judge
from autograder.assertions.case import Case
from autograder.expressions.compare import RELATIVE_TO_REFERENCE, close
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import ALL, graph, tree
from autograder.grading.pytest_plugin import outcome_of
from autograder.remote.errors import CallTimeout, LearnerError, Tampered, WorkerEnded
from autograder.remote.wrong_answer import Mismatch

from .findings import example, found

if TYPE_CHECKING:
    from .conftest import Make, Pick

NEURON = express(lambda a, b: (a * b + b).tanh(), a=2.0, b=-0.5)


def test_the_learners_engine_is_the_third_reader(make: Make) -> None:
    learner = make()
    for seed in range(12):
        for draw in (tree, graph):
            expression = draw(random.Random(seed), 8, (*ALL, "log"))
            answers = learner.evaluate(expression, backward="backward")
            right = expression.by_reference()
            assert answers.error is None
            assert set(answers.data) == {step.name for step in expression.steps}
            for numbers, others in ((answers.data, right.data), (answers.grads, right.grads)):
                assert all(close(numbers[n], others[n], RELATIVE_TO_REFERENCE) for n in numbers)


def test_right_answers_raise_nothing(make: Make) -> None:
    learner = make()
    a, b = learner.Value(2.0), learner.Value(3)
    total = a + b

    judge.assert_number(learner, total.data, 5.0)
    judge.assert_data(learner, total, 5.0)
    judge.assert_gradient(learner, total, 0.0)
    judge.assert_value(learner, total, "The sum")
    judge.assert_result(learner, total, 5.0, a, b)
    judge.assert_values(learner, NEURON)
    judge.assert_gradients(learner, NEURON, backward="backward")
    judge.assert_gradients(learner, NEURON, backward="backward", upstream=7.0)  # has no effect
    judge.assert_gradients(learner, NEURON, backward="closures", upstream=-2.5)
    judge.assert_gradients(learner, NEURON, backward="closures", upstream=(1.0, -2.5, 300.0))
    assert judge.reaches(total, a)
    assert not judge.reaches(a, total)
    assert set(judge.operands_of(total)) == {a, b}


def test_another_number(make: Make) -> None:
    learner = make(("self.data + other.data", "self.data - other.data"))
    finding = found(lambda: judge.assert_data(learner, learner.Value(2.0) + 1, 3.0))

    assert finding.message == ""
    assert example(finding).lines == (
        "from autograder.yours.engine import Value",
        "a = Value(2.0)",
        "b = a + 1",
        "b.data",
    )
    assert (example(finding).input, example(finding).yours, example(finding).expected) == (
        "b.data",
        1.0,
        3.0,
    )


def test_an_expression_needs_a_value(make: Make) -> None:
    learner = make(("class Value", "class Valu"))

    with pytest.raises(LearnerError, match="does not define `Value`"):
        judge.assert_gradients(learner, NEURON, backward="closures")


def test_another_number_with_a_sentence_on_it(make: Make) -> None:
    learner = make(("self.grad: float = 0", "self.grad: float = 1"))
    finding = found(lambda: judge.assert_gradient(learner, learner.Value(2.0), 0.0, "It is 0.0."))

    assert finding.message == "It is 0.0."


@pytest.mark.parametrize(
    ("answer", "message", "shown"),
    [
        ("None", "That is not a number: it is None.", None),
        ("'2.0'", "That is not a number: it is '2.0' (str).", "2.0"),
        ("True", "That is not a number: it is True (bool).", True),
        ("[2.0]", "That is not a number: it is [2.0].", "[2.0]"),
        ("{2.0}", "That is not a number: it is {2.0}.", "{2.0}"),
        ("float('nan')", "", "nan"),
        ("float('inf')", "", "inf"),
        ("2**1000", "", 2**1000),
    ],
    ids=["None", "text", "bool", "list", "set", "nan", "inf", "huge"],
)
def test_a_number_that_is_none(answering: Pick, answer: str, message: str, shown: object) -> None:
    learner = answering(answer)
    finding = found(lambda: judge.assert_number(learner, learner.answer(), 2.0))

    assert finding.message == message
    assert example(finding).yours == shown


def test_a_number_that_is_none_with_a_sentence_on_it(answering: Pick) -> None:
    learner = answering("None")
    finding = found(lambda: judge.assert_number(learner, learner.answer(), 2.0, "Two."))

    assert finding.message == "Two. That is not a number: it is None."


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("None", "Expected a Value, not None. Is a `return` missing?"),
        ("3.0", "Expected a Value, not 3.0 (float)."),
        ("[]", "Expected a Value, not []."),
    ],
)
def test_no_value_where_an_attribute_is_asked_for(
    answering: Pick, answer: str, message: str
) -> None:
    learner = answering(answer)
    finding = found(lambda: judge.assert_data(learner, learner.answer(), 2.0))

    assert finding.message == message
    assert example(finding).expected in ("a Value", "Value")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("None", "The result should be a Value, not None. Is a `return` missing?"),
        ("3.0", "The result should be a Value, not 3.0 (float)."),
        ("object.__new__(Other)", "The result should be a Value, not an Other."),
    ],
)
def test_no_value_where_one_is_asked_for(answering: Pick, answer: str, message: str) -> None:
    learner = answering(answer)
    finding = found(lambda: judge.assert_value(learner, learner.answer(), "The result"))

    assert finding.message == message


def test_a_wrong_number_in_an_expression_is_shown_at_its_step(make: Make) -> None:
    learner = make(("math.tanh(self.data)", "math.sin(self.data)"))
    finding = found(lambda: judge.assert_values(learner, NEURON))

    assert example(finding).lines[-2:] == ("f = d.tanh()", "f.data")
    assert example(finding).yours == math.sin(-1.5)
    assert example(finding).expected == math.tanh(-1.5)


def test_the_example_stops_at_the_first_wrong_step(make: Make) -> None:
    learner = make(("self.data * other.data", "self.data + other.data"))
    finding = found(lambda: judge.assert_values(learner, NEURON))

    assert example(finding).lines == (
        "from autograder.yours.engine import Value",
        "a = Value(2.0)",
        "b = Value(-0.5)",
        "c = a * b",
        "c.data",
    )


@pytest.mark.parametrize("upstream", [-2.0, (-2.0,), (1.0, -2.0)], ids=repr)
def test_a_wrong_gradient_of_closures(make: Make, upstream: Any) -> None:
    """Right where the upstream gradient is 1, so that only the others show it."""
    learner = make(("self.grad += slope * out.grad", "self.grad += slope"))
    expression = express(lambda a, b: (a * b).tanh(), a=2.0, b=-0.5)
    check = judge.assert_gradients
    finding = found(lambda: check(learner, expression, backward="closures", upstream=upstream))

    assert example(finding).lines == (
        "from autograder.yours.engine import Value",
        "a = Value(2.0)",
        "b = Value(-0.5)",
        "c = a * b",
        "d = c.tanh()",
        "d.grad = -2.0",
        "d._backward()",
        "c._backward()",
        "a.grad",
    )
    slope = 1 - math.tanh(-1) ** 2
    assert example(finding).yours == pytest.approx(-0.5 * slope)
    assert example(finding).expected == pytest.approx(slope)
    assert example(finding).difference == pytest.approx(slope, rel=1e-5)


def test_a_wrong_gradient_of_backward(make: Make) -> None:
    learner = make(("other.grad += out.grad", "other.grad = out.grad"))
    expression = express(lambda a: a + a, a=3.0)
    finding = found(lambda: judge.assert_gradients(learner, expression, backward="backward"))

    assert example(finding).lines[-2:] == ("b.backward()", "a.grad")
    assert finding.finding.case == Case(expression, "backward")


def test_closures_of_composed_operators_are_run_by_walking_the_graph(make: Make) -> None:
    learner = make(("self.grad += out.grad", "self.grad += 3 * out.grad"))
    expression = express(lambda a, b: a - b, a=3.0, b=1.0)
    finding = found(
        lambda: judge.assert_gradients(learner, expression, backward="closures", upstream=2.0)
    )

    names: dict[str, Any] = {}
    lines = example(finding).lines
    exec("\n".join(("from micrograd_ref import Value", *lines[1:-1])), names)
    assert (names["a"].grad, names["b"].grad) == (2.0, -2.0)
    assert example(finding).expected == 2.0


def test_a_gradient_that_is_none(make: Make) -> None:
    learner = make(("self.grad += slope * out.grad", "self.grad = None"))
    expression = express(lambda a: a.exp(), a=0.5)
    finding = found(lambda: judge.assert_gradients(learner, expression, backward="backward"))

    assert finding.message == "`a.grad` is not a number: it is None."


def test_a_step_that_gives_no_value(make: Make) -> None:
    learner = make(('return self._unary(result, "tanh", 1 - result * result)', "pass"))
    finding = found(lambda: judge.assert_values(learner, NEURON))

    assert finding.message == "`d.tanh()` is None, not a Value. Is a `return` missing?"
    assert example(finding).lines[-1] == "f = d.tanh()"
    learner = make(('return self._unary(result, "tanh", 1 - result * result)', "return result"))
    finding = found(lambda: judge.assert_values(learner, NEURON))
    assert finding.message == "`d.tanh()` is of type float, not a Value."


def test_a_step_that_raises(make: Make) -> None:
    learner = make(("result = math.tanh(self.data)", "result = math.tahn(self.data)"))
    with pytest.raises(LearnerError, match="AttributeError: module 'math' has no") as caught:
        judge.assert_values(learner, NEURON)

    assert caught.value.example[-1] == "f = d.tanh()"
    assert caught.value.lines[-1][2] == "result = math.tahn(self.data)"


def test_a_backward_that_raises(make: Make) -> None:
    learner = make(("self.grad += slope * out.grad", "self.grad += slope * outt.grad"))
    for upstream in (1.0, (1.0, 2.0)):
        with pytest.raises(LearnerError, match="NameError: name 'outt' is not") as caught:
            judge.assert_gradients(learner, NEURON, backward="closures", upstream=upstream)
        assert caught.value.look == "c._backward()"


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("raise NotImplementedError('Write tanh.')", "not_implemented"),
        ("raise MemoryError", "out_of_memory"),
        ("raise KeyError(1)", "error"),
        ("import sys; sys.exit(0)", "error"),
        ("import os; os._exit(0)", "error"),
        ("while True: pass", "timeout"),
        ("return self * float('nan')", "failed"),
        ("return None", "failed"),
    ],
)
@pytest.mark.parametrize("upstream", [1.0, (1.0, 2.0)], ids=["one", "each"])
def test_what_a_method_may_do_instead(make: Make, line: str, status: str, upstream: Any) -> None:
    learner = make(("result = math.tanh(self.data)", line))
    with pytest.raises((Mismatch, LearnerError, CallTimeout, WorkerEnded)) as caught:
        judge.assert_gradients(learner, NEURON, backward="closures", upstream=upstream)

    assert outcome_of(caught.value).status == status


def test_answers_to_several_questions_must_be_as_many(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = make()
    session = learner._Learner__session
    monkeypatch.setattr(session, "ask", lambda *_, **__: [{}])
    with pytest.raises(Tampered, match="was malformed: not one for each question"):
        judge.assert_gradients(learner, NEURON, backward="closures", upstream=(1.0, 2.0))


def test_a_result_that_is_the_operand_itself(make: Make) -> None:
    learner = make(
        ('out = Value(self.data + other.data, (self, other), "+")', "self.data += other.data"),
        ("        out._backward = _backward\n        return out", "        return self"),
    )
    a = learner.Value(2.0)
    finding = found(lambda: judge.assert_result(learner, a + 1, 3.0, a))

    assert (
        finding.message
        == "The result must be a new Value. Your code changed the operand and returned it."
    )


def test_a_graph_that_is_cut(make: Make) -> None:
    learner = make(('(self, other), "+")', '(), "+")'))
    a = learner.Value(2.0)
    finding = found(lambda: judge.assert_result(learner, a + 1, 3.0, a))

    assert finding.message == (
        "The graph is broken: following `_prev` from the result doesn't reach its operand."
    )
    assert example(finding).input == "any(each is a for each in below(b))"
    assert "from autograder.kit import below" in example(finding).lines


def test_a_leaf_that_got_operands(make: Make) -> None:
    learner = make(('"+")\n', '"+")\n        self._prev = {Value(0.0)}\n'))
    a = learner.Value(2.0)
    finding = found(lambda: judge.assert_result(learner, a + 1, 3.0, a))

    assert finding.message == "An operand was a leaf, but now it has operands of its own."
    assert (example(finding).yours, example(finding).expected) == (1, 0)


@pytest.mark.parametrize("held", ["5", "None", "'ab'", "{self.data}"])
def test_operands_that_are_no_nodes(make: Make, held: str) -> None:
    learner = make(("        return self._operands\n", f"        return {held}\n"))
    finding = found(lambda: judge.operands_of(learner.Value(2.0)))

    assert finding.message == (
        "`_prev` should be a collection of the operands themselves, which are Values."
    )


def test_the_text_of_a_finding_has_everything(make: Make) -> None:
    """What an author reads who runs a suite with plain pytest."""
    learner = make(("self.data + other.data", "self.data"))
    finding = found(lambda: judge.assert_data(learner, learner.Value(2.0) + 1, 3.0, "A sum."))

    assert str(finding) == (
        "A sum.\n    from autograder.yours.engine import Value\n    a = Value(2.0)\n    b = a + 1\n    b.data\n"
        "yours 2.0, expected 3.0"
    )
    assert str(Mismatch("Bare.")) == "Bare."


def test_a_value_that_calls_its_number_otherwise(make: Make) -> None:
    learner = make(("return self._unary(", "return type('Value', (), {'value': 1.0})() or ("))
    finding = found(lambda: judge.assert_values(learner, express(lambda a: a.tanh(), a=0.5)))

    assert finding.message == "`a.tanh()` is a Value without `data`, where its number belongs."
    shown = example(finding)
    assert (shown.input, shown.yours, shown.expected) == ("hasattr(b, 'data')", False, True)
