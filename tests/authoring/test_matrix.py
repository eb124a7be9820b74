"""The heat map of wrong engines by tests."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from autograder.authoring.check import CheckResult
from autograder.authoring.matrix import page
from tests.feedback.samples import COURSE, SAMPLES


def test_a_row_is_an_engine_and_the_test_that_must_catch_it_is_marked() -> None:
    reports = [sample.report() for sample in SAMPLES.values()]
    wrong = next(r for r in reports if any(test.status == "failed" for test in r.tests))
    caught = next(test.name for test in wrong.tests if test.status == "failed")
    result = CheckResult()
    result.caught["<odd>"], result.named["<odd>"] = wrong, caught

    text = page(COURSE, {"assignment3": result, "assignment4": CheckResult()})

    assert text.count("<table>") == 1
    assert "&lt;odd&gt;" in text
    table = ET.fromstring(text[text.index("<tbody>") : text.index("</tbody>")] + "</tbody>")
    (row,) = table
    cells = row.findall("td")
    assert len(cells) == len(wrong.tests)
    marked = [test.name for test, cell in zip(wrong.tests, cells, strict=True) if cell.text == "×"]
    assert marked == [caught]
    for test, cell in zip(wrong.tests, cells, strict=True):
        assert (cell.get("class") == "passed") is (test.status == "passed")
