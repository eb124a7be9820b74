"""A report as a self-contained page, or as HTML for a notebook.

The template escapes everything except SVG, which `svg.py` rebuilds element by element, and figures
with steps, whose text `kit/player.py` escapes. Their script is ours and the page's only one: the
page's policy has its hash, so no other can run.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from autograder.feedback import steps, wording
from autograder.feedback.picture import MARK, graph_svg
from autograder.feedback.wording import points, printable
from autograder.kit import player
from autograder.kit.travel import travel

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

    from autograder.course import Assignment, Course
    from autograder.report import Curve, Graph, Report, Run, TestReport

_TEMPLATES = Path(__file__).with_name("templates")
_CODE = re.compile(r"`(?P<code>[^`\n]+)`|(?P<command>(?:%|\b)grade [a-z]\w* --\w+)")
_LONGEST = 600
"""The most characters of an answer; --json has all of it."""
_SIGNS = {"passed": "✓", "wrong": "✗"}
"""The signs of states that have their own CSS class; the others are "waiting"."""


def page(report: Report, assignment: Assignment) -> str:
    """The report as a self-contained HTML document."""
    return _rendered("page.html", report, assignment, "")


def inline(
    report: Report, assignment: Assignment, *, saved: str = "", course: Course | None = None
) -> str:
    """The report as HTML for a notebook.

    Args:
        report: the verdict.
        assignment: what was graded.
        saved: when the file was saved, in words.
        course: the learner's, to say what comes next; None if it is not their own work.
    """
    return _rendered("inline.html", report, assignment, saved, course, ask="%grade")


def cell(report: Report, assignment: Assignment, name: str, *, styled: bool) -> str:
    """The report as HTML below a notebook's grade cell; the notebook may have several.

    Args:
        report: the verdict on the cell's tests.
        assignment: what was graded.
        name: the cell's name, unique in the notebook.
        styled: include the style sheet, which the notebook needs once.
    """
    view = {
        **_verdict(report, assignment, ""),
        "next": "",
        "id": f"grade-{report.assignment}-{name}",
        "hint": next((test.hint for test in wording.failures(report) if test.hint), ""),
    }
    if not styled:
        view["skipped"] = view["remarks"] = []  # shown once in a notebook
    css = _css() if styled else ""
    return _environment().get_template("cell.html").render(view=view, css=css, script=_script(view))


def _rendered(
    template: str,
    report: Report,
    assignment: Assignment,
    saved: str,
    course: Course | None = None,
    ask: str = "grade",
) -> str:
    first = steps.not_begun(report, course, assignment) if course is not None else None
    then = _next(report, assignment, course, first, ask)
    view = {**_verdict(report, assignment, saved), **then}
    if first is not None:
        view |= {"failures": [], "parts": []}  # rows without results say nothing
    script = _script(view)
    rest = {"css": _css(), "script": script, "policy": player.policy(scripted=bool(script))}
    return _environment().get_template(template).render(view=view, **rest) + "\n"


def _css() -> Markup:
    from markupsafe import Markup

    own = (_TEMPLATES / "report.css").read_text("utf-8")
    return Markup(player.style() + own)  # noqa: S704  files of ours


def _script(view: dict[str, Any]) -> Markup | str:
    """The script for figures with steps, if there are any."""
    from markupsafe import Markup

    moving = any(failure["graph"] and failure["graph"]["moving"] for failure in view["failures"])
    moving = moving or (view["run"] and view["run"]["moving"])
    return Markup(player.script()) if moving else ""  # noqa: S704  a file of ours


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["coded"] = _coded
    return environment


def _coded(text: str) -> Markup:
    """Escaped text, in which backticks and our commands become code."""
    from markupsafe import Markup

    made, end = Markup(), 0
    for match in _CODE.finditer(text):
        made += text[end : match.start()]
        if match["code"]:
            made += Markup("<code>{}</code>").format(match["code"])
        else:
            made += Markup('<code class="command">{}</code>').format(match["command"])
        end = match.end()
    return made + text[end:]


class _Row(NamedTuple):
    """A value of the graph as a row of a table."""

    name: str
    source: str
    data: str
    yours: str
    right: str
    wrong: bool
    mark: str


def _verdict(report: Report, assignment: Assignment, saved: str) -> dict[str, Any]:
    """The text that the templates show, except what to do next."""
    graded = report.status == "graded"
    verdict = f"{points(report.score)} of {points(report.max_score)} points"
    names = {test.name: part.title for part in wording.parts(report) for test in part.tests}
    unhappy = {
        "ungradable": "Your file can't be graded yet",
        "grader_error": "The grader failed",
    }
    small_print = f"grade {report.kit_version} · suite {report.suite_sha256[:12]}"
    if report.submission.sha256:
        small_print += f" · your file {report.submission.sha256[:12]}"
    if graded:
        small_print += f" · sandbox: {report.sandbox}"
    file = printable(report.submission.name)
    return {
        "id": f"grade-{report.assignment}",
        "heading": f"{assignment.name}: {assignment.title}",
        "verdict": verdict if graded else unhappy[report.status],
        "share": _share(report) if graded else None,
        "file": f"{file}, {saved}" if saved else file,
        "paste_into": "a new cell" if file.endswith(".ipynb") else "a file next to yours",
        "reason_title": "What to do" if report.status == "ungradable" else "Not your fault",
        "reason": [] if graded else _pieces(printable(report.reason or "")),
        "skipped": [printable(text) for text in report.skipped],
        "remarks": [printable(text) for text in report.remarks],
        "failures": [_failure(test, names[test.name]) for test in wording.failures(report)],
        "run": _run(report.run),
        "parts": [_part(part) for part in wording.parts(report)],
        "hidden": any(not test.visible for test in report.tests),
        "guesses": [
            {
                "question": guess.question,
                "guess": printable(guess.guess),
                "right": guess.right,
                "answer": guess.answer,
                "why": guess.why,
            }
            for guess in report.predictions
        ],
        "small_print": small_print,
    }


def _pieces(text: str) -> list[dict[str, Any]]:
    """The text in pieces: prose, and indented lines, which are shown as code."""
    groups = groupby(text.split("\n"), key=lambda line: line.startswith(" "))
    return [{"code": code, "text": "\n".join(lines)} for code, lines in groups]


def _share(report: Report) -> int:
    return round(100 * report.score / report.max_score) if report.max_score else 0


def _next(
    report: Report,
    assignment: Assignment,
    course: Course | None,
    test: TestReport | None,
    ask: str,
) -> dict[str, Any]:
    if report.status != "graded":
        return {"next": "", "next_title": "", "pitfalls": []}
    later = wording.judged_later(report)
    later = f" {later[:1].upper()}{later[1:]}." if later else ""
    if report.full_marks:
        from autograder.feedback.hints import pitfalls

        found = pitfalls(report.assignment)
        following = steps.after(course, assignment, within=True) if course else ""
        text = f"{wording.all_right(report)}{later} {following}".rstrip()
        return {"next": text, "next_title": "Done", "pitfalls": found}
    title, _, text = wording.next_step(report, assignment, test, ask=ask).partition(": ")
    return {"next": text[:1].upper() + text[1:] + later, "next_title": title, "pitfalls": []}


def _failure(test: TestReport, part: str) -> dict[str, Any]:
    return {
        "title": test.title,
        "part": part,
        "status": wording.STATUS_WORDS[test.status],
        "score": points(test.score),
        "max_score": points(test.max_score),
        "message": printable(test.message),
        "example": _example(test),
        "graph": _graph(test.graph),
        "misconception": test.misconception.text if test.misconception else "",
        "output": printable(test.output).strip("\n"),
    }


def _example(test: TestReport) -> dict[str, Any] | None:
    example = test.counterexample
    if example is None:
        return None
    yours, right = wording.pair(example.yours, example.expected)
    difference = "" if example.difference is None else f"{example.difference:.6g}"
    return {
        "lines": printable("\n".join(wording.pasted(test))),
        "compared": test.status != "error",
        "yours": _cut(yours),
        "right": _cut(right),
        "difference": difference,
        "curve": _curve(example.curve),
    }


def _curve(curve: Curve | None) -> dict[str, Any] | None:
    if curve is None:
        return None
    from autograder.feedback import plots

    pairs = enumerate(zip_longest(curve.yours, curve.expected))
    return {
        "what": curve.what[:1].upper() + curve.what[1:],
        "same": plots.same(curve.yours, curve.expected),
        "svg": _drawn(plots.curve_svg(curve)),
        "rows": [(step, wording.number(y), wording.number(r)) for step, (y, r) in pairs],
    }


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    from autograder.feedback import plots

    network = run.network
    hits = plots.hits(network) if network is not None else None
    boundary = None
    if network is not None and hits is not None:
        boundary = {
            "same": plots.same(network.yours, network.expected),
            "svg": _drawn(plots.boundary_svg(network)),
            "count": len(network.points),
            "hits": hits,
        }
    return {
        "curve": _curve(run.curve),
        "boundary": boundary,
        "moving": _learning(run),
        "trained": network is not None,
    }


def _learning(run: Run) -> Markup | None:
    """The figure of the learner's network as it learns, if there are numbers for it."""
    from autograder.feedback.learning import learning

    if run.network is None:
        return None
    return _played(learning(run.network, run.curve.yours, "Your network, as it learns"))


