"""A report on the terminal: what is done, the first things that go wrong, what to do next."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from autograder.report import Report, Shown, Status, TestReport

if TYPE_CHECKING:
    from autograder.course import Assignment

DETAILED = 2
"""How many failures are shown in full; the rest are one line each."""

_SIGNS: dict[Status, tuple[str, str, str]] = {
    "passed": ("✓", "+", "green"),
    "failed": ("✗", "x", "red"),
    "error": ("✗", "x", "red"),
    "timeout": ("✗", "x", "red"),
    "out_of_memory": ("✗", "x", "red"),
    "tampered": ("✗", "x", "red"),
    "not_implemented": ("·", ".", "yellow"),
    "blocked": ("·", ".", "bright_black"),
    "not_run": ("-", "-", "bright_black"),
}
_WORDS: dict[Status, str] = {
    "error": "raised an exception",
    "timeout": "took too long",
    "out_of_memory": "ran out of memory",
    "tampered": "gave a forged answer",
    "not_implemented": "not yet",
    "blocked": "waits",
    "not_run": "not run",
}


@dataclass(frozen=True)
class Style:
    """How the terminal at hand can be written to."""

    width: int
    unicode: bool

    @classmethod
    def here(cls) -> Style:
        """For standard output as it is now: its width, 40 to 100 columns, and its alphabet."""
        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
        width = shutil.get_terminal_size((80, 24)).columns
        return cls(min(max(width, 40), 100), "utf" in encoding)

    def fit(self, text: str, width: int) -> str:
        """The text cut to a width."""
        dots = "…" if self.unicode else "..."
        return text if len(text) <= width else text[: max(1, width - len(dots))] + dots

    def wrap(self, text: str, indent: str) -> Iterator[str]:
        """The text's lines, folded to the width; lines that are indented already stay whole."""
        for line in text.split("\n"):
            if line.startswith(" ") or not line:
                yield indent + line
            else:
                yield from textwrap.wrap(
                    line, self.width, initial_indent=indent, subsequent_indent=indent
                )


def render(report: Report, assignment: Assignment, *, verbose: bool = False) -> str:
    """The report as text, coloured; `click.echo` takes the colours out where they don't belong."""
    style = Style.here()
    head = click.style(f"{assignment.name}  {assignment.title}", bold=True)
    lines = [f"{head}  {report.submission.name}", ""]
    if report.status == "ungradable":
        lines += [click.style("This cannot be graded yet.", fg="red", bold=True)]
        lines += style.wrap(report.reason or "", "")
    elif report.status == "grader_error":
        lines += [click.style("The grader made a mistake; this is not your fault.", fg="red")]
        lines += style.wrap(report.reason or "", "")
        lines += ["There is no score. Please report it with the lines above."]
    else:
        lines += [_line(test, style) for test in report.tests]
        lines += [""]
        lines += _failures(report, style)
        if verbose:
            lines += _output_of_passed(report, style)
        lines += _guesses(report, style)
        lines += _end(report, assignment, style)
    return "\n".join(lines)


def points(number: float) -> str:
    """A number of points: 3 or 2.5."""
    return f"{number:g}"


def _line(test: TestReport, style: Style) -> str:
    sign, plain, colour = _SIGNS[test.status]
    score = f"{points(test.score)}/{points(test.max_score)}" if test.status != "not_run" else "-"
    note = _WORDS.get(test.status, "")
    room = style.width - len(score) - 5
    title = style.fit(_readable(test.title, style), room)
    note = (
        style.fit(_readable(note, style), room - len(title) - 2) if room - len(title) > 12 else ""
    )
    text = f"{title}  {click.style(note, fg='bright_black')}" if note else title
    used = len(title) + (len(note) + 2 if note else 0)
    gap = " " * max(1, style.width - 4 - used - len(score))
    mark = click.style(sign if style.unicode else plain, fg=colour, bold=True)
    return f"  {mark} {text}{gap}{score}"


def _readable(text: str, style: Style) -> str:
    return text if style.unicode else text.encode("ascii", "replace").decode()


def _failures(report: Report, style: Style) -> list[str]:
    wrong = [test for test in report.tests if _SIGNS[test.status][1] == "x"]
    lines: list[str] = []
    for test in wrong[:DETAILED]:
        lines += [click.style(_readable(test.title, style), fg="red", bold=True)]
        if test.message:
            lines += style.wrap(_readable(test.message, style), "  ")
        lines += _example(test, style)
        results = {edge.result for edge in test.graph.edges} if test.graph else ()
        if test.graph is not None and len(results) > 1:
            lines += style.wrap(_readable(test.graph.first_wrong, style), "  ")
        if test.misconception is not None:
            lines += style.wrap(_readable(test.misconception.text, style), "  ")
        lines += _printed(test, style)
        lines += [""]
    more = len(wrong) - DETAILED
    if more > 0:
        lines += [f"{more} more went wrong; mend these first.", ""]
    return lines


