"""A report on the terminal: one screen, one failure shown well, the one thing to do next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import click

from autograder.feedback import wording
from autograder.feedback.style import SIGNS, Style, bar
from autograder.feedback.wording import Part, State, points

if TYPE_CHECKING:
    import textwrap
from collections.abc import Sequence

    from autograder.course import Assignment
    from autograder.report import Prediction, Report, Shown, TestReport

SPARE = 2
"""Lines of the screen that are not ours: the command itself, and the next prompt."""


_FOLDED = 3
"""Lines that an answer may take."""


@dataclass(frozen=True)
class _Detail:
    """How much is said. The first that fits the screen is taken.

    Attributes:
        merge: 0 a line a part; 1 neighbours alike on one line; 2 all alike on one line, tests
            listed for the part in view alone; 3 without tests.
        example: lines of the example, at most.
        message: lines of the message, at most.
        printed: lines of output, at most.
        guesses: whether each guess is answered in full.

    """

    merge: int
    example: int
    message: int
    printed: int
    guesses: bool


_DETAILS = (
    _Detail(0, 16, 20, 6, guesses=True),
    _Detail(1, 16, 20, 6, guesses=True),
    _Detail(1, 16, 20, 4, guesses=False),
    _Detail(2, 16, 12, 2, guesses=False),
    _Detail(3, 16, 8, 1, guesses=False),
    _Detail(3, 8, 6, 1, guesses=False),
    _Detail(3, 6, 3, 1, guesses=False),
)


def render(
    report: Report,
    assignment: Assignment,
    *,
    verbose: bool = False,
    focus: TestReport | None = None,
    style: Style | None = None,
) -> str:
    """The report as text, coloured; `click.echo` takes the colours out where they don't belong.

    Args:
        report: the verdict.
        assignment: what was asked.
        verbose: list every test and what each printed, however long that gets.
        focus: the failure that is shown; by default the first one.
        style: the terminal; by default the one at hand.

    """
    style = style or Style.here()
    head = [f"{click.style(f'{assignment.name}  {assignment.title}', bold=True)}  "]
    head[0] += style.readable(report.submission.name)
    if report.status != "graded":
        return "\n".join([*head, "", *_no_verdict(report, style)])
    focus = focus or next(iter(wording.failures(report)), None)
    if verbose:
        return "\n".join([*head, *_verbose(report, assignment, focus, style)])
    lines = head
    for detail in _DETAILS:
        lines = head + _body(report, assignment, focus, style, detail)
        if _rows(lines, style) <= style.height - SPARE:
            break
    return "\n".join(lines)


def _rows(lines: Sequence[str], style: Style) -> int:
    """How many rows of the screen they take: a long line to paste stays whole and takes several."""
    return sum(max(1, -(-len(click.unstyle(line)) // style.width)) for line in lines)


def _no_verdict(report: Report, style: Style) -> list[str]:
    reason = list(style.wrap(style.readable(report.reason or ""), ""))
    if report.status == "ungradable":
        return [click.style("This cannot be graded yet.", fg="red", bold=True), *reason]
    return [
        click.style("The grader made a mistake; this is not your fault.", fg="red"),
        *reason,
        "There is no score. Please report it with the lines above.",
    ]


def _body(
    report: Report,
    assignment: Assignment,
    focus: TestReport | None,
    style: Style,
    detail: _Detail,
) -> list[str]:
    lines = [*_listing(report, focus, style, detail.merge), ""]
    if focus is not None:
        lines += [*failure(report, focus, style, detail), ""]
    lines += _guesses(report.predictions, style, in_full=detail.guesses)
    return lines + _end(report, assignment, focus, style)


def _verbose(
    report: Report, assignment: Assignment, focus: TestReport | None, style: Style
) -> list[str]:
    lines = [*listing(report, style), ""]
    for test in wording.failures(report):
        lines += [*failure(report, test, style, _DETAILS[0], alone=False), ""]
    for test in report.tests:
        if test.status == "passed" and test.output.strip():
            lines += [style.readable(test.title), *_printed(test, style, 6), ""]
    lines += _guesses(report.predictions, style, in_full=True)
    return lines + _end(report, assignment, focus, style)


def listing(report: Report, style: Style) -> list[str]:
    """Every test with its points, part by part."""
    lines = []
    for part in wording.parts(report):
        lines += [_part_line(part, style), *(_test_line(test, style) for test in part.tests)]
    return lines


def _listing(report: Report, focus: TestReport | None, style: Style, merge: int) -> list[str]:
    lines = []
    for part in _merged(wording.parts(report), merge, focus):
        lines.append(_part_line(part, style))
        if part.state == "wrong" and merge < 3 and (merge < 2 or focus in part.tests):
            lines += [_test_line(test, style) for test in part.tests]
    return lines


def _merged(parts: Sequence[Part], merge: int, focus: TestReport | None) -> list[Part]:
    """The parts, those that are alike taken together."""
    if merge == 0:
        return list(parts)
    if merge == 1:
        found = []
        for state, group in groupby(parts, key=lambda part: part.state):
            alike = list(group)
            found += alike if state == "wrong" else [wording.merged(alike)]
        return found
    groups: dict[tuple[State, bool], list[Part]] = {}
    for part in parts:
        groups.setdefault((part.state, merge < 3 and focus in part.tests), []).append(part)
    return [wording.merged(group) for group in groups.values()]


def _part_line(part: Part, style: Style) -> str:
    note = part.state if part.state in ("not yet", "waits", "not run") else ""
    score = _score(part.score, part.max_score, part.state)
    return _line(part.title, part.state, note, score, style=style)


def _test_line(test: TestReport, style: Style) -> str:
    state = wording.state(test)
    note = "" if test.status in ("passed", "failed") else wording.STATUS_WORDS[test.status]
    score = _score(test.score, test.max_score, state)
    return _line(test.title, state, note, score, style=style, indent=6)


def _score(score: float, most: float, state: State) -> str:
    return "-" if state == "not run" else f"{points(score)}/{points(most)}"


def _line(title: str, state: State, note: str, score: str, *, style: Style, indent: int = 2) -> str:
    sign, plain, colour = SIGNS[state]
    room = style.width - len(score) - indent - 3
    title = style.fit(style.readable(title), room)
    note = style.fit(note, room - len(title) - 2) if room - len(title) > 8 else ""
    used = len(title) + (len(note) + 2 if note else 0)
    mark = click.style(sign if style.unicode else plain, fg=colour, bold=True)
    text = f"{title}  {click.style(note, fg='bright_black')}" if note else title
    return f"{' ' * indent}{mark} {text}{' ' * (room - used + 1)}{score}"


def failure(
    report: Report,
    test: TestReport,
    style: Style,
    detail: _Detail = _DETAILS[0],
    *,
    alone: bool = True,
) -> list[str]:
    """One failure: its lines to paste, both numbers, where it goes wrong, the mistake's name."""
    wrong = wording.failures(report)
    count = f"  ({wrong.index(test) + 1} of {len(wrong)})" if alone and len(wrong) > 1 else ""
    lines = [click.style(style.readable(test.title), fg="red", bold=True) + count]
    if test.message:
        message = list(style.wrap(style.readable(test.message), "  "))
        lines += message[: detail.message]
    lines += _example(test, style, detail.example)
    if test.graph is not None and wording.goes_somewhere(test):
        lines += style.wrap(style.readable(test.graph.first_wrong), "  ")
    if test.misconception is not None:
        lines += style.wrap(style.readable(test.misconception.text), "  ")
    return lines + _printed(test, style, detail.printed)


