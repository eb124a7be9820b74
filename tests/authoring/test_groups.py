"""Test groups: computed from the suites, they hold each test once and all of the points."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from autograder import course
from autograder.authoring import groups as grouping
from autograder.authoring.groups import groups
from autograder.grading import suite as suites
from autograder.grading.suite import SuiteError

COURSE = course.load(Path(__file__).resolve().parents[2])


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda a: a.name)
def test_every_test_is_in_one_group_and_all_points_are_shared_out(assignment):
    found, tasks = groups(assignment), suites.tasks(assignment)

    names = [name for group in found for name in group.tests]
    assert names == [task.name for task in tasks]
    assert sum(group.points for group in found) == sum(task.points for task in tasks)
    grade_ids = [group.grade_id for group in found]
    assert len(set(grade_ids)) == len(grade_ids)
    visible = {task.name: task.visible for task in tasks}
    for group in found:
        assert group.grade_id == (group.part if group.visible else f"{group.part}-hidden")
        assert {visible[name] for name in group.tests} == {group.visible}
        assert group.notebook in {f"{file.module}.ipynb" for file in assignment.files}


def test_groups_stand_in_course_order_visible_before_hidden():
    (assignment,) = (a for a in COURSE.assignments if a.name == "assignment3")

    assert [group.grade_id for group in groups(assignment)][:4] == [
        "manual",
        "manual-hidden",
        "add",
        "add-hidden",
    ]


def test_a_part_whose_tests_judge_two_files(monkeypatch):
    assignment = COURSE.assignment("assignment9")
    first, *rest = suites.tasks(assignment)
    monkeypatch.setattr(
        grouping, "tasks", lambda _: (first, structs.replace(first, file="beyond_torch.py"), *rest)
    )

    with pytest.raises(SuiteError, match=r"assignment9: the tests of 'log' judge \['beyond.py', "):
        groups(assignment)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(None, "has no suite: .* holds no test_", id="none"),
        pytest.param("def f(:\n", "nowhere: ", id="no Python"),
        pytest.param("", "nowhere has no test yet", id="no test"),
        pytest.param("def test_a(learner): pass\n", "has no entry in hints.toml", id="no marks"),
    ],
)
def test_a_suite_that_cannot_be_listed(tmp_path, monkeypatch, text, message):
    assignment = structs.replace(COURSE.assignment("assignment3"), name="nowhere")
    suite = tmp_path / "nowhere"
    suite.mkdir()
    (suite / "hints.toml").write_text("[parts.a]\n", "utf-8")
    if text is not None:
        (suite / "test_visible.py").write_text(text, "utf-8")
    monkeypatch.setattr(suites, "SUITES", tmp_path)

    with pytest.raises(SuiteError, match=message):
        groups(assignment)
