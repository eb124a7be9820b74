"""The micrograd package's own tests pass on our engines."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from micrograd_ref import engine

ROOT = Path(__file__).resolve().parents[1]
ENGINES = {
    "the reference": Path(engine.__file__),
    "assignment5's solution": ROOT / "solutions/assignment5/accumulation.py",
}


pytestmark = [pytest.mark.long, pytest.mark.requires("network", "torch")]


@pytest.fixture(scope="module")
def their_tests(tmp_path_factory):
    """The test file of the package's source distribution, which is fetched, not kept here."""
    folder = tmp_path_factory.mktemp("sdist")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary"]
    subprocess.run(
        [*command, ":all:", "--dest", str(folder), "micrograd==0.1.0"], timeout=300, check=True
    )
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith("test/test_engine.py"))
        content = archive.extractfile(member)
        assert content is not None
        return content.read().decode()


@pytest.mark.parametrize("name", ENGINES)
def test_the_packages_own_tests_pass_on(name, their_tests, tmp_path):
    from autograder.submission.percent import without_demos

    package = tmp_path / "micrograd"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "engine.py").write_text(without_demos(ENGINES[name].read_text("utf-8")), "utf-8")
    (tmp_path / "test_engine.py").write_text(their_tests, "utf-8")

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_engine.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert "2 passed" in result.stdout, result.stdout + result.stderr
