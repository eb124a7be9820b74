"""A recorded walk as steps in sentences: numbers forward, gradients backward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.kit.player import Frame, cell
from autograder.kit.svg import element, escaped
from autograder.kit.walk import Shown, Value, Walk, WalkStep, Write, Wrong
from autograder.recorder import operands_first

COLUMNS = ("to", "slope × what came in", "its gradient")
_MOST_STEPS = 200
_LONGEST = 14
"""The most characters of a formula that serves as a name."""
_INFIX = frozenset({"+", "-", "*", "/", "**"})


def short(number: Shown) -> str:
    """A number as written in a sentence, with five significant digits."""
    if isinstance(number, (int, float)):
        return f"{number:.5g}"
    return "nothing" if number is None else number


def boxed(number: Shown) -> str:
    """A number as written in a box, at most 12 characters long."""
    if not isinstance(number, (int, float)):
        return "–" if number is None else number[:12]
    text = f"{number:.4f}"
    return text if len(text) <= 10 else f"{number:.3e}"


@dataclass
class Film:
    """The steps of the figure, and what its picture needs for each.

    Attributes:
        walk: what was recorded.
        wrong: where it first goes wrong, if known.
        frames: the figure's steps, forward ones first.
        names: each node's name, by its position.
        computed: the frame in which each node's number appears, by the node's position.
        backward: the recorded step that each frame shows, by the frame's position.
        wrong_frame: the frame in which it goes wrong.
    """

    walk: Walk
    wrong: Wrong | None
    frames: list[Frame] = field(default_factory=list)
    computed: dict[int, int] = field(default_factory=dict)
    backward: dict[int, WalkStep] = field(default_factory=dict)
    wrong_frame: int | None = None

    def __post_init__(self) -> None:
        self.names = _names(self.walk.nodes)
        self._forward()
        for number, step in enumerate(self.walk.steps[:_MOST_STEPS]):
            self._back(number, step)
        if self.wrong is not None and self.wrong.step == len(self.walk.steps):
            self.wrong_frame = len(self.frames)
            self.frames.append(Frame("The end.", (self._due(self.wrong),), wrong=True))

    @property
    def notes(self) -> list[str]:
        """Sentences on what the picture does not show."""
        walk, said = self.walk, []
        if walk.left_out:
            more = "value is" if walk.left_out == 1 else "values are"
            said.append(
                f"These are the {len(walk.nodes)} values nearest to {self.names[0]}; "
                f"{walk.left_out} more {more} left out."
            )
        if len(walk.steps) > _MOST_STEPS:
            said.append(f"These are the first {_MOST_STEPS} of {len(walk.steps)} steps.")
        hows = {step.how for step in walk.steps if step.node is not None}
        if "read" in hows:
            said.append(
                "These values have no _backward to watch. The sender shown is the "
                "value whose gradient was read last."
            )
        if any(w.kept is None for step in walk.steps for w in step.writes):
            said.append("Some gradients were not set through .grad. They were found afterwards.")
        if any(w.overwrites for step in walk.steps for w in step.writes):
            said.append("A number that is struck through was overwritten and is lost.")
        return said

    # --- forward ------------------------------------------------------------------------------

    def _forward(self) -> None:
        nodes = self.walk.nodes
        inputs = [n for n, node in enumerate(nodes) if not node.operands and not node.left_out]
        self.computed = dict.fromkeys(inputs, 0)
        told = ", ".join(self._equals(number) for number in reversed(inputs))
        few = told if len(inputs) <= 6 else f"{len(inputs)} numbers"
        self.frames.append(Frame(f"Forward. Inputs: {few}."))
        for number in operands_first([node.operands for node in nodes]):
            if number not in self.computed:
                self.computed[number] = len(self.frames)
                formula = _formula(nodes[number], self.names)
                is_named = formula != self.names[number]
                made = f"{self.names[number]} = {formula}" if is_named else formula
                self.frames.append(Frame(f"Forward. {made} = {short(nodes[number].data)}"))

    def _equals(self, number: int) -> str:
        name, data = self.names[number], short(self.walk.nodes[number].data)
        return data if name == data else f"{name} = {data}"

    # --- backward -----------------------------------------------------------------------------

    def _back(self, number: int, step: WalkStep) -> None:
        self.backward[len(self.frames)] = step
        wrong = self.wrong if self.wrong is not None and self.wrong.step == number else None
        rows = [
            self._row(step, write, wrong if wrong and wrong.write == place else None)
            for place, write in enumerate(step.writes)
        ]
        if wrong is not None:
            self.wrong_frame = len(self.frames)
            rows.append(self._due(wrong))
        self.frames.append(Frame(self._says(step), tuple(rows), wrong is not None))

    def _says(self, step: WalkStep) -> str:
        if step.node is None:
            started = all(write.node == 0 for write in step.writes)
            if step.how == "after":
                return "Found at the end; the write itself was not seen."
            return "Backward. Start at the root." if started else "Outside any closure."
        if step.node >= len(self.names):
            return "The closure of a value not shown here runs."
        name = self.names[step.node]
        runs = f"The closure of {name} runs." if step.how == "called" else f"{name} sends back."
        rest = "" if step.writes else " It sets nothing."
        if not step.writes and self.walk.nodes[step.node].left_out:
            rest = " The values it sends to are not shown."
        return f"Backward. {runs} Incoming gradient: {short(step.incoming)}.{rest}"

    def _row(self, step: WalkStep, write: Write, wrong: Wrong | None) -> tuple[str, ...]:
        to = self._head(write.node)
        slope, share = step.slope(write), write.share
        sent = "" if share is None or step.node is None else short(share)
        if slope is not None:
            sent = f"slope {short(slope)} × {short(step.incoming)} = {short(share)}"
        before, after = short(write.before), short(write.after)
        if write.overwrites:
            total = f"<s>{escaped(before)}</s> {escaped(after)}, overwritten"
        elif write.kept and write.before and share is not None:
            total = escaped(f"{before} + {short(share)} = {after}".replace("+ -", "- "))
        elif write.kept is None and write.before:
            total = escaped(f"{before}, then {after}")
        else:
            total = escaped(after)
        if wrong is not None:
            total = element("span", f"✗ {total}", class_="amiss")
        return to, cell(escaped(sent)), cell(total)

    def _head(self, number: int) -> str:
        """The first cell of a row: the gradient that it is about."""
        name = self.names[number]
        whose = name if name.isidentifier() else f"({name})"
        return cell(escaped(f"{whose}.grad"), head=True)

    def _due(self, wrong: Wrong) -> tuple[str, ...]:
        to = self._head(wrong.node)
        right = element("span", f"right: {short(wrong.right)}", class_="due")
        return to, cell(element("span", escaped(wrong.says), class_="amiss")), cell(right)


def _names(nodes: Sequence[Value]) -> list[str]:
    """Each node's name in sentences: its own, its formula, or its operator and a number."""
    names = [node.name for node in nodes]
    unnamed: Counter[str] = Counter()
    for number in operands_first([node.operands for node in nodes]):
        node = nodes[number]
        if not names[number]:
            names[number] = _formula(node, names)
            if len(names[number]) > _LONGEST:
                unnamed[node.op] += 1
                names[number] = f"the {node.op or 'value'} no. {unnamed[node.op]}"
    return names


def _formula(node: Value, names: Sequence[str]) -> str:
    """How a node was made, as far as its `_op` and operands show."""
    if not node.operands and not node.left_out:
        return short(node.data)
    bare = [names[operand] for operand in node.operands]
    own = [f"({name})" if " " in name else name for name in bare]
    op = node.op or "?"
    if op in _INFIX and len(own) == 2 and not node.left_out:
        return f" {op} ".join(own)
    if op in {"+", "*"} and len(own) == 1 and not node.left_out:  # a set holds it once
        return f"{own[0]} {op} {own[0]}"
    if op.startswith("**") and len(own) == 1:
        return f"{own[0]}{op}"
    return f"{op}({', '.join([*bare, *['…'] * bool(node.left_out)])})"
