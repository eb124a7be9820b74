"""A warning of ours fails its test; what a newer release of a package says does not."""

import tomllib

import pytest

from tests.conftest import ROOT

pytest_plugins = ["pytester"]

PACKAGE = """
import warnings

warnings.warn("this release is odd", UserWarning)

def old():
    warnings.warn("call new() instead", DeprecationWarning, stacklevel=2)

def careless():
    warnings.warn("the argument looks wrong", UserWarning, stacklevel=2)
"""
TESTS = """
import someone

def test_an_import_that_warns_of_itself(): pass

def test_a_call_that_grew_old():
    someone.old()

def test_a_warning_about_how_we_call():
    someone.careless()
"""


@pytest.fixture
def results(pytester):
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    lines = "\n    ".join(table["ini_options"]["filterwarnings"])
    pytester.makeini(f"[pytest]\nfilterwarnings =\n    {lines}\n")
    pytester.makepyfile(someone=PACKAGE)
    pytester.mkdir("tests").joinpath("test_ours.py").write_text(TESTS)
    pytester.syspathinsert()
    plain = ("-p", "no:cacheprovider", "--import-mode=importlib", "-ra")
    return lambda *more: pytester.runpytest_inprocess(*plain, *more)


def test_what_packages_say_is_shown(results):
    result = results()

    result.assert_outcomes(passed=2, failed=1, warnings=2)
    result.stdout.fnmatch_lines("*this release is odd*")
    result.stdout.fnmatch_lines("FAILED *::test_a_warning_about_how_we_call *")


def test_in_ci_all_of_it_fails(results):
    result = results("-W", "error")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*UserWarning: this release is odd*")
