"""What other programs get: valid, safe to open, and no score where there is no verdict."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest

from autograder.classroom import exports
from autograder.classroom.exports import ExportError
from autograder.classroom.grades import Grade, of_tests
from autograder.classroom.layouts import CANVAS, LAYOUTS
from autograder.classroom.names import file_stem
from autograder.classroom.results import Result

from ..feedback.samples import SAMPLES


def result(learner, kind):
    report = SAMPLES[kind].report() if kind else None
    return Result(learner, file_stem(learner), "0" * 64, report)


CLASS = [
    result("ann", "right"),
    result("=cmd|' /C calc'!A0", "wrong"),
    result("doejane_12345", "stubbed"),
    result("evil\x00\x1b[2J\u202e", "hostile"),
    result("none", None),
    result("zoë", "broken"),
]
OURS = msgspec.structs.replace(SAMPLES["broken"].report(), status="grader_error", reason="We.")


def rows(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_table_has_a_line_a_learner_and_a_column_a_test():
    head, *lines = rows(exports.table(CLASS))

    assert [line[0] for line in lines] == [
        "ann", "'=cmd|' /C calc'!A0", "doejane_12345", "evil\\x00\\x1b[2J\\u202e", "none", "zoë",
    ]  # fmt: skip
    assert {len(line) for line in lines} == {len(head)}
    by_name = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    report = CLASS[0].report
    assert by_name["ann"]["score"] == by_name["ann"]["max_score"] == f"{report.max_score:g}"
    assert float(by_name["ann"][report.tests[0].name]) == report.tests[0].score
    assert by_name["doejane_12345"]["score"] == "0"
    assert (by_name["zoë"]["score"], by_name["zoë"]["status"]) == ("", "ungradable")
    assert by_name["zoë"]["reason"]
    assert (by_name["none"]["score"], by_name["none"]["status"]) == ("", "not graded yet")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(name):
    (_, line) = rows(exports.table([result(name, None)]))

    assert line[0].startswith(("'", "\\t"))


def test_canvas_without_a_roster():
    text, notes = exports.canvas(of_tests(CLASS), "Closures", None, CANVAS)
    head, *lines = rows(text)

    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Closures"]
    assert notes == []
    assert ["doejane_12345", "12345", "", "", "", "0"] in lines
    assert ["ann", "", "", "ann", "", f"{CLASS[0].report.score:g}"] in lines
    assert "zoë" not in text  # no verdict, no points
    assert "none" not in text


def test_canvas_with_a_roster(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Closures (77),Other\n"
        "    Points Possible,,,,,30,10\n"
        '"Doe, Jane",12345,s1,jane,A,,\n'
        '"Ann, A.",2,s2,ann,A,,\n'
        '"Nobody, N.",3,s3,nn,B,5,\n',
        "utf-8",
    )

    text, notes = exports.canvas(of_tests(CLASS), "Closures", roster, CANVAS)
    head, *lines = rows(text)

    assert head[-1] == "Closures (77)"
    assert [line[:2] + line[-1:] for line in lines] == [
        ["Doe, Jane", "12345", "0"],
        ["Ann, A.", "2", f"{CLASS[0].report.score:g}"],
        ["Nobody, N.", "3", ""],
    ]
    assert notes == [
        f"Not in {roster}: =cmd|' /C calc'!A0",
        f"Not in {roster}: evil\\x00\\x1b[2J\\u202e",
    ]


@pytest.mark.parametrize("layout", ["", *(each.of for each in LAYOUTS if each.of != CANVAS)])
def test_another_systems_number_is_nobodys_in_canvas(layout, tmp_path):
    """`doejane_12345` of Moodle is not who has the number 12345 in Canvas."""
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Closures (7)\n"
        '"Else, S.",12345,s1,else,A,\n'
        "doejane_12345,8,s2,jane,A,\n",
        "utf-8",
    )
    text, _ = exports.canvas(of_tests(CLASS), "Closures", None, layout)
    _, *lines = rows(text)
    filled, _ = exports.canvas(of_tests(CLASS), "Closures", roster, layout)
    _, *filled_lines = rows(filled)

    assert ["doejane_12345", "", "", "doejane_12345", "", "0"] in lines
    assert [line[1] + ":" + line[-1] for line in filled_lines] == ["12345:", "8:0"]


def test_a_roster_that_is_none(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    (tmp_path / "bin.csv").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ExportError, match="is not a Canvas gradebook"):
        exports.canvas(of_tests(CLASS), "Closures", tmp_path / "x.csv", CANVAS)
    with pytest.raises(ExportError, match="can't be read"):
        exports.canvas(of_tests(CLASS), "Closures", tmp_path / "bin.csv", CANVAS)


@pytest.mark.parametrize("kind", ["right", "wrong", "hostile", "raising", "stubbed"])
def test_gradescope(kind):
    report = SAMPLES[kind].report()

    content = json.loads(exports.gradescope(report))

    assert content["score"] == report.score
    ran = [test for test in report.tests if test.status != "not_run"]
    assert [t["max_score"] for t in content["tests"]] == [test.max_score for test in ran]
    assert sum(t["score"] for t in content["tests"]) == pytest.approx(report.score)
    assert {t["status"] for t in content["tests"]} <= {"passed", "failed"}
    for shown, test in zip(content["tests"], ran, strict=True):
        assert shown["name"] == test.title  # never the test's own name
        assert shown["visibility"] == ("visible" if test.visible else "after_published")
        assert test.name not in json.dumps(shown)


HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,"


@pytest.mark.parametrize(
    ("columns", "column", "said"),
    [
        (
            "Other (1)",
            None,
            r"no column 'Closures'. Its assignments: Other \(1\). Say which: --col",
        ),
        ("Other (1)", "Homework", "no column 'Homework'"),
        ("Closures (1),Closures (2)", None, "several columns 'Closures'"),
    ],
)
def test_a_column_that_is_not_found_is_an_error_and_no_new_column(columns, column, said, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(f"{HEAD}{columns}\n", "utf-8")

    with pytest.raises(ExportError, match=said):
        exports.canvas(of_tests(CLASS), "Closures", roster, CANVAS, column=column)


def test_a_column_may_be_named_and_its_points_are_compared(tmp_path):
    roster = tmp_path / "roster.csv"
    points = '"    Points Possible",,,,,33.0,30.0'
    roster.write_text(f'{HEAD}Week 3 (1),Other (2)\n{points}\n"A, Ann",2,s2,ANN,A,,\n', "utf-8")
    ann = Grade("ann", 31.5, 32)

    text, notes = exports.canvas([ann], "Closures", roster, "", column="Week 3")

    assert rows(text)[1:] == [["A, Ann", "2", "s2", "ANN", "A", "31.5"]]
    assert notes == ["Week 3 (1) has 33.0 points in Canvas, and 32 here."]
    assert exports.canvas([ann], "", roster, "", column="Other (2)")[1] == [
        "Other (2) has 30.0 points in Canvas, and 32 here."
    ]


def test_two_learners_of_one_line_are_told(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(f'{HEAD}Closures (1)\n"A, Ann",2,s2,ann,A,\n', "utf-8")

    with pytest.raises(ExportError, match=r"ann and Ann A are the same line of .*: A, Ann"):
        exports.canvas([Grade("ann", 1, 2), Grade("Ann A", 2, 2)], "Closures", roster, "")


def not_run(kind="right"):
    """A report in which one test did not run, as without a package."""
    report = SAMPLES[kind].report()
    first, *others = report.tests
    first = msgspec.structs.replace(first, status="not_run", score=0)
    most = report.max_score - first.max_score
    score = sum(test.score for test in others)
    return msgspec.structs.replace(report, tests=(first, *others), score=score, max_score=most)


def test_what_did_not_run_is_never_exported_as_points():
    ran, lacking = CLASS[0], Result("bob", "bob", "0" * 64, not_run())

    grades = list(of_tests([ran, lacking, *CLASS[4:], Result("x", "x", None, None, missing=True)]))
    text, _ = exports.canvas(grades, "Closures", None, "")
    content = json.loads(exports.gradescope(not_run()))

    assert [(each.learner, each.why) for each in grades if each.score is None] == [
        ("bob", "tests did not run because a package is missing here"),
        ("none", "not graded yet"),
        ("zoë", "cannot be graded"),
        ("x", "handed in nothing"),
    ]
    assert [line[0] for line in rows(text)[1:]] == ["ann"]
    assert "score" not in content
    assert "tests" not in content
    assert "did not run" in content["output"]


def test_what_the_gradebook_says_is_exported():
    """31.5 of 32, and not the 30 of the tests."""
    report = CLASS[0].report
    ann = Grade("ann", 31.5, 32, tests=30, by_hand=2, penalty=0.5, waiting=1)

    content = json.loads(exports.gradescope(report, grade=ann))
    head, *lines = rows(exports.table(CLASS, {"ann": ann}))
    first, second = (dict(zip(head, line, strict=True)) for line in lines[:2])

    assert content["score"] == 31.5
    assert content["tests"][-1] == {
        "name": "Points",
        "output": "31.5 points: 30 for the tests, 2 by hand, -0.5 for being late.",
        "visibility": "after_published",  # with the hidden tests' points, and not before
    }
    jsonschema.validate(content, GRADESCOPE)
    assert (first["score"], first["max_score"]) == ("31.5", "32")
    assert (first["tests"], first["by_hand"], first["late_penalty"]) == ("30", "2", "0.5")
    assert (second["score"], second["tests"]) == ("", "")  # it is not in the gradebook
    assert first[report.tests[0].name] == f"{report.tests[0].score:g}"


GRADESCOPE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "output": {"type": "string"},
        "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "output": {"type": "string"},
                    "visibility": {"$ref": "#/properties/visibility"},
                },
            },
        },
    },
}
"""What we use of gradescope-autograders.readthedocs.io/en/latest/specs, section Output format."""


@pytest.mark.parametrize("kind", SAMPLES)
def test_gradescope_takes_it(kind):
    jsonschema.validate(json.loads(exports.gradescope(SAMPLES[kind].report())), GRADESCOPE)


def test_gradescope_without_a_verdict():
    content = json.loads(exports.gradescope(SAMPLES["broken"].report()))

    assert "score" not in content  # a run that failed, and no points
    assert content["output"]
    assert "tests" not in content


def test_junit_is_well_formed_whatever_learners_write():
    text = exports.junit([*CLASS, Result("ours", "ours", None, OURS)], "assignment3")

    root = ET.fromstring(text)
    suites = {suite.get("name"): suite for suite in root}
    assert len(suites) == 7
    right = suites["ann"]
    assert right.get("tests") == str(len(CLASS[0].report.tests))
    assert right.get("failures") == right.get("errors") == right.get("skipped") == "0"
    assert int(suites["=cmd|' /C calc'!A0"].attrib["failures"]) >= 1
    assert suites["ours"].get("errors") == suites["zoë"].get("errors") == "1"
    assert suites["none"].get("skipped") == "1"
    assert int(suites["doejane_12345"].attrib["skipped"]) > 1


JUNIT = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped"}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"skipped", "error", "failure"}),
    **dict.fromkeys(("skipped", "error", "failure"), ({"type", "message"}, set())),
}
"""Attributes and children, as in the schema of Jenkins's xUnit plugin, junit-10.xsd."""


def test_junit_has_what_its_readers_know_and_no_more():
    root = ET.fromstring(exports.junit(CLASS, "assignment3"))

    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = JUNIT[element.tag]
        assert set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
    for suite in root:
        counts = {
            kind: len(suite.findall(f"testcase/{kind}")) for kind in ("failure", "error", "skipped")
        }
        assert suite.attrib["tests"] == str(len(suite))
        assert [suite.attrib[name] for name in ("failures", "errors", "skipped")] == [
            str(counts[kind]) for kind in ("failure", "error", "skipped")
        ]
