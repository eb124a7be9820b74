"""A report on the terminal: one screen with one failure and what to do next."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click
import msgspec

from autograder.feedback import steps, wording
from autograder.feedback.failure import Room, failure, printed
from autograder.feedback.style import SIGNS, Style, bar
from autograder.feedback.wording import Part, State, points

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from autograder.course import Assignment, Course
    from autograder.report import Prediction, Report, TestReport

SPARE = 2
"""Lines of the screen that we leave: for the command itself and the next prompt."""


class _Detail(msgspec.Struct, frozen=True):
    """How much is shown; the first that fits the screen is used.

    Attributes:
        merge: 0 for a line for each part; 1 for neighbours in the same state on one line; 2 for all
            in the same state on one line, with tests only for the part shown; 3 for no tests.
        room: for the failure shown.
        guesses: 2 to answer each guess; 1 to count them; 0 for none.
    """

    merge: int
    room: Room
    guesses: int


_DETAILS = (
    _Detail(0, Room(), guesses=2),
    _Detail(1, Room(), guesses=2),
    _Detail(1, Room(printed=4), guesses=1),
    _Detail(2, Room(message=12, printed=2), guesses=1),
    _Detail(3, Room(message=8, printed=1), guesses=1),
    # lines to paste are only useful if all of them are there, so words are cut first
    _Detail(3, Room(message=6, printed=1, words=2), guesses=0),
    _Detail(3, Room(message=3, printed=1, words=1), guesses=0),
    _Detail(3, Room(example=8, message=3, printed=1, words=1), guesses=0),
    _Detail(3, Room(example=5, message=2, printed=1, words=1), guesses=0),
)


def render(
    report: Report,
    assignment: Assignment,
    *,
    verbose: bool = False,
    focus: TestReport | None = None,
    style: Style | None = None,
    course: Course | None = None,
    watched: bool = False,
    example: str | None = None,
) -> str:
    """The report as coloured text; `click.echo` removes colours where they don't belong.

    Args:
        report: the verdict.
        assignment: what was graded.
        verbose: list every test and what it printed, however long that gets.
        focus: the failure to show; by default the first one.
        style: the terminal; by default standard output.
        course: the learner's, if it is their own work and all of it was graded; then it says how to
            start, and what comes next.
        watched: in watch mode, where each save is graded and keys replace commands.
        example: the command that runs the example shown, if it was written to a file.
    """
    style = style or Style.here()
    head = [click.style(f"{assignment.name}  {assignment.title}", bold=True)]
    if report.submission.name != assignment.name:  # the name of a folder whose file is unknown
        head[0] += f"  {style.readable(report.submission.name)}"
    later = [line for line in style.wrap(wording.judged_later(report), "") if line]
    if report.status != "graded":
        return "\n".join([*head, "", *_no_verdict(report, style), *later])
    focus = focus or next(iter(wording.failures(report)), None)
    first = steps.not_begun(report, course, assignment) if course and not verbose else None
    if first is not None:
        assert course is not None
        begin = steps.opening(report, course, assignment, first, style, watched=watched)
        return "\n".join([*head, *begin, *_prose(report.skipped, style), *later])
    text = wording.next_step(report, assignment, focus, watched=watched, runs=example is not None)
    if course is not None and report.full_marks:
        notebook = report.submission.name.endswith(".ipynb")
        onward = steps.after(course, assignment, watched=watched, notebook=notebook)
        text = f"{text} {onward}".rstrip()
    step = [*_prose([text], style), *later]
    if example is not None:
        words, command = "To run the lines above:", style.readable(example)
        fits = len(f"{words} {command}") <= style.width
        step += [f"{words} {command}"] if fits else [words, f"    {command}"]
    if verbose:
        return "\n".join([*head, *_verbose(report, style), *step])
    lines = head
    for detail in _DETAILS:
        lines = [*head, *_body(report, focus, style, detail), *step]
        if _rows(lines, style) <= style.height - SPARE:
            break
    return "\n".join(lines)


def _rows(lines: Sequence[str], style: Style) -> int:
    """How many rows of the screen the lines take; long lines to paste take several."""
    return sum(max(1, -(-len(click.unstyle(line)) // style.width)) for line in lines)


def _no_verdict(report: Report, style: Style) -> list[str]:
    reason = _prose([report.reason or "", *report.skipped], style)
    if report.status == "ungradable":
        return [click.style("Your file can't be graded yet.", fg="red", bold=True), *reason]
    return [
        click.style("The grader failed. This is not your fault.", fg="red"),
        *reason,
        "You have no score for this run. Please report the lines above.",
    ]


def _body(report: Report, focus: TestReport | None, style: Style, detail: _Detail) -> list[str]:
    lines = [*_listing(report, focus, style, detail.merge), ""]
    if focus is not None:
        lines += [*failure(report, focus, style, detail.room), ""]
    else:
        lines += _remarks(report, style)
    lines += _guesses(report.predictions, style, how=detail.guesses)
    return lines + _end(report, style)


def _verbose(report: Report, style: Style) -> list[str]:
    lines = [*listing(report, style), ""]
    for test in wording.failures(report):
        lines += [*failure(report, test, style, alone=False), ""]
    for test in report.tests:
        if test.status == "passed" and test.output.strip():
            lines += [style.readable(test.title), *printed(test, style, 6), ""]
    lines += _remarks(report, style)
    lines += _guesses(report.predictions, style, how=2)
    return lines + _end(report, style)


def _remarks(report: Report, style: Style) -> list[str]:
    """The report's remarks."""
    return [line for text in report.remarks for line in (*_prose([text], style), "")]


def listing(report: Report, style: Style) -> list[str]:
    """Every test with its points, part by part, as lines."""
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
    """The parts; those in the same state are merged."""
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
    note = part.state if part.state in ("not yet", "waiting", "not run") else ""
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


def _guesses(guesses: Sequence[Prediction], style: Style, *, how: int) -> list[str]:
    if not guesses or how == 0:
        return []
    if how == 1:
        right = sum(guess.right for guess in guesses)
        return [f"You got {right} of {len(guesses)} guesses right (-v shows them).", ""]
    lines: list[str] = []
    for guess in guesses:
        verdict = "Yes." if guess.right else f"It is {guess.answer}. {guess.why}"
        lines += _prose([f"You guessed {guess.guess}: {guess.question} {verdict}"], style)
    return [*lines, ""]


def _end(report: Report, style: Style) -> list[str]:
    score = f"{points(report.score)} of {points(report.max_score)} points"
    lines = [f"{bar(report.score, report.max_score, style)} {click.style(score, bold=True)}"]
    room = style.width - len(click.unstyle(lines[0]))
    if report.sandbox == "limited":
        sandbox = "a limited process (grade --version says why)"
    else:
        sandbox = report.sandbox
    if len(sandbox) + len("  Sandbox: ") <= room:
        lines[0] += click.style(f"  Sandbox: {sandbox}", fg="bright_black")
    else:
        lines += style.wrap(f"Sandbox: {sandbox}", "")
    return lines + _prose([*wording.not_run(report), *report.skipped, *report.notes], style)


def _prose(texts: Iterable[str], style: Style) -> list[str]:
    """The texts' lines, folded to the width."""
    return [line for text in texts for line in style.wrap(style.readable(text), "")]
