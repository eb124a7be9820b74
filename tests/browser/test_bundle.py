"""The editor that lies in the repository is what its own command makes."""

import os
import shutil
import subprocess

import pytest

from autograder.authoring import fetched
from tests.conftest import ROOT

WEB = ROOT / "autograder" / "web"


@pytest.mark.long
@pytest.mark.requires("npm")
def test_the_bundle_is_made_by_its_command(tmp_path):
    shutil.copytree(
        WEB / "editor", tmp_path / "editor", ignore=shutil.ignore_patterns("node_modules")
    )
    (tmp_path / "static").mkdir()
    env = {**os.environ, "PATH": fetched.path()}
    for words in (["ci", "--silent"], ["run", "build", "--silent"]):
        command = [*fetched.npm_command(), *words]
        subprocess.run(command, cwd=tmp_path / "editor", env=env, check=True, capture_output=True)

    made = (tmp_path / "static" / "editor.js").read_bytes()

    assert made == (WEB / "static" / "editor.js").read_bytes()
