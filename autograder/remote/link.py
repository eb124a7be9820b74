"""Sends questions about the learner's objects and records them as lines of Python.

Every object that a suite makes gets a short name, and every use of it becomes a line of Python. If
a number turns out wrong, those lines are the example that the learner can paste.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote, core_of, encoded, holds_remote, source_text
from autograder.remote.transcript import Transcript, words
from autograder.remote.wrong_answer import Mismatch
from autograder.report import Counterexample, shown
from autograder.worker import protocol

if TYPE_CHECKING:
    from autograder.operators import Operator
    from autograder.remote.objects import Core
    from autograder.remote.session import Session

IN_PLACE = ("iadd", "isub", "imul", "itruediv")
OF_THE_KIT = "from autograder.kit import "
_LONGEST_NAME = 500  # of an object, in an example


class Link:
    """Sends questions about remote objects, and records them.

    Args:
        session: answers the questions.

    Attributes:
        transcript: the record.
        points: the arguments of each call of a function that was sent with the last call.
        imports: by name, the line that imports it.
        sources: by name, the lines of ours that define it.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.transcript = Transcript(frozenset(session.names))
        self.points: tuple[tuple[Any, ...], ...] = ()
        # `+=` is a statement; iadd is the same as an expression
        self.imports = {"math": "import math"}
        self.imports |= {name: f"from operator import {name}" for name in IN_PLACE}
        self.imports |= {name: f"{OF_THE_KIT}{name}" for name in ("below", "calls", "names")}
        self.sources: dict[str, tuple[str, ...]] = {}

    def show(self, source: str, names: Sequence[str]) -> None:
        """Include this source of ours in examples that use one of the names it defines."""
        self.sources.update(dict.fromkeys(names, tuple(source.strip().splitlines())))
        origins = {word: self._session.origin(word) for word in words(source)}
        self.imports.update({word: line for word, line in origins.items() if line is not None})

    def mismatch(
        self,
        message: str,
        yours: object = None,
        expected: object = None,
        look: str | None = None,
        after: str = "",
    ) -> Mismatch:
        """A finding about what was last looked at (or `look`); see `Learner.mismatch`."""
        text = look or self.transcript.last
        lines = self._pasted(text, after)
        if lines[-1:] != (text,):
            lines = (*lines, text)
        if isinstance(yours, Remote):
            yours = repr(yours)
        found = Mismatch(message, Counterexample(lines, text, shown(yours), shown(expected)))
        found.all_lines = self.all_lines
        return found

    def _pasted(self, text: str, after: str = "") -> tuple[str, ...]:
        """The lines that lead to `text` and to the names in `after`, imports first."""
        lines = self.transcript.reaching(f"{text} {after}")
        if lines and lines[-1] in text:  # `text` repeats it
            lines = lines[:-1]
        return self._with_imports(lines, text)

    def all_lines(self, look: str) -> tuple[str, ...]:
        """Every line of the test, needed for `look` or not."""
        return self._with_imports(tuple(line.text for line in self.transcript.lines), look)

    def _with_imports(self, lines: tuple[str, ...], text: str) -> tuple[str, ...]:
        seen = {word for line in (*lines, text) for word in words(line)}
        sources = [line for name, given in self.sources.items() if name in seen for line in given]
        seen.update(word for line in sources for word in words(line))
        names = sorted(seen & set(self._session.names) - {*self.imports, *self.sources})
        own = [f"from {self._session.imported_as} import {', '.join(names)}"]
        others = [line for name, line in self.imports.items() if name in seen]
        return (
            *(own if names else ()),
            *others,
            *sources,
            *lines,
        )  # our own bug report shows the other names

    def ask(self, op: str, arguments: dict[str, Any], text: str) -> Any:
        try:
            return self._session.ask(op, arguments, text, self.wrap)
        except LearnerError as error:
            raise self.traced(error, text) from None

    def traced(self, error: LearnerError, text: str) -> LearnerError:
        """The same exception, with the lines that lead to `text`, which raised it."""
        error.example, error.look, error.all_lines = self._pasted(text), text, self.all_lines
        return error

    def wrap(self, handle: protocol.Handle) -> Remote:
        known = self.transcript.names.get(handle.number)
        return Remote(self, handle, known or "…")

    def read(self, op: str, arguments: dict[str, Any], text: str) -> Any:
        """Ask a question that creates no object; objects in the answer are named by `text`."""
        self.transcript.last = text
        return self._named(self.ask(op, arguments, text), text)

    def _named(self, value: Any, text: str) -> Any:
        if (
            len(text) > _LONGEST_NAME
        ):  # the learner's keys are in it, and each item would repeat them
            text = "…"
        if isinstance(value, Remote):
            core = core_of(value)
            return value if core.text != "…" else Remote(self, core.handle, text)
        if isinstance(value, dict):
            return {
                key: self._named(item, f"{text}[{source_text(key)}]") for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            kind = type(value)
            source = f"list({text})" if kind is protocol.Bag else text
            return kind(self._named(item, f"{source}[{i}]") for i, item in enumerate(value))
        return value

    def iterate(self, target: Core) -> list[Any]:
        """The items of an iteration; they are named as items of a list that keeps them."""
        text, uses = f"list({target.text})", frozenset({target.text})
        self.transcript.last = text
        items = self.ask("iterate", {"target": protocol.encode(target.handle)}, text)
        if type(items) is not list:
            raise self._session.tampered("no list of items")
        kept: list[Any] = self._kept(items, text, uses)
        return kept

    def _kept(self, answer: Any, text: str, uses: frozenset[str]) -> Any:
        """The answer of a line that must not run twice: its result gets a name of its own."""
        if not holds_remote(answer):
            self.transcript.effect(text, uses)
            return answer
        if isinstance(answer, protocol.Bag):
            items = self._kept(list(answer), f"list({text})", uses)
            return protocol.Bag(items)
        return self._named(answer, self.transcript.define(None, text, uses))

    def make(self, op: str, arguments: dict[str, Any], text: str, used: str) -> Any:
        """Ask a question that may create an object; record the line and name the object.

        `used` is source text: the line depends on the names of ours in it.
        """
        uses = self._named_in(used)
        self.transcript.last = text
        answer = self.ask(op, arguments, text)
        if op == "call":
            if type(answer) is not tuple or list(map(type, answer[1:])) != [list]:
                raise self._session.tampered("not that of a call")
            answer, points = answer
            self.points = tuple(tuple(point) for point in points if type(point) is list)
        if isinstance(answer, Remote):
            handle = core_of(answer).handle
            return Remote(self, handle, self.transcript.define(handle, text, uses))
        return self._kept(answer, text, uses)

    def _named_in(self, text: str) -> frozenset[str]:
        """The names from the transcript that occur in a text."""
        return frozenset(words(text)) & set(self.transcript.names.values())

    def read_each(self, targets: Sequence[Remote], name: str) -> list[Any]:
        """The same attribute of many objects, read in one message."""
        handles = [protocol.encode(core_of(target).handle) for target in targets]
        text = f"[p.{name} for p in {source_text(list(targets))}]"
        answers = self.ask("getattrs", {"targets": handles, "name": name}, text)
        if type(answers) is not list or len(answers) != len(targets):
            raise self._session.tampered("not one for each object")
        return [
            self._named(answer, f"{core_of(target).text}.{name}")
            for answer, target in zip(answers, targets, strict=True)
        ]

    def set_each(
        self,
        targets: Sequence[Remote],
        name: str,
        values: Sequence[object],
        lines: Sequence[str] = (),
    ) -> None:
        """Set the same attribute of many objects in one message; record `lines`."""
        cores = [core_of(target) for target in targets]
        arguments = {
            "targets": [protocol.encode(core.handle) for core in cores],
            "name": name,
            "values": [encoded(value) for value in values],
        }
        pairs = zip(cores, values, strict=True)
        lines = lines or [f"{core.text}.{name} = {source_text(value)}" for core, value in pairs]
        self.ask("setattrs", arguments, lines[-1] if lines else name)
        uses = self._named_in(" ".join(core.text for core in cores))
        for line in lines:
            self.transcript.effect(line, uses)

    def keep(self, value: list[object] | tuple[object, ...]) -> Any:
        """A list or tuple kept in the learner's process."""
        text = source_text(value)
        return self.make("keep", {"value": encoded(value)}, text, text)

    def apply(self, op: Operator, *operands: object) -> Any:
        """The result of an operator of the course."""
        return self.operate(op.name, op.written(*map(source_text, operands)), *operands)

    def operate(self, name: str, text: str, *operands: object) -> Any:
        """The result of one of Python's operators; raises a Mismatch if it is not an object."""
        arguments = {"name": name, "args": [encoded(operand) for operand in operands]}
        answer = self.make("operator", arguments, text, text)
        if not isinstance(answer, Remote):
            what = "None (is a `return` missing?)" if answer is None else repr(answer)
            raise self.mismatch(
                f"{text} should be a Value, yours is {what}.", answer, "a Value", text
            )
        return answer

    def set(self, target: Core, name: str, value: object) -> None:
        arguments = {
            "target": protocol.encode(target.handle),
            "name": name,
            "value": encoded(value),
        }
        text = f"{target.text}.{name} = {source_text(value)}"
        self.ask("setattr", arguments, text)
        self.transcript.effect(text, self._named_in(text))
