"""How a learner begins an assignment, and where they are sent when it is done."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec
import pytest

from autograder.feedback import progress, steps, terminal, wording
from autograder.feedback.html import inline
from autograder.feedback.style import Style
from autograder.report import Place, Report, TestReport, from_json
from tests.feedback.samples import ASSIGNMENT, SAMPLES, run

STUBBED = SAMPLES["stubbed"].report()
WRONG = ("math.exp(self.data)", "math.exp(-self.data)")


def place_named(text: str) -> tuple[str, int]:
    """The file and the line of the first step."""
    path, _, rest = text.partition("1. Open ")[2].partition(" and read down to line ")
    return path, int(rest.partition(".")[0])


@pytest.mark.parametrize("name", ["assignment1", "assignment2", "assignment3"])
def test_a_stub_is_answered_with_the_file_and_the_line_to_write(clone, name):
    done = run([name], clone.root)
    path, line = place_named(done.stdout)
    lines = (clone.root / path).read_text("utf-8").split("\n")
    text = " ".join(done.stdout.split())

    assert done.returncode == 1
    assert "raise NotImplementedError(" in lines[line - 1]
    told = from_json(run([name, "--json"], clone.root).stdout).tests[0].message
    for said in ("You haven't started this one yet.", told, f"run grade {name} again"):
        assert said in text
    assert f"{Path(path).stem}.ipynb has the same content" in text
    assert "not yet" not in text
    assert "░" not in text


def test_the_path_leads_there_from_the_folder_at_hand(clone):
    done = run(["assignment3"], clone.file("assignment3").parent)

    assert place_named(done.stdout)[0] == "closures.py"


def test_in_a_notebook_it_is_a_cell(clone):
    path = clone.file("assignment3").with_suffix(".ipynb")
    notebook = json.loads(path.read_text("utf-8"))
    setup = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    setup["source"] = "x = 1  # begun, and nothing of it asked for"
    path.write_text(json.dumps(notebook), "utf-8")
    done = run(["assignment3"], clone.root)
    said = done.stdout.partition("closures.ipynb and read down to cell ")[2]
    cell, line = (int(n) for n in said.partition(".")[0].split(", line "))

    source = notebook["cells"][cell - 1]["source"]
    lines = source.split("\n") if isinstance(source, str) else source
    assert "raise NotImplementedError(" in lines[line - 1]
    assert "has the same content" not in done.stdout


@pytest.mark.parametrize("arguments", [["-v"], ["--only", "test_add"]])
def test_who_asks_for_tests_gets_tests(clone, arguments):
    text = run(["assignment3", *arguments], clone.root).stdout

    assert "You haven't started this one yet" not in text
    assert "0/" in text


def test_what_is_begun_is_answered_with_tests(clone):
    clone.write("assignment2", WRONG)
    text = run(["assignment2"], clone.root).stdout

    assert "You haven't started this one yet" not in text
    assert "✗ exp" in text


def with_a_failure(report: Report) -> Report:
    first, *rest = report.tests
    wrong = msgspec.structs.replace(rest[0], status="failed", place=None)
    return msgspec.structs.replace(report, tests=(first, wrong, *rest[1:]))


def test_a_stub_that_is_wrong_on_purpose_is_not_begun_until_it_is_touched(clone):
    report, third = with_a_failure(STUBBED), clone.course.assignment("assignment3")
    assert steps.not_begun(report, clone.course, third) == report.tests[0]
    clone.write("assignment3")

    assert steps.not_begun(report, clone.course, third) is None
    assert steps.not_begun(STUBBED, clone.course, third) == STUBBED.tests[0]


def test_without_a_place_or_a_verdict_there_is_no_way_to_begin(clone):
    third = clone.course.assignment("assignment3")
    blind = [msgspec.structs.replace(test, place=None) for test in STUBBED.tests]

    for report in (
        msgspec.structs.replace(STUBBED, tests=tuple(blind)),
        SAMPLES["broken"].report(),
        SAMPLES["right"].report(),
    ):
        assert steps.not_begun(report, clone.course, third) is None


@pytest.mark.parametrize("width", range(40, 101, 7))
@pytest.mark.parametrize("watched", [False, True])
def test_the_way_to_begin_fits_every_screen(clone, width, watched):
    third, style = clone.course.assignment("assignment3"), Style(width, unicode=False)
    text = terminal.render(STUBBED, third, style=style, course=clone.course, watched=watched)
    lines = click.unstyle(text).split("\n")

    assert len(lines) <= 22
    assert max(map(len, lines)) <= width or width < 60  # a path is not broken
    assert any("grade assignment3" in line for line in lines) is not watched


def test_what_the_learner_wrote_cannot_rewrite_the_screen(clone):
    place = Place("\x1b[2J.py, line 3", "f\u202e")
    evil = [msgspec.structs.replace(t, place=place, message="\x1b]0;x\x07") for t in STUBBED.tests]
    report = msgspec.structs.replace(STUBBED, tests=tuple(evil))
    third = clone.course.assignment("assignment3")
    text = click.unstyle(terminal.render(report, third, course=clone.course))

    assert "You haven't started this one yet" in text
    assert all(c.isprintable() or c == "\n" for c in text)


def test_a_notebook_shows_no_rows_without_a_result(clone):
    third = clone.course.assignment("assignment3")
    wrong = with_a_failure(STUBBED)
    fresh = inline(wrong, third, course=clone.course)
    clone.write("assignment3")
    begun = inline(wrong, third, course=clone.course)

    for text, rows in ((fresh, False), (begun, True)):
        assert ("All tests" in text) is rows
        assert ("What went wrong" in text) is rows
    assert "Next, in <code>manual_gradients</code>, closures.py, line " in fresh


def test_after_full_marks_comes_the_next_file(clone):
    clone.write("assignment1")
    done = run(["assignment1"], clone.root)
    elsewhere = run(["assignment1"], clone.file("assignment1").parent)
    start = "and run: grade assignment2 --watch"

    assert f"Next: open assignments/assignment2/operators.py {start}" in flat(done.stdout)
    assert f"Next: open ../assignment2/operators.py {start}" in flat(elsewhere.stdout)
    assert "--hint" not in done.stdout


def flat(text: str) -> str:
    return " ".join(text.split())


def test_what_comes_next_suits_the_place_where_it_is_read(clone, monkeypatch):
    monkeypatch.chdir(clone.root)
    first, *_, last = clone.course.assignments
    finale = msgspec.structs.replace(clone.course, finale=object())
    right = msgspec.structs.replace(SAMPLES["right"].report(), assignment=first.name)

    watched = steps.after(clone.course, first, watched=True)
    assert watched == "Next: open assignments/assignment2/operators.py and press n here."
    notebook = steps.after(clone.course, first, within=True)
    assert notebook == "Next: open assignments/assignment2/operators.ipynb."
    assert f"All tests pass. {notebook}" in inline(right, first, course=clone.course)
    of_notebook = msgspec.structs.replace(right.submission, name="value.ipynb")
    done = msgspec.structs.replace(right, submission=of_notebook)
    there = "open assignments/assignment2/operators.ipynb and run: grade assignment2 --watch"
    assert there in flat(click.unstyle(terminal.render(done, first, course=clone.course)))
    assert there in flat(click.unstyle(progress.render(clone.course, [done, None, None])))
    assert steps.after(clone.course, last) == ""
    assert steps.after(finale, last) == "Next: grade finale"


def test_after_full_marks_there_is_something_to_compare_with(clone, monkeypatch):
    monkeypatch.chdir(clone.root)
    answers = clone.root / "solutions/assignment1/answers.md"
    answers.write_text("# After assignment 1\n")

    said = steps.after(clone.course, clone.course.assignments[0])
    assert said.startswith(
        f"To compare and go further, see solutions/assignment1/{answers.name}. Next:"
    )


def test_of_others_work_nothing_comes_next(clone):
    path = clone.root / "solutions/assignment1/value.py"
    done = run(["assignment1", "--solution"], clone.root)

    assert path.exists()
    assert "All tests pass.\n" in done.stdout
    assert "Next:" not in done.stdout


def test_full_marks_of_what_ran_are_called_so():
    report = SAMPLES["right"].report()
    lacking = msgspec.structs.replace(report.tests[0], status="not_run")

    assert wording.all_right(report) == "All tests pass."
    some = msgspec.structs.replace(report, tests=(lacking, *report.tests[1:]))
    assert wording.all_right(some) == "Every test that ran passes."
    assert wording.not_run(report) == []
    assert wording.not_run(some) == ["Not run: Gradients by hand. "]


def test_a_place_is_named_in_what_to_do_next() -> None:
    place = Place("closures.py, line 7", "add")
    test = TestReport("t", "t", "add", "not_implemented", 0, 2, visible=True, message="Add.")
    report = msgspec.structs.replace(STUBBED, tests=(msgspec.structs.replace(test, place=place),))
    said = wording.next_step(report, ASSIGNMENT)
    assert said.startswith("Next, in `add`, closures.py, line 7: Add. Stuck?")
