"""A class's page: one file that opens from disk without a network, searchable and sortable."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from autograder.classroom import charts
from autograder.classroom.names import order, pseudonyms, shown
from autograder.classroom.summary import MISSING, NOT_JUDGED
from autograder.feedback import wording

if TYPE_CHECKING:
    import jinja2

    from autograder.classroom.similar import Resemblance
    from autograder.classroom.summary import LearnerRow, Summary
    from autograder.course import Assignment, Course
    from autograder.report import Counterexample

_TEMPLATES = Path(__file__).with_name("templates")
_LONGEST_REASON = 400
_MOST_PAIRS = 100
_WORDS = {
    "graded": "graded",
    "ungradable": "cannot be graded",
    "grader_error": "grader error",
    NOT_JUDGED: NOT_JUDGED,
    MISSING: MISSING,
}
_LEFT_OUT = {
    "ungradable": "whose work cannot be graded",
    "grader_error": "where the grader failed",
    NOT_JUDGED: "not graded yet",
    MISSING: "who handed in nothing",
}
_NOT_TESTS = (
    "These are the points from the tests. They don't include written answers, points "
    "given by a person, or late penalties."
)


@dataclass(frozen=True)
class Facts:
    """What the page says of itself.

    Attributes:
        course: whose class it is; its seed makes the pseudonyms.
        assignment: what was handed in.
        kit_version: of the kit that judged.
        suite_sha256: the hash of the suite that judged.
        left_out: why near-identical work is not on it; None where it is.
    """

    course: Course
    assignment: Assignment
    kit_version: str
    suite_sha256: str
    left_out: str | None = None


def page(
    summary: Summary, alike: Sequence[Resemblance], facts: Facts, *, anonymous: bool = False
) -> str:
    """The page as an HTML document.

    Args:
        summary: what the class's reports say together.
        alike: submissions that resemble each other.
        facts: what the page says of itself.
        anonymous: for sharing: pseudonyms, no links, and nothing that a learner wrote.
    """
    from markupsafe import Markup

    script = (_TEMPLATES / "class.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    name = _namer(summary, facts.course.seed, anonymous=anonymous)
    in_order = sorted(summary.learners, key=lambda row: order(name(row.learner)))
    rows = [_row(row, name, anonymous=anonymous) for row in in_order]
    missing = [row["name"] for row in rows if row["missing"]]
    return (
        environment(_TEMPLATES)
        .get_template("class.html")
        .render(
            title=f"{facts.assignment.name}: {facts.assignment.title}",
            course=facts.course.title,
            anonymous=anonymous,
            script=Markup(script),  # noqa: S704  a file of ours
            script_hash=f"sha256-{digest}",
            css=Markup((_TEMPLATES / "class.css").read_text("utf-8")),  # noqa: S704  a file of ours
            counts=_counts(summary),
            mean_of=_mean_of(summary),
            missing=[] if anonymous else missing,
            distribution=charts.distribution(summary),
            tests=charts.by_test(summary),
            legend=charts.legend(summary),
            mistakes=_mistakes(summary, name, anonymous=anonymous),
            stuck=_stuck(summary, name),
            unjudged=[row for row in rows if row["reason"] or row["forged"]],
            alike=[] if anonymous else [_alike(pair, name) for pair in alike[:_MOST_PAIRS]],
            alike_left_out=None if anonymous else facts.left_out,
            more_alike=max(0, len(alike) - _MOST_PAIRS),
            rows=rows,
            not_tests=_NOT_TESTS,
            small_print=f"grade {facts.kit_version} · suite {facts.suite_sha256[:12]}",
        )
        + "\n"
    )


@cache
def environment(folder: Path) -> jinja2.Environment:
    """The templates in a folder of ours; text that is filled in is escaped."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _namer(summary: Summary, seed: str, *, anonymous: bool) -> Callable[[str], str]:
    if not anonymous:
        names = {row.learner: _label(row) for row in summary.learners}
        return names.__getitem__
    return pseudonyms((s.learner for s in summary.learners), seed).__getitem__


