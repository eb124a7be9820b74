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
    assert (by_name["none"]["score"], by_name["none"]["status"]) == ("", "not judged yet")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(name):
    (_, line) = rows(exports.table([result(name, None)]))

    assert line[0].startswith(("'", "\\t"))


def test_canvas_without_a_roster():
    text, unknown = exports.canvas(CLASS, "Closures", None, CANVAS)
    head, *lines = rows(text)

    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Closures"]
    assert unknown == []
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

    text, unknown = exports.canvas(CLASS, "Closures", roster, CANVAS)
    head, *lines = rows(text)

    assert head[-1] == "Closures (77)"
    assert [line[:2] + line[-1:] for line in lines] == [
        ["Doe, Jane", "12345", "0"],
        ["Ann, A.", "2", f"{CLASS[0].report.score:g}"],
        ["Nobody, N.", "3", ""],
    ]
    assert unknown == ["=cmd|' /C calc'!A0", "evil\x00\x1b[2J\u202e"]


@pytest.mark.parametrize("layout", ["", *(each.of for each in LAYOUTS if each.of != CANVAS)])
def test_another_systems_number_is_nobodys_in_canvas(layout, tmp_path):
    """`doejane_12345` of Moodle is not who has the number 12345 in Canvas."""
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        '"Else, S.",12345,s1,else,A\n'
        "doejane_12345,8,s2,jane,A\n",
        "utf-8",
    )
    text, _ = exports.canvas(CLASS, "Closures", None, layout)
    _, *lines = rows(text)
    filled, _ = exports.canvas(CLASS, "Closures", roster, layout)
    _, *filled_lines = rows(filled)

    assert ["doejane_12345", "", "", "doejane_12345", "", "0"] in lines
    assert [line[1] + ":" + line[-1] for line in filled_lines] == ["12345:", "8:0"]


def test_a_roster_that_is_none(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    (tmp_path / "bin.csv").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ExportError, match="is not a gradebook of Canvas"):
        exports.canvas(CLASS, "Closures", tmp_path / "x.csv", CANVAS)
    with pytest.raises(ExportError, match="cannot be read"):
        exports.canvas(CLASS, "Closures", tmp_path / "bin.csv", CANVAS)


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
