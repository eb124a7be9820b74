"""A learner's work with PyTorch, judged by the plain numbers that come out of it.

PyTorch itself runs in the learner's process alone; what is right is computed here, in floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autograder.assertions.judge import of_what_kind
from autograder.assertions.networks import items
from autograder.expressions.compare import close, in_words, is_number
from autograder.remote.objects import Remote, source_text

if TYPE_CHECKING:
    from autograder.remote.learner import Learner


def assert_torch_neuron(learner: Learner, x: Sequence[float], w: Sequence[float], b: float) -> None:
    """torch_neuron answers with the output of tanh(w·x + b) and its gradients; raises Mismatch."""
    answer = learner.torch_neuron(list(x), list(w), b)
    look = learner.looked_at()
    parts = items(learner, answer, look)
    if len(parts) != 4:
        message = "It should return four things: output, dx, dw, db."
        raise learner.mismatch(message, len(parts), 4, f"len({look})")
    out = math.tanh(sum(a * c for a, c in zip(w, x, strict=True)) + b)
    slope = 1 - out * out
    dx, dw = [slope * weight for weight in w], [slope * value for value in x]
    for position, right in ((0, out), (3, slope)):
        _assert_plain(learner, parts[position], right, f"{look}[{position}]")
    for position, row in ((1, dx), (2, dw)):
        where = f"{look}[{position}]"
        found = parts[position]
        if not isinstance(found, (list, tuple)) or len(found) != len(row):
            what = in_words(found)
            message = f"Expected a list of {len(row)} floats, not {what}."
            if isinstance(found, (list, tuple)):
                raise learner.mismatch(message, len(found), len(row), f"len({where})")
            raise learner.mismatch(message, *of_what_kind(found, "list", where))
        for index, right in enumerate(row):
            _assert_plain(learner, found[index], right, f"{where}[{index}]")


def _assert_plain(learner: Learner, yours: object, right: float, look: str) -> None:
    if close(yours, right):
        return
    message = "" if is_number(yours) else f"Expected a plain float, not {in_words(yours)}."
    if close(yours, right, 1e-6):
        message = "That is only correct to about 7 digits, the precision of 32 bits."
    raise learner.mismatch(message, yours, right, look)


def assert_is_function(learner: Learner) -> None:
    """Tanh is a class of PyTorch's kind of operators; raises Mismatch."""
    if learner.torch.autograd.Function not in items(learner, learner.Tanh.mro(), "Tanh.mro()"):
        message = "Tanh should be a torch.autograd.Function."
        look = "issubclass(Tanh, torch.autograd.Function)"
        raise learner.mismatch(message, False, True, look)  # noqa: FBT003  what it prints


def assert_own_rule(learner: Learner) -> None:
    """Gradients pass through the learner's class, not PyTorch's own tanh; raises Mismatch.

    PyTorch numbers its own operators (`TanhBackward0`), and names a learner's after their class.
    """
    y = learner.Tanh.apply(
        learner.torch.tensor([0.5], dtype=learner.torch.double, requires_grad=True)
    )
    made_by = y.grad_fn.name()
    if not isinstance(made_by, str) or made_by[-1:].isdigit():
        message = "Tanh.apply doesn't use your forward and backward: PyTorch's own rule is at work."
        look = f"{source_text(y)}.grad_fn.name()"
        raise learner.mismatch(message, made_by, "TanhBackward", look)


def assert_tanh(
    learner: Learner,
    points: Sequence[float],
    formula: Callable[[Any, Any], Any],
    value: Callable[[float], float],
    slope: Callable[[float], float],
    *,
    rows: int = 1,
    times: int = 1,
) -> None:
    """An expression with the learner's Tanh has the right numbers and gradients at these points.

    It keeps its numbers when it is run backward.

    Args:
        learner: the test's fixture.
        points: a tensor of them is made.
        formula: the expression, of `Tanh.apply` and the tensor.
        value: the number that it should have at one point.
        slope: its derivative there.
        rows: of equal length, in which the points are laid out; 1 is a tensor without rows.
        times: how often it is run backward; each time adds the same gradients.

    Raises:
        Mismatch: at the first point where one is wrong, or where the input has changed.
    """
    torch = learner.torch
    width = len(points) // rows
    table = [list(points[start : start + width]) for start in range(0, len(points), width)]
    held = table if rows > 1 else list(points)
    x = torch.tensor(held, dtype=torch.double, requires_grad=True)

    def tanh(tensor: Any) -> Remote:
        answer = learner.Tanh.apply(tensor)
        if isinstance(answer, Remote):
            return answer
        what = in_words(answer)
        kind = of_what_kind(answer, "Tensor", learner.looked_at())
        raise learner.mismatch(f"Expected a tensor, not {what}.", *kind)

    def assert_row(tensor: Any, right: list[float]) -> None:
        row = tensor if rows == 1 else tensor.flatten()
        _assert_row(learner, row.tolist(), right, f"{source_text(row)}.tolist()")

    y = formula(tanh, x)
    for time in range(1, times + 1):
        assert_row(y, [value(point) for point in points])
        y.sum().backward(**({} if time == times else {"retain_graph": True}))
        assert_row(x, list(points))
        grad = x.grad
        look = f"{source_text(x)}.grad"
        if not isinstance(grad, Remote):
            raise learner.mismatch("No gradient came back.", grad, "a tensor", look)
        assert_row(grad, [time * slope(point) for point in points])
    assert_row(y, [value(point) for point in points])


def _assert_row(learner: Learner, found: object, right: Sequence[float], look: str) -> None:
    if not isinstance(found, list) or len(found) != len(right):
        message = f"Expected {len(right)} numbers."
        raise learner.mismatch(message, str(found), str(list(right)), look)
    for index, wanted in enumerate(right):
        _assert_plain(learner, found[index], wanted, f"{look}[{index}]")