def _counts(summary: Summary) -> list[tuple[str, str]]:
    """What to know first, as pairs of a number and its name."""
    number, full = len(summary.learners), summary.full
    found = [(str(number), "learner" if number == 1 else "learners")]
    mean, median = summary.mean, summary.median
    if mean is not None:
        found += [
            (str(full), "has full marks" if full == 1 else "have full marks"),
            (f"{median:.4g} of {summary.max_score:g}", "median"),
            (f"{round(mean, 2):g}", "mean"),
        ]
    statuses = Counter(row.status for row in summary.learners)
    others = {status: word for status, word in _WORDS.items() if status != "graded"}
    return found + [(str(statuses[s]), word) for s, word in others.items() if statuses[s]]


def _mean_of(summary: Summary) -> str:
    """Whom mean and median leave out, as a sentence; empty where that is nobody."""
    statuses = Counter(row.status for row in summary.learners)
    out = [f"{statuses[s]} {_LEFT_OUT[s]}" for s in _LEFT_OUT if statuses[s]]
    if not out or not statuses["graded"]:
        return ""
    return f"Mean and median cover {statuses['graded']}. Left out: {', '.join(out)}."


def _label(row: LearnerRow) -> str:
    """Who somebody is, for people: the name, and what their work is called by."""
    if not row.name or row.name == row.learner:
        return shown(row.learner)
    return f"{shown(row.name)} ({shown(row.learner)})"


def _mistakes(
    summary: Summary, name: Callable[[str], str], *, anonymous: bool
) -> list[dict[str, Any]]:
    found = sorted(summary.mistakes.items(), key=lambda pair: (-len(pair[1].learners), pair[0]))
    return [
        {
            "id": id_,
            "text": mistake.text,
            "number": len(mistake.learners),
            "names": [] if anonymous else sorted(map(name, mistake.learners), key=order),
            "example": _example(mistake.example),
        }
        for id_, mistake in found
    ]


def _example(example: Counterexample | None) -> dict[str, str] | None:
    if example is None:
        return None
    yours, right = wording.pair(example.yours, example.expected)
    lines = wording.printable("\n".join(wording.as_script(example)))
    return {"lines": lines, "yours": yours, "right": right}


def _stuck(summary: Summary, name: Callable[[str], str]) -> list[dict[str, Any]]:
    return [
        {"part": part, "number": len(learners), "names": sorted(map(name, learners), key=order)}
        for part, learners in summary.stuck.items()
        if learners
    ]


def _alike(pair: Resemblance, name: Callable[[str], str]) -> dict[str, Any]:
    return {
        "learners": "; ".join(map(name, pair.learners)),
        "others": "; ".join(map(name, pair.others)),
        "percent": f"{pair.percent:.0f}",
        "lines": wording.printable("\n".join(pair.lines)),
    }


def _row(row: LearnerRow, name: Callable[[str], str], *, anonymous: bool) -> dict[str, Any]:
    reason = wording.printable(row.reason or "")
    if len(reason) > _LONGEST_REASON:
        reason = f"{reason[:_LONGEST_REASON]}…"
    graded, missing = row.status == "graded", row.status == MISSING
    has_report = row.status not in (MISSING, NOT_JUDGED)
    return {
        "name": name(row.learner),
        "status": _WORDS[row.status] + (", late" if row.late else ""),
        "moment": "" if anonymous else _moment(row.moment),
        "place": "" if anonymous else shown(row.place),
        "missing": row.status == MISSING,
        "graded": graded,
        "score": wording.points(row.score) if graded else "",
        "most": wording.points(row.max_score),
        "share": f"{100 * row.share:.0f}",
        "order": f"{row.share:.6f}" if graded else "-1",
        "stuck": row.stuck_at or "",
        "mistakes": ", ".join(row.mistakes),
        "forged": ", ".join(row.forged),
        "reason": ("" if anonymous else reason) or ("" if graded or missing else "No verdict."),
        "link": f"reports/{quote(row.stem)}" if has_report and not anonymous else "",
    }


def _moment(text: str | None) -> str:
    """A moment to the minute, with its zone where that is known."""
    if text is None:
        return ""
    moment = datetime.fromisoformat(text)
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".rstrip()
