"""Turns answers into evidence: a form that is the same for all engines with the same mistake.

None, numbers, text, truth values and objects are different answers. An exception counts by its type
and the form of its message, which is the same in every Python that we support. What is missing (an
unwritten method, an undefined name) is no evidence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote, core_of
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.assertions.probing import Probe
    from autograder.remote.learner import Learner

UNKNOWN = "unknown"
"""The answer of a function that is not written yet: it neither supports nor rules out a mistake."""

ABSENT = "absent: "
"""The start of the answer if a method or function that the task asks for is missing."""

NO_NUMBER = re.compile(r"AttributeError: '(?:int|float)' object has no attribute '.*'")
"""The answer if an operator takes only Values, and no plain numbers: it does not contradict what
the operator does with Values."""

_DIGITS = 7
_FIELDS = frozenset({"data", "grad", "_prev", "_op", "_backward", "label", "Value", "w", "b"})
"""Names in a message that mean the same in every file."""
_KINDS = frozenset({
    *("NoneType", "bool", "int", "float", "complex", "str", "bytes", "list", "tuple", "set"),
    *("dict", "frozenset", "function", "builtin_function_or_method", "method", "generator"),
    *("type", "property", "range", "zip", "map", "reversed", "list_iterator", "enumerate"),
    *("Neuron", "Layer", "MLP", "Module", "Tensor", "ellipsis", "slice", "partial", "super"),
})  # fmt: skip
_SYMBOLS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "** or pow()": "pow",
}
_UNSUPPORTED = re.compile(
    r"unsupported operand type\(s\) for (?P<symbol>.+?)=?: '(?P<left>\w+)' and '(?P<right>\w+)'"
)
_NO_ATTRIBUTE = re.compile(r"'(?P<owner>\w+)' object has no attribute '(?P<name>\w+)'")
_NO_ARGUMENTS = re.compile(r"(?P<owner>\w+)\(\) takes no arguments")
_NOT_CALLABLE = re.compile(r"'(?P<owner>\w+)' object is not callable")
_NAMED = re.compile(r"\b(?:[a-z]|v\d+)\b")
"""The names that suites give the learner's objects."""
_RAISED = re.compile(r"\b(?:raise|assert)\b")

_VARIANTS = (
    (re.compile(r".*unhashable type: ('\w+').*"), r"unhashable type: \1"),
    (
        re.compile(r"math domain error|expected a (?:positive|nonnegative|number) .*"),
        "domain error",
    ),
    (
        re.compile(
            r".*(?:division|modulo) by zero|float modulo|.*(?:zero|0\.0).* negative power.*"
        ),
        "division by zero",
    ),
    (
        re.compile(r"math range error|\(\d+, '.*[Rr]esult .*'\)|.*[Rr]esult too large.*"),
        "range error",
    ),
    (re.compile(r".*too many values to unpack.*"), "too many values to unpack"),
    (re.compile(r".*iteration over a 0-d .*"), "iteration over a number"),
    (re.compile(r"(argument of type '\w+' is not )a container or (iterable)"), r"\1\2"),
    (re.compile(r".* is not in list|list\.index\(x\): x not in list", re.DOTALL), "not in list"),
    (re.compile(r"(max|min)\(\) (?:iterable )?arg.* empty.*"), r"\1() of nothing"),
    (re.compile(r"(.* has no attribute '\w+') and no __dict__ .*"), r"\1"),
)
"""Messages whose wording differs between Python versions."""


def take(learner: Learner, wanted: Mapping[str, Probe], asked: AbstractSet[str]) -> dict[str, str]:
    """Ask every probe.

    Args:
        learner: runs the learner's code.
        wanted: the probes by name.
        asked: the functions, classes and methods that the task asks for.

    Returns:
        The answers by probe; an exception of the learner's is an answer, too.

    Raises:
        LearnerFault: the process hung, ended or sent an invalid answer.
    """
    return {name: _answer(learner, probe, asked) for name, probe in wanted.items()}


