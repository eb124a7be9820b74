"""A class's page: one file that opens from disk without a network, searchable and sortable."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from autograder.classroom import pictures
from autograder.classroom.names import pseudonyms, shown
from autograder.classroom.summary import NOT_JUDGED
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
    "grader_error": "our mistake",
    NOT_JUDGED: NOT_JUDGED,
}


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
    in_order = sorted(summary.learners, key=lambda s: name(s.learner)) if anonymous else None
    rows = [_row(row, name, anonymous=anonymous) for row in (in_order or summary.learners)]
    return (
        _environment()
        .get_template("class.html")
        .render(
            title=f"{facts.assignment.name}: {facts.assignment.title}",
            course=facts.course.title,
            anonymous=anonymous,
            script=Markup(script),  # noqa: S704  a file of ours
            script_hash=f"sha256-{digest}",
            css=Markup((_TEMPLATES / "class.css").read_text("utf-8")),  # noqa: S704  a file of ours
            counts=_counts(summary),
            distribution=Markup(pictures.distribution(summary)),  # noqa: S704  matplotlib escapes
            by_test=Markup(pictures.by_test(summary)),  # noqa: S704  matplotlib escapes
            tests=_tests(summary),
            mistakes=_mistakes(summary, name, anonymous=anonymous),
            stuck=_stuck(summary, name),
            unjudged=[row for row in rows if row["reason"] or row["forged"]],
            alike=[] if anonymous else [_alike(pair, name) for pair in alike[:_MOST_PAIRS]],
            alike_left_out=None if anonymous else facts.left_out,
            more_alike=max(0, len(alike) - _MOST_PAIRS),
            rows=rows,
            small_print=f"grade {facts.kit_version} · suite {facts.suite_sha256[:12]}",
        )
        + "\n"
    )


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _namer(summary: Summary, seed: str, *, anonymous: bool) -> Callable[[str], str]:
    if not anonymous:
        return shown
    return pseudonyms((s.learner for s in summary.learners), seed).__getitem__


def _counts(summary: Summary) -> list[tuple[str, str]]:
    """What to know first, as pairs of a number and its name."""
    number, full = len(summary.learners), summary.full
    found = [(str(number), "learner" if number == 1 else "learners")]
    mean, median = summary.mean, summary.median
    if mean is not None:
        found += [
            (str(full), "has all points" if full == 1 else "have all points"),
            (f"{median:.4g} of {summary.max_score:g}", "median"),
            (f"{round(mean, 2):g}", "mean"),
        ]
    statuses = Counter(row.status for row in summary.learners)
    others = {status: word for status, word in _WORDS.items() if status != "graded"}
    return found + [(str(statuses[s]), word) for s, word in others.items() if statuses[s]]


def _tests(summary: Summary) -> list[dict[str, Any]]:
    return [
        {
            "title": test.title,
            "part": test.part,
            "mean": f"{round(test.mean, 2):g}",
            "most": f"{test.max_score:g}",
            "passed": test.states["passed"],
            "of": sum(test.states.values()),
        }
        for test in summary.tests.values()
    ]


def _mistakes(
    summary: Summary, name: Callable[[str], str], *, anonymous: bool
) -> list[dict[str, Any]]:
    found = sorted(summary.mistakes.items(), key=lambda pair: (-len(pair[1].learners), pair[0]))
    return [
        {
            "id": id_,
            "text": mistake.text,
            "number": len(mistake.learners),
            "names": [] if anonymous else [name(learner) for learner in mistake.learners],
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
        {"part": part, "number": len(learners), "names": sorted(map(name, learners))}
        for part, learners in summary.stuck.items()
        if learners
    ]


def _alike(pair: Resemblance, name: Callable[[str], str]) -> dict[str, Any]:
    return {
        "learners": ", ".join(map(name, pair.learners)),
        "others": ", ".join(map(name, pair.others)),
        "percent": f"{pair.percent:.0f}",
        "lines": wording.printable("\n".join(pair.lines)),
    }


def _row(row: LearnerRow, name: Callable[[str], str], *, anonymous: bool) -> dict[str, Any]:
    reason = wording.printable(row.reason or "")
    if len(reason) > _LONGEST_REASON:
        reason = f"{reason[:_LONGEST_REASON]}…"
    graded = row.status == "graded"
    return {
        "name": name(row.learner),
        "status": _WORDS[row.status] + (", late" if row.late else ""),
        "graded": graded,
        "score": wording.points(row.score) if graded else "",
        "most": wording.points(row.max_score),
        "share": f"{100 * row.share:.0f}",
        "order": f"{row.share:.6f}" if graded else "-1",
        "stuck": row.stuck_at or "",
        "mistakes": ", ".join(row.mistakes),
        "forged": ", ".join(row.forged),
        "reason": ("" if anonymous else reason) or ("" if graded else "No verdict."),
        "link": "" if anonymous else f"reports/{quote(row.stem)}",
    }
