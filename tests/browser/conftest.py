"""A site, made once for all tests that visit it."""

import pytest
from click.testing import CliRunner

from autograder.cli.course import main
from tests.conftest import ROOT


@pytest.fixture(
    scope="session",
    params=[pytest.param("site", marks=[pytest.mark.requires("npm"), pytest.mark.long])],
)
def site(tmp_path_factory):
    """What `course site` makes of the course, in a subfolder."""
    folder = tmp_path_factory.mktemp("host") / "course"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        done = CliRunner().invoke(main, ["site", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return folder
