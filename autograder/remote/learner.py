"""The learner's module as a suite sees it: a test's argument `learner`.

Over 400 lines: everything that a suite may ask is in this one class, where authors look it up.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from autograder.expressions.right import prepare
from autograder.kit.walk import Walk
from autograder.remote.answers import BackwardCalls, Evaluation, RemoteGraph, evaluation, recording
from autograder.remote.errors import LearnerError, LearnerFault
from autograder.remote.functions import steps_of
from autograder.remote.link import OF_THE_KIT, Link
from autograder.remote.objects import Member, Remote, core_of
from autograder.worker import protocol

if TYPE_CHECKING:
    from autograder.expressions.expression import Expression
    from autograder.remote.session import Session
    from autograder.remote.wrong_answer import Mismatch


_MOST_PRINTED = 2_000  # characters of what an example prints


class Learner:
    """The learner's module in a test: `learner.Value(2.0)` makes an object in their process.

    Args:
        session: runs the learner's code.
    """

    def __init__(self, session: Session) -> None:
        self.__session = session
        self.__link = Link(session)
        self.__replaced: set[str] = set()

    def __getattr__(self, name: str) -> Member:
        if name.startswith("__"):
            raise AttributeError(name)
        origin = self.__session.origin(name)
        if origin is not None:
            self.__link.imports[name] = origin
        elif name not in self.__session.names and name not in self.__replaced:
            file = self.__session.source.name
            near = difflib.get_close_matches(name, self.__session.names, n=1)
            hint = f" It has `{near[0]}`: is that a typo?" if near else ""
            raise LearnerError("NameError", f"{file} does not define `{name}`.{hint}")
        return Member(self.__link, name)

    def held(self, name: str) -> Remote:
        """The object of that name in the learner's module.

        Raises:
            LearnerFault: there is none, or the process ended.
        """
        getattr(self, name)  # reports a missing name
        target = protocol.encode(protocol.Name(name))
        answer = self.__link.ask("keep", {"value": target}, name)
        if not isinstance(answer, Remote):
            raise self.__session.tampered("no object")
        return answer

    def keep(self, value: list[Any] | tuple[Any, ...]) -> Remote:
        """A list or tuple kept in the learner's process, to check whether their code changes it.

        Args:
            value: its items are plain data or objects of the learner's.
        """
        kept: Remote = self.__link.keep(value)
        return kept

    def read_each(self, objects: Sequence[Remote], name: str) -> list[Any]:
        """The same attribute of many objects, in one message.

        Args:
            objects: the learner's.
            name: the attribute.

        Returns:
            Its value for each object, in order.
        """
        return self.__link.read_each(objects, name)

    def set_each(
        self,
        objects: Sequence[Remote],
        name: str,
        values: Sequence[object],
        lines: Sequence[str] = (),
    ) -> None:
        """Set the same attribute of many objects, in one message.

        Args:
            objects: the learner's.
            name: the attribute.
            values: one for each object.
            lines: Python that does the same, for examples; by default a line for each object.
        """
        self.__link.set_each(objects, name, values, lines)

    def replace(self, source: str, *places: str, shown: bool = False) -> None:
        """Replace names of the learner's module with definitions of ours until this test ends.

        This judges a function on its own, even if the functions that it calls are wrong.

        Args:
            source: Python that defines each name; it sees the names of the learner's module.
            places: the names; `Value.log` is the attribute `log` of the module's Value.
            shown: whether examples include the source.
        """
        arguments = {"source": source, "places": places}
        self.__link.ask("replace", arguments, f"replacing {', '.join(places)}")
        self.__replaced.update(places)
        if shown:
            self.__link.show(source, places)

    def module_name(self) -> str:
        """The name under which the lines of an example import the learner's file."""
        return self.__session.imported_as

    def defines(self, name: str) -> bool:
        """Whether the learner's file defines that name."""
        return name in self.__session.names

    def evaluate(
        self,
        expression: Expression,
        *,
        backward: str | None = None,
        upstream: float = 1.0,
        every_gradient: bool = False,
        spread: int = 0,
    ) -> Evaluation:
        """Compute an expression with the learner's engine, in one message.

        Args:
            expression: what to compute.
            backward: None for the forward pass only; "closures" to call each `_backward` by hand,
                results before operands, with `upstream` as the root's gradient; "backward" to call
                the root's `backward()`.
            upstream: the root's gradient for "closures".
            every_gradient: whether to read all gradients, not only the inputs'.
            spread: how many unused objects to create between nodes; it changes the order of sets.

        Raises:
            LearnerFault: the process ended, hung or sent an invalid answer. What the code raised
                is in the result.
        """
        question = _question(expression, backward, every_gradient=every_gradient, spread=spread)
        text = expression.quoted
        question = {**question, "upstream": upstream}
        answer = self.__asked("evaluate", question, [expression], text, backward)
        return self.__evaluation(answer, expression, backward, every_gradient=every_gradient)

    def evaluate_each(
        self, expression: Expression, upstreams: Sequence[float], *, backward: str | None
    ) -> list[Evaluation]:
        """The same expression, computed anew for each upstream gradient, in one message.

        Each time, more unused objects are created between nodes, which changes the order of sets.

        Args:
            expression: as for `evaluate`.
            upstreams: the root's gradient each time.
            backward: as for `evaluate`.

        Raises:
            LearnerFault: as for `evaluate`.
        """
        question = {**_question(expression, backward), "upstreams": upstreams}
        answers = self.__asked("evaluate_each", question, [expression], expression.quoted, backward)
        return self.__evaluations(answers, expression, upstreams, backward)

    def evaluate_all(
        self,
        pairs: Sequence[tuple[Expression, Sequence[float]]],
        *,
        backward: str | None,
    ) -> list[list[Evaluation]]:
        """Several expressions, each as by `evaluate_each`, all in one message.

        Args:
            pairs: at least one expression, each with the root's gradient for every time.
            backward: as for `evaluate`.

        Returns:
            For each expression, its evaluation for each upstream gradient.

        Raises:
            LearnerFault: as for `evaluate`.
        """
        questions = [{**_question(e, backward), "upstreams": each} for e, each in pairs]
        expressions = [expression for expression, _ in pairs]
        more = f" and {len(pairs) - 1} more expressions" if len(pairs) > 1 else ""
        text = f"`{expressions[0].text}`{more}"
        answers = self.__asked(
            "evaluate_all", {"questions": questions}, expressions, text, backward
        )
        if type(answers) is not list or len(answers) != len(pairs):
            raise self.__session.tampered("not one for each question")
        return [
            self.__evaluations(answer, expression, upstreams, backward)
            for answer, (expression, upstreams) in zip(answers, pairs, strict=True)
        ]

    def evaluate_again(
        self,
        pairs: Sequence[tuple[Expression, Sequence[float]]],
        *,
        backward: str | None,
        upstream: float = 1.0,
        spread: int = 0,
    ) -> list[tuple[Evaluation, Evaluation]]:
        """Expressions recomputed with new numbers, all in one message.

        Args:
            pairs: each expression with new numbers for its inputs, in order.
            backward: as for `evaluate`.
            upstream: as for `evaluate`.
            spread: as for `evaluate`.

        Returns:
            For each expression, the results with new inputs that hold these numbers, and with
            inputs that were computed with before and then set to these numbers.

        Raises:
            LearnerFault: as for `evaluate`.
        """
        questions = [
            {**_question(e, backward, spread=spread), "numbers": numbers, "upstream": upstream}
            for e, numbers in pairs
        ]
        text = f"{pairs[0][0].quoted} and others"
        answers = self.__asked("evaluate_again", {"questions": questions}, [], text, backward)
        if type(answers) is not list or len(answers) != len(pairs):
            raise self.__session.tampered("not one for each question")
        found = []
        for each, (expression, _) in zip(answers, pairs, strict=True):
            fresh, again = self.__evaluations(each, expression, (upstream,) * 2, backward)
            found.append((fresh, again))
        return found

    def evaluations(
        self, expression: Expression, function: str, *, backward: str | None
    ) -> tuple[int, int]:
        """How often an expression's backward pass calls a function of math, and of cmath.

        Args:
            expression: as for `evaluate`.
            function: its name, such as "exp".
            backward: as for `evaluate`.

        Returns:
            The number of calls of `math.exp` (say) and of `cmath.exp`.

        Raises:
            LearnerFault: what the code raised, or as for `evaluate`.
        """
        question = {**_question(expression, backward), "function": function}
        answer = self.__asked("evaluations", question, [], expression.quoted, backward)
        if type(answer) is not list or list(map(type, answer)) != [int, int]:
            raise self.__session.tampered("no pair of counts")
        return answer[0], answer[1]

    def __asked(
        self,
        op: str,
        question: dict[str, Any],
        expressions: Sequence[Expression],
        text: str,
        backward: str | None,
    ) -> Any:
        """Send a question about expressions; returns the raw answer."""
        self.__getattr__("Value")  # reports a missing name
        what = f"{text}, run backward," if backward else text
        return self.__session.ask(op, question, what, meanwhile=partial(prepare, expressions))

    def __evaluations(
        self, answers: Any, expression: Expression, upstreams: Sequence[float], backward: str | None
    ) -> list[Evaluation]:
        if type(answers) is not list or len(answers) != len(upstreams):
            raise self.__session.tampered("not one for each question")
        return [self.__evaluation(answer, expression, backward) for answer in answers]

    def __evaluation(self, answer: Any, *asked: Any, **more: Any) -> Evaluation:
        return evaluation(self.__session, self.__link.wrap, answer, *asked, **more)

    def graph(self, root: Remote) -> RemoteGraph:
        """The graph reachable from an object of the learner's, in one message."""
        return self.__recording("graph", root, f"{core_of(root).text}._prev")

    def make(self, expression: Expression, *, spread: int = 0) -> dict[str, Any]:
        """Build an expression from the learner's Values, in one message; its nodes by name.

        Args:
            expression: what to build.
            spread: as for `evaluate`.

        Raises:
            LearnerFault: as for `evaluate`, and what the code raised.
        """
        question = _question(expression, None, spread=spread)
        arguments = {name: question[name] for name in ("inputs", "steps", "spread")}
        answer = self.__asked("make", arguments, [], expression.quoted, None)
        try:
            nodes = protocol.decode(answer, self.__link.wrap)
        except protocol.ProtocolError as fault:
            raise self.__session.tampered(f"unreadable ({type(fault).__name__})") from None
        if type(nodes) is not list or len(nodes) != len(expression.names):
            raise self.__session.tampered("not one for each name")
        return dict(zip(expression.names, nodes, strict=True))

    def record_backward(
        self,
        root: Remote,
        known: Mapping[Remote, Sequence[Remote]] | None = None,
        *,
        seed: float | None = None,
        order: Sequence[Remote] | None = None,
    ) -> BackwardCalls:
        """Call root.backward() and record on which nodes `_backward` was called, in order.

        Args:
            root: an object of the learner's.
            known: nodes of its graph with their operands, whatever `_prev` says.
            seed: the root's gradient before the call; by default it is left as it is.
            order: what topological_order returns meanwhile; by default the learner's is called.

        Raises:
            LearnerFault: their code raised, or the process ended.
        """
        core = core_of(root)
        text = f"{core.text}.backward()"
        below = [
            (_handle(node), [_handle(operand) for operand in operands])
            for node, operands in (known or {}).items()
        ]
        given = None if order is None else [_handle(node) for node in order]
        more = {"known": below, "seed": seed, "order": given}
        made = self.__recording("record_backward", root, text, **more)
        self.__link.transcript.effect(text, frozenset({core.text}))
        return made

    def __recording(self, op: str, root: Remote, text: str, **more: Any) -> BackwardCalls:
        """Send a question about the nodes reachable from root."""
        arguments = {"root": _handle(root), **more}
        try:
            answer = self.__session.ask(op, arguments, text, factor=2)
        except LearnerError as error:
            raise self.__link.traced(error, text) from None
        return recording(self.__session, self.__link.wrap, answer, called=op != "graph")

    def named_anew(self) -> Learner:
        """The same module with an empty transcript: examples begin here."""
        other = Learner(self.__session)
        other.__replaced = self.__replaced
        return other

    def afresh(self) -> Learner:
        """The same file in a worker that was reset, with an empty transcript."""
        self.__session.begin_anew()
        return Learner(self.__session)

    def walk(self, root: Remote, most: int) -> Walk:
        """The backward pass from one of the learner's objects, step by step; restores gradients.

        It calls `backward` or, if there is none, the closures by hand, results first. The learner's
        own process reports it: show it, but never judge by it.

        Args:
            root: where it begins.
            most: how many nodes to include, those nearest to the root.

        Raises:
            LearnerFault: their code raised, or the process ended.
        """
        core = core_of(root)
        arguments = {"root": protocol.encode(core.handle), "most": most}
        return self.__walk("walk", arguments, f"{core.text}.backward()")

    def walk_expression(
        self, expression: Expression, *, backward: str, upstream: float, most: int
    ) -> Walk:
        """The same for an expression built from the learner's Values.

        Args:
            expression: as for `evaluate`.
            backward: as for `evaluate`, but not None.
            upstream: as for `evaluate`.
            most: as for `walk`.

        Raises:
            LearnerFault: their code raised, or the process ended.
        """
        question = {"inputs": expression.inputs, "steps": steps_of(expression)}
        arguments = {**question, "backward": backward, "upstream": upstream, "most": most}
        return self.__walk("walk_expression", arguments, f"{expression.quoted}, run backward,")

    def __walk(self, op: str, arguments: dict[str, Any], text: str) -> Walk:
        recorded = self.__session.ask(op, arguments, text, factor=2)
        try:
            walk = Walk.of(recorded)
            most = arguments["most"]
            if len(walk.nodes) > most or any(len(n.operands) > 2 * most for n in walk.nodes):
                raise ValueError("a walk to more than was asked for")
        except ValueError as fault:
            raise self.__session.tampered(str(fault)) from None
        same = protocol.without_addresses
        nodes = [replace(node, name=same(node.name), op=same(node.op)) for node in walk.nodes]
        return replace(walk, nodes=tuple(nodes))

    def is_instance(self, value: object, name: str) -> bool:
        """Whether the value is an instance of the learner's class of that name."""
        if not isinstance(value, Remote):
            return False
        arguments = {
            "target": protocol.encode(core_of(value).handle),
            "kind": protocol.encode(protocol.Name(name)),
        }
        return self.__link.ask("isinstance", arguments, f"isinstance(…, {name})") is True

    def repr_of(self, value: Remote) -> str:
        """The object's `repr`; unlike `repr(value)` here, it raises what the learner's code raises.

        Raises:
            LearnerFault: their code raised, or `__repr__` returned something other than text.
        """
        core = core_of(value)
        arguments = {"target": protocol.encode(core.handle)}
        text = self.__link.read("repr", arguments, f"repr({core.text})")
        if type(text) is not str:
            raise self.__session.tampered("no text")
        return protocol.without_addresses(text)

    def has_length(self, value: Remote) -> bool:
        """Whether `len` works on an object of the learner's."""
        arguments = {"target": protocol.encode(core_of(value).handle), "name": "__len__"}
        return self.__link.ask("hasattr", arguments, "len(…)") is True

    def lacks(self, kind: str, method: str) -> bool:
        """Whether the learner's class `kind` exists but has no such method."""
        if kind not in self.__session.names and self.__session.origin(kind) is None:
            return False
        arguments = {"target": protocol.encode(protocol.Name(kind)), "name": method}
        return self.__link.ask("hasattr", arguments, f"hasattr({kind}, …)") is False

    def run_example(self, lines: Sequence[str], look: str, order: int = 0) -> tuple[object, bool]:
        """Run the lines of an example in a new module made from the learner's file.

        Objects made before are lost.

        Args:
            lines: as they are shown; imports of the module itself are skipped.
            look: the Python expression to evaluate after them.
            order: see `Session.begin_test`.

        Returns:
            Its value if it is a number, else its text as `print` shows it; and whether the order
            of a set played a part.

        Raises:
            LearnerFault: the lines raised, or the process ended.
        """
        self.__session.begin_test(order)
        ours = (f"from {self.module_name()} import ", OF_THE_KIT)  # these names exist already
        text = "\n".join(line for line in lines if not line.startswith(ours))
        arguments = {"lines": text, "look": look}
        parts = self.__session.ask("example", arguments, f"`{look}`", self.__link.wrap)
        if type(parts) is not tuple or [type(each) for each in parts[1:]] != [str, bool]:
            raise self.__session.tampered("not that of an example")
        number, printed, met = parts
        plain = (
            number
            if type(number) in (int, float)
            else protocol.without_addresses(printed[:_MOST_PRINTED])
        )
        return plain, met

    def all_lines(self, look: str) -> tuple[str, ...]:
        """All that this test did before `look`, as lines of Python, imports first."""
        return self.__link.all_lines(look)

    def try_on_engines(self, name: str, sources: Sequence[str]) -> list[LearnerFault | None]:
        """Call a test that the learner wrote with one engine after another.

        Args:
            name: the learner's function; it takes the class Value.
            sources: modules that define Value; each is tried in a worker of its own.

        Returns:
            For each engine, None if the test passed, else what stopped it; a failed assertion is
            a LearnerError of type AssertionError.
        """
        getattr(self, name)  # reports a missing name
        target = protocol.encode(protocol.Name(name))
        each = [
            {
                "target": target,
                "args": [protocol.encode(protocol.EngineSource(source))],
                "kwargs": [],
            }
            for source in sources
        ]
        answers = self.__session.in_fresh_workers("call", each, f"{name}(Value)")
        return [answer if isinstance(answer, LearnerFault) else None for answer in answers]

    def remark(self, text: str) -> None:
        """Add a remark to the report, once: nothing is wrong, but it is worth knowing."""
        if text not in self.__session.remarks:
            self.__session.remarks.append(text)

    def looked_at(self) -> str:
        """The last question, as Python."""
        return self.__link.transcript.last

    def points(self) -> tuple[tuple[Any, ...], ...]:
        """The arguments of each call of the functions that were passed with the last call."""
        return self.__link.points

    def mismatch(
        self,
        message: str,
        yours: object = None,
        expected: object = None,
        look: str | None = None,
        after: str = "",
    ) -> Mismatch:
        """A finding about what was last looked at (or `look`), with the lines that lead there.

        Args:
            message: one or two sentences for the learner.
            yours: what was found.
            expected: what is right.
            look: the Python that shows it, after the lines.
            after: the name of a result whose lines are shown as well because they changed it.
        """
        return self.__link.mismatch(message, yours, expected, look, after)


def _question(
    expression: Expression, backward: str | None, *, every_gradient: bool = False, spread: int = 0
) -> dict[str, Any]:
    return {
        "inputs": expression.inputs,
        "steps": steps_of(expression),
        "backward": backward,
        "every_gradient": every_gradient,
        "spread": spread,
    }


def _handle(node: Remote) -> object:
    return protocol.encode(core_of(node).handle)
