"""`grade finale`: the learner's own three files work together."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = {
    "assignment5": "accumulation.py",
    "assignment7": "nn.py",
    "assignment8": "training.py",
}


@pytest.fixture
def their_course(tmp_path):
    """A course folder in which a learner has done the three assignments."""
    shutil.copy(ROOT / "course.toml", tmp_path)
    for name, file in FILES.items():
        folder = tmp_path / "assignments" / name
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / name / file, folder)
    return tmp_path


def grade_finale(folder, *options):
    command = "from autograder.cli.grade import main; main()"
    return subprocess.run(
        [sys.executable, "-c", command, "finale", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.long
def test_it_trains_two_moons_with_their_code(their_course):
    result = grade_finale(their_course, "--html", "finale.html")

    assert result.returncode == 0, result.stdout + result.stderr
    assert "g 24.7041, a.grad 138.8338, b.grad 645.5773" in " ".join(result.stdout.split())
    page = (their_course / "finale.html").read_text("utf-8")
    assert "After 100 steps: " in page
    assert page.count('<path d="M') > 21
    share = re.search(r"(\d+)% accuracy", result.stdout)
    assert share
    assert int(share[1]) >= 95
    assert (their_course / "finale.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("assignment5", "self.grad += other.data", "self.grad = other.data", "gradients aren't"),
        ("assignment7", "class MLP(", "class MPL(", "cannot import name 'MLP'"),
        ("assignment7", "return total.tanh()", "return total.relu()", "but its parameters give"),
        ("assignment8", "def train(", "def trian(", "does not define `train`"),
        ("assignment8", "model.zero_grad()", "pass", "doesn't set the gradients to 0"),
        ("assignment8", "data -= learning_rate", "data += learning_rate", "goes uphill"),
        (
            "assignment8",
            "data -= learning_rate",
            "data -= 0 * learning_rate",
            "change any parameter",
        ),
        ("assignment8", "    return losses", "    return None", "should return a list of numbers"),
    ],
)
def test_what_is_not_done_yet_is_named(their_course, name, old, new, said):
    path = their_course / "assignments" / name / FILES[name]
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    result = grade_finale(their_course)

    assert result.returncode == 2, result.stdout + result.stderr
    assert said in " ".join(result.stdout.split())
    assert "Training on two moons" not in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("options", [["--watch"], ["--only", "add"], ["--json"], ["--hint"]])
def test_what_it_does_not_know_is_refused(their_course, options):
    result = grade_finale(their_course, *options)

    assert result.returncode == 2
    assert "It only takes --html FILE and --solution." in result.stderr


def test_a_missing_file_is_named(their_course):
    shutil.rmtree(their_course / "assignments" / "assignment7")

    result = grade_finale(their_course)

    assert result.returncode == 2
    assert "assignment7" in result.stdout
