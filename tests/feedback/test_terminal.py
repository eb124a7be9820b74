"""One screen: one failure shown well, in its order, and the one thing to do next."""

from __future__ import annotations

import click
import msgspec
import pytest

from autograder.feedback import terminal
from autograder.feedback.style import Style
from autograder.feedback.wording import failures, next_step, pair, pasted
from autograder.report import (
    Counterexample,
    Edge,
    Graph,
    Misconception,
    Node,
    PartTitle,
    Prediction,
    Report,
    SubmittedFile,
    TestReport,
)
from tests.feedback.samples import ASSIGNMENT, SAMPLES

SCREEN = Style(width=80, unicode=True, height=24)


def lines_of(report, style=SCREEN, **how):
    return click.unstyle(terminal.render(report, ASSIGNMENT, style=style, **how)).split("\n")


def rows(lines, width=80):
    return sum(max(1, -(-len(line) // width)) for line in lines)


def failed(name, part, **facts):
    return TestReport(name, f"the title of {name}", part, "failed", 0, 2, visible=True, **facts)


def passed(name, part):
    return TestReport(name, f"the title of {name}", part, "passed", 2, 2, visible=True)


def report_of(*tests, predictions=()):
    score, most = sum(t.score for t in tests), sum(t.max_score for t in tests)
    facts = SubmittedFile("closures.py", "0" * 64)
    return Report(
        1, "0", "0", ASSIGNMENT.name, facts, "graded", None, score, most, "bubblewrap", tests,
        predictions, parts=(PartTitle("manual", "Gradients by hand"), PartTitle("exp", "exp")),
    )  # fmt: skip


def worst():
    """As much as a report may ever say of one failure, among many."""
    nodes = tuple(Node(n, f"Value({n!r})", 1.0, 2.0, 3.0) for n in "abcde")
    graph = Graph(nodes, (Edge("a", "b", True), Edge("b", "c", False)), "At `c`: " + "words " * 30)
    example = Counterexample(tuple(f"a{i} = Value({i}.0)" for i in range(40)), "a", 1.0, 2.0)
    facts = {
        "message": "a sentence of some length about this\n" * 12,
        "counterexample": example,
        "graph": graph,
        "misconception": Misconception("m", "It was squared, and should not have been. " * 4),
        "output": "printed\n" * 50,
    }
    parts = ("manual", "add", "mul", "pow", "exp", "tanh", "relu", "together")
    tests = [failed(f"{part}{i}", part, **facts) for part in parts for i in range(3)]
    guess = Prediction("what is it?", "2", right=False, answer="3", why="Because. " * 20)
    return report_of(*tests, predictions=(guess, guess))


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_run_fits_one_screen(kind):
    lines = lines_of(SAMPLES[kind].report())

    assert rows(lines) <= 22
    assert all(len(line) <= 80 for line in lines)


def test_even_the_worst_fits_and_says_what_to_do():
    lines = lines_of(worst())

    assert rows(lines) <= 22
    assert any(line.startswith("Next: paste these lines") for line in lines)
    assert "yours  1" in "\n".join(lines)


def test_words_give_way_to_the_lines_to_paste():
    lines = tuple(f"a{i} = Value({i}.0)" for i in range(8))
    facts = {
        "counterexample": Counterexample(lines, "a7", 1.0, 2.0),
        "misconception": Misconception("m", "It was squared, and should not have been. " * 9),
        "output": "printed\n" * 50,
    }
    shown = lines_of(report_of(*(failed(part, part, **facts) for part in ("add", "mul", "exp"))))

    assert rows(shown) <= 22
    assert [line.strip() for line in shown if " = Value(" in line] == list(lines)


def test_a_pipe_has_no_last_line(monkeypatch):
    def no_terminal(_):
        raise OSError

    monkeypatch.delenv("LINES", raising=False)
    monkeypatch.setattr("os.get_terminal_size", no_terminal)

    assert rows(lines_of(worst(), Style.here())) > 60


@pytest.mark.parametrize(
    ("file", "yours", "said"),
    [
        ("closures.py", 1.0, "into a file next to closures.py, run it, and find where your number"),
        ("closures.ipynb", "None", "into a new cell of closures.ipynb, run it, and find where your answer"),
    ],
)  # fmt: skip
def test_the_next_step_fits_the_form_and_the_answer(file, yours, said):
    test = failed("t", "add", counterexample=Counterexample(("a",), "a", yours, 2.0))
    report = msgspec.structs.replace(report_of(test), submission=SubmittedFile(file, "0" * 64))

    assert said in next_step(report, ASSIGNMENT)


def test_a_failure_is_told_in_its_order():
    nodes = (Node("a", "Value(2.0)", 2.0, 3.0, 4.0), Node("b", "a + 1", 3.0, 1.0, 1.0))
    graph = Graph((*nodes, Node("c", "b + 1", 4.0, 1.0, 1.0)), (Edge("a", "b", True), Edge("b", "c", False)), "FIRST WRONG")  # fmt: skip
    test = failed(
        "t", "add", counterexample=Counterexample(("EXAMPLE",), "a", 3.0, 4.0), graph=graph,
        misconception=Misconception("m", "MISCONCEPTION"),
    )  # fmt: skip
    text = "\n".join(lines_of(report_of(test)))

    places = [text.index(w) for w in ("EXAMPLE", "yours", "FIRST WRONG", "MISCONCEPTION", "--hint")]
    assert places == sorted(places)


def test_the_first_failure_alone_is_shown():
    report = SAMPLES["wrong"].report()
    lines = lines_of(report)

    assert sum(line.startswith("  yours") for line in lines) == 1
    assert any(f"(1 of {len(failures(report))})" in line for line in lines)


def test_parts_that_passed_are_one_line():
    report = report_of(passed("a", "manual"), passed("b", "manual"), failed("c", "exp"))
    lines = lines_of(report)

    assert lines[1].split() == ["✓", "Gradients", "by", "hand", "4/4"]
    assert not any("the title of a" in line for line in lines)
    assert any(line.endswith("0/2") and "the title of c" in line for line in lines)


def test_verbose_lists_every_test_with_its_points():
    report = SAMPLES["wrong"].report()
    text = "\n".join(lines_of(report, verbose=True))

    for test in report.tests:
        assert test.title[:60] in text
    assert text.count("  yours  ") == len(failures(report)) > 1


def test_a_mistake_in_mid_line_is_told_with_its_line():
    text = "\n".join(lines_of(SAMPLES["broken"].report()))

    assert "Your file can't be graded yet." in text
    assert "is not valid Python yet" in text


def test_what_the_learner_wrote_cannot_rewrite_the_screen():
    for style in (SCREEN, Style(80, unicode=False)):
        for verbose in (False, True):
            text = terminal.render(
                SAMPLES["hostile"].report(), ASSIGNMENT, style=style, verbose=verbose
            )
            plain = click.unstyle(text)

            assert all(c.isprintable() or c == "\n" for c in plain)


def test_a_terminal_without_unicode_gets_ascii():
    text = "\n".join(lines_of(SAMPLES["wrong"].report(), Style(80, unicode=False)))

    assert text.isascii()


def test_numbers_show_where_they_differ():
    assert pair(1.0, 2.0) == ("1", "2")
    assert pair(1.0000001, 1.0) == ("1.0000001", "1")
    assert pair(0.1 + 0.2, 0.3)[0] != "0.3"
    assert pair("nan", 0.5) == ("nan", "0.5")


def test_a_command_is_never_broken_over_two_lines():
    for width in range(40, 100):
        text = "\n".join(lines_of(SAMPLES["wrong"].report(), Style(width, unicode=True)))

        assert "grade assignment3 --hint" in text


@pytest.mark.parametrize(
    ("lines", "look", "shown"),
    [
        (("a = Value(2.0)", "a.data"), "a.data", ("a = Value(2.0)", "print(a.data)")),
        (("b = a.tanh()",), "b", ("b = a.tanh()", "print(b)")),
        (("a.grad = 1.0",), "a.grad = 1.0", ("a.grad = 1.0",)),
        (("b.backward()",), "b.backward()", ("b.backward()",)),
        (("import math",), None, ("import math",)),
        (
            ("for p in ps: p.grad = 0.0", "class A:", "", "    x = 1", "a.grad"),
            "a.grad",
            ("for p in ps: p.grad = 0.0", "", "class A:", "    x = 1", "", "print(a.grad)"),
        ),
    ],
)
def test_lines_to_paste_print_what_is_looked_at(lines, look, shown):
    test = failed("t", "add", counterexample=Counterexample(lines, look, 1.0, 2.0))

    assert pasted(test) == shown
    if "class A:" not in lines:
        assert pasted(msgspec.structs.replace(test, status="error")) == lines


def test_what_did_not_end_comes_first_and_a_name_before_what_it_brings_about():
    name = Misconception("overwrites", "Your tanh overwrites.")
    tests = (
        failed("test_a", "add"),
        failed("test_b", "add", misconception=name),
        failed("test_c", "tanh", misconception=name),
        TestReport("test_d", "", "tanh", "timeout", 0, 1, visible=True),
    )
    report = msgspec.structs.replace(SAMPLES["wrong"].report(), tests=tests, parts=())

    assert [test.name for test in failures(report)] == ["test_d", "test_b", "test_a", "test_c"]


def test_what_is_right_and_still_worth_knowing_comes_after_full_marks_alone():
    remark = "Your slopes are measured."
    right = msgspec.structs.replace(report_of(passed("a", "mul")), remarks=(remark,))
    wrong = msgspec.structs.replace(report_of(failed("a", "mul")), remarks=(remark,))

    assert remark in lines_of(right)
    assert remark not in lines_of(wrong)
    assert remark in lines_of(wrong, verbose=True)