def _played(figure: player.Figure | None) -> Markup | None:
    from markupsafe import Markup

    if figure is None:
        return None
    return Markup(player.fragment(figure, alone=False))  # noqa: S704  it escapes what it shows


def _drawn(svg: str | None) -> Markup | None:
    from markupsafe import Markup

    return Markup(svg) if svg else None  # noqa: S704  made element by element in svg.py


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _graph(graph: Graph | None) -> dict[str, Any] | None:
    if graph is None:
        return None
    marked = {edge.operand for edge in graph.edges if edge.wrong}
    rows = []
    for node in graph.nodes:
        wrong = not wording.agree(node.grad, node.expected_grad)
        mark = MARK if node.name in marked else "wrong" if wrong else ""
        data, yours, right = map(wording.number, (node.data, node.grad, node.expected_grad))
        rows.append(_Row(node.name, printable(node.source), data, yours, right, wrong, mark))
    moving = _moving(graph)
    return {
        "first_wrong": printable(graph.first_wrong),
        "moving": moving,
        "svg": None if moving else _drawn(graph_svg(graph)),
        "rows": rows,
    }


def _moving(graph: Graph) -> Markup | None:
    """The figure of the learner's backward pass, if it could be recorded."""
    if graph.walk is None:
        return None
    return _played(travel(graph.walk, "Your graph, step by step", graph.wrong_step))


def _part(part: wording.Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "class": part.state if part.state in _SIGNS else "waiting",
        "sign": _SIGNS.get(part.state, "·"),
        "points": _points(part.score, part.max_score, part.state),
        "tests": [_test(test) for test in part.tests],
    }


def _test(test: TestReport) -> dict[str, Any]:
    state = wording.state(test)
    noted = state in {"waiting", "not run", "not yet"}
    return {
        "title": test.title,
        "hidden": not test.visible,
        "note": printable(test.message) if noted else "",
        "class": state if state in _SIGNS else "waiting",
        "status": wording.STATUS_WORDS[test.status],
        "points": _points(test.score, test.max_score, state),
        "output": printable(test.output).strip("\n") if state == "passed" else "",
    }


def _points(score: float, most: float, state: wording.State) -> str:
    return "not counted" if state == "not run" else f"{points(score)}/{points(most)}"
