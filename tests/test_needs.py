"""A test that the machine cannot run says why, and how it could; where nothing may be skipped, it fails."""

import pytest

from tests import needs

pytest_plugins = ["pytester"]

HOOKS = """
from tests.conftest import (
    pytest_addoption, pytest_collection_modifyitems, pytest_configure, pytest_runtest_makereport, pytest_runtest_setup, pytest_sessionfinish,
)
"""
TESTS = """
import pytest

@pytest.fixture(params=[pytest.param("there", marks=pytest.mark.requires("sold out"))])
def thing(request):
    raise AssertionError("made in vain")

def test_one(thing): pass

@pytest.mark.requires("sold out", "out of reach")
def test_both(): pass

@pytest.mark.requires("at hand")
def test_neither(): pass

@pytest.mark.long
def test_long(): pass
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Run some tests on a machine that lacks a program and a network."""
    monkeypatch.setattr(
        needs,
        "NEEDS",
        {
            "sold out": needs.program("sold-out", apt="warehouse"),
            "out of reach": needs.Need(lambda: "it is too far", advice="come closer"),
            "at hand": needs.Need(lambda: None, pip="never"),
        },
    )
    monkeypatch.delenv("NOTHING_SKIPPED", raising=False)
    pytester.makeconftest(HOOKS)
    pytester.makepyfile(TESTS)
    needs.missing.cache_clear()
    yield lambda: pytester.runpytest_inprocess("-rs", "-p", "no:cacheprovider")
    needs.missing.cache_clear()


def test_skipped_with_the_command_that_installs_it(run):
    result = run()

    result.assert_outcomes(passed=1, skipped=2, deselected=1)
    result.stdout.fnmatch_lines("SKIPPED*sold-out is not installed: *install warehouse")
    *_, last = result.outlines
    assert last.startswith("Skipped for want of out of reach (1), sold out (2). With them: ")
    assert last.endswith("install warehouse")
    assert "never" not in last


def test_where_nothing_may_be_skipped_it_fails(run, monkeypatch):
    monkeypatch.setenv("NOTHING_SKIPPED", "1")
    result = run()

    result.assert_outcomes(passed=1, errors=2, deselected=1)
    result.stdout.fnmatch_lines("NOTHING_SKIPPED is set. Skipped: sold-out is not installed: *")
    assert not [line for line in result.outlines if line.startswith("Skipped for want of")]


def test_long_ones_are_left_out_where_nobody_asks_for_them(run, pytester, monkeypatch):
    monkeypatch.chdir(pytester.path)
    pytester.makeini("[pytest]\ntestpaths = .")
    few = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    asked = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--long")
    named = pytester.runpytest_inprocess("-p", "no:cacheprovider", ".")

    few.assert_outcomes(passed=1, skipped=2, deselected=1)
    assert "The long tests were left out. With them: pytest --long" in few.outlines
    for each in (asked, named):
        each.assert_outcomes(passed=2, skipped=2)
        assert "The long tests were left out. With them: pytest --long" not in each.outlines


def test_one_command_installs_all():
    some = [needs.Need(lambda: None, pip=name) for name in ("b", "a", "b")]

    assert needs.install(some).endswith(" -m pip install a b")
    assert needs.install([]) == ""
    assert needs.Need(lambda: "no", advice="come closer").how() == "come closer"