def _example(test: TestReport, style: Style, most: int) -> list[str]:
    example = test.counterexample
    if example is None:
        return []
    shown = _shortened([style.readable(line) for line in example.lines], most)
    lines = [f"    {click.style(line, fg='cyan')}" for line in shown]
    if test.status == "error":
        return lines
    yours, right = wording.pair(*_answers(test))
    return [*lines, *_number("yours", yours, "red", style), *_number("right", right, "green", style)]


def _number(name: str, text: str, colour: str, style: Style) -> list[str]:
    """An answer on a line, a long one folded and cut."""
    lines = textwrap.wrap(style.readable(text), style.width - 9) or [""]
    if len(lines) > _FOLDED:
        lines = [*lines[: _FOLDED - 1], style.fit(lines[_FOLDED - 1] + " …", style.width - 9)]
    heads = [f"  {name}  ", *["         "] * (len(lines) - 1)]
    return [
        h + click.style(line, fg=colour, bold=True) for h, line in zip(heads, lines, strict=True)
    ]


def _answers(test: TestReport) -> tuple[Shown, Shown]:
    assert test.counterexample is not None
    return test.counterexample.yours, test.counterexample.expected


def _shortened(lines: Sequence[str], most: int) -> Sequence[str]:
    if len(lines) <= most:
        return lines
    left_out = f"# … {len(lines) - most + 1} more lines (all of them: --html or --json)"
    return [*lines[: most // 2], left_out, *lines[-(most - most // 2 - 1) :]]


def _printed(test: TestReport, style: Style, most: int) -> list[str]:
    if not test.output.strip():
        return []
    lines = test.output.strip("\n").split("\n")
    if most == 1:
        first = style.fit(style.readable(lines[0]), style.width - 40)
        rest = f" (+ {len(lines) - 1} lines: --html)" if len(lines) > 1 else ""
        return [f"  Your code printed: {first}{rest}"]
    shown = [style.fit(style.readable(line), style.width - 4) for line in lines[:most]]
    more = [f"    ({len(lines) - most} more lines: --html)"] if len(lines) > most else []
    return ["  Your code printed:", *(f"    {line}" for line in shown), *more]


def _guesses(guesses: Sequence[Prediction], style: Style, *, in_full: bool) -> list[str]:
    if not guesses:
        return []
    if not in_full:
        right = sum(guess.right for guess in guesses)
        return [f"Of your guesses {right} of {len(guesses)} are right (-v tells more).", ""]
    lines: list[str] = []
    for guess in guesses:
        verdict = "Yes." if guess.right else f"It is {guess.answer}. {guess.why}"
        text = f"You guessed {guess.guess}: {guess.question} {verdict}"
        lines += style.wrap(style.readable(text), "")
    return [*lines, ""]


def _end(
    report: Report, assignment: Assignment, focus: TestReport | None, style: Style
) -> list[str]:
    score = f"{points(report.score)} of {points(report.max_score)} points"
    lines = [f"{bar(report.score, report.max_score, style)} {click.style(score, bold=True)}"]
    if report.sandbox == "limited":
        sandbox = "a limited process (why: grade --version)"
    else:
        sandbox = report.sandbox
    lines[0] += click.style(f"  Sandbox: {sandbox}", fg="bright_black")
    for test in report.tests:
        if test.status == "not_run":
            lines += style.wrap(style.readable(f"Not run: {test.title}: {test.message}"), "")
    lines += style.wrap(style.readable(wording.next_step(report, assignment, focus)), "")
    return lines
