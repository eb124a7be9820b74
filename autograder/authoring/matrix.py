"""Wrong engines by tests as a heat map, on a page of its own."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autograder.authoring.check import Verdict
    from autograder.course import Course

_STYLE = """
:root { color-scheme: light dark }
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem }
table { border-collapse: collapse; margin-bottom: 2rem }
th { font-weight: normal; text-align: left; padding: 0 .5rem; white-space: nowrap }
thead th { vertical-align: bottom }
thead span { writing-mode: vertical-rl; transform: rotate(180deg); padding: .3rem 0 }
td { width: 1.3rem; height: 1.3rem; border: 1px solid #8884; text-align: center }
.passed { background: #8881 }
.blocked { background: #8883 }
.lost { background: #d9534f }
.named { background: #d9534f; outline: 2px solid currentColor; outline-offset: -3px }
"""


def page(course: Course, verdicts: Mapping[str, Verdict]) -> str:
    """The page's HTML.

    Args:
        course: for the titles.
        verdicts: what `check` found, by assignment.
    """
    tables = "".join(_table(name, verdict) for name, verdict in verdicts.items())
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(course.title)}: suites on trial</title><style>{_STYLE}</style>"
        f"<h1>{escape(course.title)}: suites on trial</h1>"
        "<p>A row is a wrong engine, a column a test. Red: points are lost there; ×: the test "
        "that must catch it; grey: it waits for another test.</p>"
        f"{tables}</html>\n"
    )


def _table(name: str, verdict: Verdict) -> str:
    if not verdict.caught:
        return ""
    tests = next((r.tests for r in verdict.caught.values() if r.tests), ())
    head = "".join(f'<th scope="col"><span>{escape(test.name)}</span></th>' for test in tests)
    rows = []
    for id_, report in verdict.caught.items():
        named = verdict.named.get(id_)
        cells = "".join(
            f'<td class="{_kind(t.status, named=t.name == named)}" '
            f'title="{escape(id_)}: {escape(t.name)}: {t.status}">'
            f"{'×' if t.name == named else ''}</td>"
            for t in report.tests
        )
        rows.append(f'<tr><th scope="row">{escape(id_)}</th>{cells}</tr>')
    return (
        f"<h2>{escape(name)}</h2><table><thead><tr><th></th>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _kind(status: str, *, named: bool) -> str:
    if named:
        return "named"
    return status if status in ("passed", "blocked") else "lost"