def _answer(learner: Learner, probe: Probe, asked: AbstractSet[str]) -> str:
    try:
        return canonical(probe(learner))
    except LearnerError as error:
        if missing := absent(error, learner, asked):
            return ABSENT + missing
        form = form_of(error)
        if form != UNKNOWN and error.look == "backward":
            form += " (going backward)"
        return form
    except Mismatch as found:
        kind = type(found.counterexample.yours).__name__ if found.counterexample else ""
        return f"answers {kind}: {_without_numbers(_NAMED.sub('x', found.message))}"
    except AttributeError as error:  # a plain answer where an object was expected
        of = _NO_ATTRIBUTE.match(str(error))  # before 3.14, setting an attribute gives no `obj`
        return f"answers {of['owner'] if of else type(error.obj).__name__}"
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        return f"answers otherwise: {_without_numbers(in_any_python(str(error)))}"


def canonical(value: Any) -> str:
    """An answer as text, the same for all engines with the same mistake."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        number = float(value) if abs(value) < 1e300 else math.inf
        return f"{0.0 if abs(number) < 1e-9 else number:.{_DIGITS}g}"
    if isinstance(value, Remote):
        kind = core_of(value).handle.type_name
        return kind if kind in _KINDS or kind in _FIELDS else "an object"
    if isinstance(value, str):
        return value if value == UNKNOWN else repr(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {canonical(item)}" for name, item in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(canonical(item) for item in value)}]"
    return str(value)


def form_of(error: LearnerError) -> str:
    """An exception of the learner's without names and numbers; UNKNOWN if it says nothing.

    The text of their own `raise` or `assert` is left out.
    """
    kind = error.type_name
    if kind in ("NotImplementedError", "NameError", "ModuleNotFoundError", "ImportError"):
        return UNKNOWN
    if kind == "NotAValue":
        return f"answers {error.message}"
    if kind in ("RecursionError", "KeyError", "AssertionError"):
        return kind
    if error.lines and _RAISED.search(error.lines[-1][2]):
        return f"{kind}, their own"
    return f"{kind}: {form_of_message(error.message)}"


def in_any_python(message: str) -> str:
    """An exception's message in the same words for all Python versions."""
    for pattern, instead in _VARIANTS:
        if pattern.fullmatch(message):
            return pattern.sub(instead, message)
    return message


def form_of_message(message: str) -> str:
    """An exception's message without what differs between files or Python versions."""
    message = in_any_python(message)
    message = re.sub(r"[\w.<>]+\(\)", "…()", message)
    message = re.sub(r"'([^']*)'", _kept, message)
    return _without_numbers(message)


def _kept(match: re.Match[str]) -> str:
    word = match[1]
    return f"'{word}'" if word in _KINDS or word in _FIELDS or not word.isidentifier() else "'…'"


def _without_numbers(text: str) -> str:
    return re.sub(r"-?\b\d+(?:\.\d+)?(?:e[-+]?\d+)?\b", "N", text)


def absent(error: LearnerError, learner: Learner, asked: AbstractSet[str]) -> str | None:
    """The missing function, class or method because of which the learner's code raised, if any.

    Args:
        error: what was raised.
        learner: runs the learner's code.
        asked: the functions, classes and methods that the task asks for.
    """
    if error.type_name == "NameError":
        match = re.search(r"define `(\w+)`|name '(\w+)'", error.message)
        name = (match[1] or match[2]) if match else ""
        return name if name in asked else None
    if error.type_name == "AttributeError":
        match = _NO_ATTRIBUTE.match(error.message)
        return match["name"] if match and match["name"] in asked else None
    if error.type_name != "TypeError":
        return None
    for pattern, method in ((_NO_ARGUMENTS, "__init__"), (_NOT_CALLABLE, "__call__")):
        match = pattern.match(error.message)
        if match and match["owner"] in asked and method in asked:
            return method if learner.lacks(match["owner"], method) else None
    return _absent_operator(error.message, learner)


def _absent_operator(message: str, learner: Learner) -> str | None:
    """The missing method because of which Python does not support an operator, if any."""
    if message.startswith("bad operand type for unary -: 'Value'"):
        return "__neg__" if learner.lacks("Value", "__neg__") else None
    match = _UNSUPPORTED.match(message)
    if match is None or match["symbol"] not in _SYMBOLS:
        return None
    name = _SYMBOLS[match["symbol"]]
    for side, prefix in ((match["left"], ""), (match["right"], "r")):
        if side == "Value" and learner.lacks("Value", f"__{prefix}{name}__"):
            return f"__{prefix}{name}__"
    return None