def _example(test: TestReport, style: Style) -> list[str]:
    example = test.counterexample
    if example is None:
        return []
    lines = [f"    {click.style(line, fg='cyan')}" for line in _shortened(example.lines)]
    if test.status == "error":
        return lines
    yours, right = _pair(example.yours, example.expected)
    return [
        *lines,
        style.fit(f"  yours  {click.style(yours, fg='red', bold=True)}", 400),
        style.fit(f"  right  {click.style(right, fg='green', bold=True)}", 400),
    ]


def _shortened(lines: Sequence[str], most: int = 16) -> Sequence[str]:
    if len(lines) <= most:
        return lines
    left_out = f"# … {len(lines) - most + 1} more lines (all of them: --json)"
    return [*lines[: most // 2], left_out, *lines[-(most // 2) + 1 :]]


def _pair(yours: Shown, right: Shown) -> tuple[str, str]:
    """Both numbers, with as many digits as it takes to see the difference."""
    if isinstance(yours, float) and isinstance(right, (int, float)):
        for digits in (6, 10, 17):
            texts = f"{yours:.{digits}g}", f"{float(right):.{digits}g}"
            if texts[0] != texts[1]:
                return texts
    if isinstance(right, float):
        return str(yours), f"{right:.10g}"
    return str(yours), str(right)


def _printed(test: TestReport, style: Style) -> list[str]:
    if not test.output.strip():
        return []
    lines = test.output.rstrip().split("\n")
    shown = [style.fit(_readable(_printable(line), style), style.width - 4) for line in lines[:6]]
    more = [f"    ({len(lines) - 6} more lines; all of them: --json)"] if len(lines) > 6 else []
    return ["  Your code printed:", *(f"    {line}" for line in shown), *more]


def _printable(text: str) -> str:
    """The text without control characters, which could rewrite the screen."""
    return "".join(c if c.isprintable() or c == "\t" else "�" for c in text)


def _output_of_passed(report: Report, style: Style) -> list[str]:
    lines: list[str] = []
    for test in report.tests:
        if test.status == "passed" and test.output.strip():
            lines += [_readable(test.title, style), *_printed(test, style), ""]
    return lines


def _guesses(report: Report, style: Style) -> list[str]:
    lines: list[str] = []
    for guess in report.predictions:
        verdict = "yes." if guess.right else f"it is {guess.answer}. {guess.why}"
        text = f"You guessed {guess.guess}: {guess.question} {verdict[0].upper()}{verdict[1:]}"
        lines += style.wrap(_readable(_printable(text), style), "")
    return [*lines, ""] if lines else []


def _end(report: Report, assignment: Assignment, style: Style) -> list[str]:
    score = f"{points(report.score)} of {points(report.max_score)} points"
    lines = [f"{bar(report.score, report.max_score, style)} {click.style(score, bold=True)}"]
    for test in report.tests:
        if test.status == "not_run":
            lines += style.wrap(f"Not run: {test.title}: {test.message}", "")
    if report.sandbox == "limited":
        lines += style.wrap(
            "Sandbox: a limited process; bubblewrap is not used (see `grade --version`).", ""
        )
    else:
        lines += [f"Sandbox: {report.sandbox}"]
    lines += style.wrap(_next(report, assignment), "")
    return lines


def _next(report: Report, assignment: Assignment) -> str:
    """The one thing to do now."""
    if report.full_marks:
        return "Done. All that ran is right."
    files = " and ".join(file.name for file in assignment.files)
    first = next((t for t in report.tests if _SIGNS[t.status][1] == "x"), None)
    if first is not None:
        return (
            f"Next: paste the lines above beside {files} and see where your number comes from. "
            f"Stuck? grade {assignment.name} --hint"
        )
    stub = next((t for t in report.tests if t.status == "not_implemented"), None)
    if stub is not None:
        return f"Next, in {files}: {stub.message} Stuck? grade {assignment.name} --hint"
    return ""


def bar(score: float, most: float, style: Style, width: int = 20) -> str:
    """A bar of progress."""
    done = round(width * score / most) if most else 0
    full, empty = ("█", "░") if style.unicode else ("#", ".")
    return click.style(full * done, fg="green") + empty * (width - done)
