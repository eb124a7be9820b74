"""What assignment7's oracle says, each sentence by a learner's file that earns it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder import course as courses
from autograder.assertions import networks
from autograder.authoring.engines import edited, solution_source
from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner
from autograder.remote.session import open_sessions
from autograder.remote.wrong_answer import Mismatch
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts
from autograder.suites.assignment7 import made_of, oracle

if TYPE_CHECKING:
    from autograder.remote.session import Session

COURSE = courses.find(Path(__file__))
NN = COURSE.assignment("assignment7")
SOLUTION = solution_source(COURSE, NN, "nn.py")
Edits = tuple[tuple[str, str], ...]

CALL = "        return total.tanh()"
ANSWER = "        return outputs[0] if len(outputs) == 1 else outputs"
OF_NEURON = "        return [*self.w, self.b]"
OF_LAYER = "return [parameter for neuron in self.neurons for parameter in neuron.parameters()]"
WEIGHTS = "self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]"
NEURONS = "self.neurons = [Neuron(nin) for _ in range(nout)]"


@pytest.fixture
def learner_with() -> Iterator[Callable[..., Learner]]:
    """learner_with(edit, …): a learner whose file is the solution with these edits."""
    opened: list[Session] = []

    def make(*edits: tuple[str, str]) -> Learner:
        source = of_texts(NN, {"nn.py": edited(SOLUTION, edits)}, "edited")
        session = open_sessions(source, NN, sandbox=Limited())[None]
        assert session is not None
        opened.append(session)
        session.load()
        session.begin_test()
        return Learner(session)

    yield make
    for session in opened:
        session.close()


def chance() -> random.Random:
    """The same each time."""
    return random.Random(7)


def layer(learner: Learner) -> None:
    made_of.assert_made_of(learner, chance(), "Layer", 2, 3)


def layer_slopes(learner: Learner) -> None:
    made_of.assert_slopes_made_of(learner, chance(), "Layer", 2, 3)


def mlp(learner: Learner) -> None:
    made_of.assert_made_of(learner, chance(), "MLP", 2, [3, 1])


def neuron_again(learner: Learner) -> None:
    made_of.assert_made_of(learner, chance(), "Neuron", 2)


def lists(kind: networks.Kind, *sizes: object) -> Callable[[Learner], None]:
    return lambda learner: made_of.assert_lists(learner, kind, *sizes)


def fields(learner: Learner) -> None:
    oracle.assert_fields(learner, 2)


def alone(learner: Learner) -> None:
    oracle.assert_leaves_alone(learner, [0.5, -0.25, 0.125], [1.5, -0.5])


def diverse(learner: Learner) -> None:
    oracle.assert_diverse(learner, "MLP", 4, [4, 4, 1])


def right(learner: Learner) -> None:
    oracle.assert_right(learner, "Layer", 2, 2, asked=([0.5] * 6, [1.0, 2.0]), values=True)


SAID: list[tuple[str, Callable[[Learner], None], Edits]] = [
    (
        "Each output should be the output of one of the neurons for the same inputs.",
        layer,
        ((ANSWER, "        return outputs[::-1]"),),
    ),
    (
        "Each layer should get the outputs of the layer before it as its inputs.",
        mlp,
        (
            (
                "            x = layer(x)\n",
                "            x = layer(x)\n            self.layers[0](x[:1] * 2 if isinstance(x, list) else [x, x])\n",
            ),
            ("        return x\n", "        return x * 2\n"),
        ),
    ),
    (
        "A new neuron with the same numbers gives a different output.",
        neuron_again,
        (
            (
                CALL,
                "        self.kept = getattr(self, 'kept', None) or total.tanh()\n        return self.kept",
            ),
        ),
    ),
    (
        f"Different inputs give the same output: {', '.join(['1.0'] * 9)}.",
        layer,
        ((CALL, "        return Value(1.0)"), (ANSWER, "        return outputs[:1] * 3")),
    ),
    (
        "The same inputs give different gradients the second time.",
        layer_slopes,
        (
            (
                CALL,
                "        self.kept = getattr(self, 'kept', None) or total.tanh()\n        return self.kept",
            ),
            (ANSWER, "        return [Value(output.data) for output in outputs]"),
        ),
    ),
    (
        "It should have parameters.",
        lists("Layer", 2, 3),
        ((OF_NEURON, "        return []"), (OF_LAYER, "return []")),
    ),
    (
        "Called again, parameters() returns a list of a different length.",
        lists("Neuron", 2),
        ((OF_NEURON, "        self.w.append(self.b)\n        return self.w"),),
    ),
    (
        "Called again, parameters() returns new Values.",
        lists("Neuron", 2),
        ((OF_NEURON, "        return [Value(p.data) for p in [*self.w, self.b]]"),),
    ),
    (
        "parameters() should be a flat list of Values.",
        lists("Layer", 2, 3),
        ((OF_LAYER, "return [neuron.parameters() for neuron in self.neurons]"),),
    ),
    (
        "a.b is missing from its parameters.",
        lists("Neuron", 2),
        ((OF_NEURON, "        return [*self.w, self.w[0]]"),),
    ),
    ("Weights and biases should be Values.", fields, (("self.b = Value(0.0)", "self.b = 0.0"),)),
    (
        "Two parameters are the same object: they should be separate Values.",
        fields,
        ((WEIGHTS, "self.w = [Value(random.uniform(-1, 1))] * nin"),),
    ),
    (
        "Calling it three times with the same inputs should give equal outputs.",
        alone,
        ((CALL, "        self.b.data += 1\n        return total.tanh()"),),
    ),
    (
        "Calling the neuron changed its weights.",
        alone,
        (
            (
                CALL,
                "        answer = total.tanh()\n        self.w = self.w + [Value(0.0)]\n        return answer",
            ),
            ("in zip(self.w, x, strict=True)", "in zip(self.w, x)"),
        ),
    ),
    (
        "Weights that start equal stay equal, and here too few are different.",
        diverse,
        ((WEIGHTS, "self.w = [Value(0.5) for _ in range(nin)]"),),
    ),
    (
        "Two new networks start with exactly the same numbers.",
        diverse,
        (
            (
                "        sizes = [nin, *nouts]",
                "        random.seed(0)\n        sizes = [nin, *nouts]",
            ),
        ),
    ),
    (
        "An output should be a Value, not None. Is a `return` missing?",
        right,
        ((CALL, "        total.tanh()"),),
    ),
    (
        "Expected a list, not None. Is a `return` missing?",
        right,
        ((ANSWER, "        outputs"),),
    ),
]


@pytest.mark.parametrize(("said", "ask", "edits"), SAID, ids=[said for said, _, _ in SAID])
def test_it_is_said(
    learner_with: Callable[..., Learner], said: str, ask: Callable[[Learner], None], edits: Edits
) -> None:
    with pytest.raises(Mismatch) as caught:
        ask(learner_with(*edits))

    assert caught.value.message == said
    assert caught.value.counterexample is not None


def test_a_part_that_raises_is_said_where_the_whole_is_wrong_too(
    learner_with: Callable[..., Learner],
) -> None:
    with pytest.raises(LearnerError, match="no neuron yet"):
        layer(
            learner_with(
                (CALL, "        raise ValueError('no neuron yet')"),
                (ANSWER, "        return outputs[:1] * 3"),
            )
        )


@pytest.mark.parametrize("kind", ["Layer", "MLP"])
def test_stand_ins_tell_every_part_and_every_question_apart(
    learner_with: Callable[..., Learner], kind: networks.Kind
) -> None:
    learner = learner_with((CALL, "        return 0"), (ANSWER, "        return 0"))
    learner.replace(made_of._STAND_INS, "Neuron", "Layer")
    sizes = (3, [4, 2]) if kind == "MLP" else (3, 4)
    layers = networks.layers_of(kind, *sizes)
    parts = made_of._Parts(learner, kind, *sizes)

    for numbers, x in oracle.rounds(chance(), layers):
        answers = [output.data for output in parts.outputs(numbers, list(x))]
        made_of._assert_telling(learner, answers)
    given = [learner.Value(value) for value in (0.5, -1.5, 2.0)]
    outputs = parts.outputs(oracle.drawn(chance(), networks.count_of(layers)), given)
    weights = oracle.drawn(chance(), len(outputs), 2)
    slopes = made_of._slopes(learner, [*given, *parts.parameters], outputs, weights)

    made_of._assert_telling(learner, slopes)


def test_an_example_with_a_class_of_ours_runs_where_it_is_pasted(
    learner_with: Callable[..., Learner],
) -> None:
    with pytest.raises(Mismatch) as caught:
        oracle.assert_inherited(
            learner_with(("            parameter.grad = 0.0", "            parameter.grad == 0.0"))
        )

    example = caught.value.counterexample
    assert example is not None
    assert example.lines == (
        "from autograder.yours.nn import Module, Value",
        *oracle.COUPLE.strip().splitlines(),
        "a = Couple()",
        "for p in a.parameters(): p.grad = 1.5",
        "a.zero_grad()",
        "a.first.grad",
    )
