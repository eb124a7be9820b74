"""How pytest is loaded for a suite."""

import subprocess
import sys

from tests.conftest import ROOT

NEEDED = """
from autograder.cli.grade import main
from autograder.grading import suite

def needed(self, name):
    print("needed")
    raise ImportError(name)

suite._StandIn.__getattr__ = needed
main(["assignment0", "--solution"])
"""


def test_a_pytest_that_needs_a_module_that_is_left_out_gets_it():
    done = subprocess.run(
        [sys.executable, "-c", NEEDED], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("needed\n")
    assert "All tests pass" in done.stdout
