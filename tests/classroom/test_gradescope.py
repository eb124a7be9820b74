"""Gradescope's autograder: the zip, and its scripts in their layout, without namespaces."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from autograder import course as courses
from autograder.classroom import gradescope
from autograder.cli.course import main
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_NAMESPACES = Path(__file__).with_name("no_namespaces.py")
COURSE = courses.load(ROOT)
THIRD = COURSE.assignment("assignment3")
RIGHT = (ROOT / "solutions/assignment3/closures.py").read_text("utf-8")
WRONG = RIGHT.replace("self.grad = other.data * out.grad", "self.grad = other.data")
METADATA = {
    "created_at": "2026-02-01T14:00:01.000000-05:00",
    "assignment": {"due_date": "2026-02-01T14:00:00.000000-05:00", "total_points": "30.0"},
    "users": [{"name": "Ann Lee", "email": "ann@example.org", "id": 1}],
    "previous_submissions": [],
}
HOSTILE = """
import os, sys
def reached(what, *arguments):
    try:
        what(*arguments)
    except (OSError, ValueError):
        return
    raise SystemExit(f"reached {what.__name__} {arguments}")
root = ROOT
for place in ("source", "source/kit", "source/kit/autograder/suites", "results"):
    reached(os.listdir, f"{root}/{place}")
for place in ("source/kit/autograder/suites/assignment3/test_hidden.py", "source/kit/autograder/course.toml",
              "submission_metadata.json", "results/results.json"):
    reached(open, f"{root}/{place}")
for place in ("results/results.json", "run_autograder", "grader/bin/python", "submission/closures.py"):
    reached(open, f"{root}/{place}", "a")
reached(os.mkdir, f"{root}/mine")
reached(os.kill, os.getppid(), 9)
reached(os.listdir, f"/proc/{os.getppid()}/fd")
reached(open, f"/proc/{os.getppid()}/environ")
reached(os.setuid, 0)
"""


def made(to: Path, name: str = "assignment3") -> tuple[int, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        done = CliRunner().invoke(main, ["autograder", name, "-o", str(to)])
    return done.exit_code, done.output


# --- the zip -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("zip") / "autograder.zip"
    assert made(to) == (0, f"{to} grades assignment3. Upload it to Gradescope.\n")
    return to


def test_it_holds_one_suite_and_no_solution(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        requirements = archive.read("requirements.txt").decode().split()
        modes = {i.filename: i.external_attr >> 16 & 0o777 for i in archive.infolist()}

    assert {"setup.sh", "run_autograder", "kit/autograder/course.toml"} < set(names)
    assert (modes["setup.sh"], modes["run_autograder"]) == (0o755, 0o755)
    assert "kit/autograder/suites/assignment3/test_hidden.py" in names
    others = [n for n in names if re.search(r"suites/assignment(?!3/)", n)]
    assert others == []
    assert not [n for n in names if re.search(r"solution|/wrong/|/right/|__pycache__|\.pyc", n)]
    assert all("==" in requirement for requirement in requirements)
    assert {requirement.split("==")[0] for requirement in requirements} == {
        "msgspec",
        "numpy",
        "pytest",
    }


def test_a_version_is_pinned_as_an_index_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build for one kind of processor, such as 2.1+cpu, is 2.1 there."""
    monkeypatch.setattr("importlib.metadata.version", lambda name: "2.1+cpu")
    made(tmp_path / "a.zip", "assignment9")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        pinned = archive.read("requirements.txt").decode().split()

    assert "torch==2.1" in pinned
    assert all(requirement.endswith("==2.1") for requirement in pinned)


def test_the_same_again_is_the_same_file(packed: Path, tmp_path: Path) -> None:
    made(tmp_path / "again.zip")

    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()


@pytest.mark.parametrize(
    ("name", "to", "said"),
    [
        ("assignment33", "x.zip", "Did you mean assignment3?"),
        ("assignment3", "no/such/x.zip", "No such file or directory"),
    ],
)
def test_what_cannot_be_made(name: str, to: str, said: str, tmp_path: Path) -> None:
    code, output = made(tmp_path / to, name)

    assert code != 0
    assert said in output


# --- without the scripts -------------------------------------------------------------------------


def test_where_learners_code_would_be_root_nothing_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_sandbox: None
) -> None:
    monkeypatch.setattr("autograder.sandbox.limited.is_another_user", lambda: False)
    report = gradescope.judge(COURSE, THIRD, tmp_path)

    assert report.status == "grader_error"
    assert "would run as root here" in (report.reason or "")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"created_at": 3}', b"\xff"])
def test_metadata_that_is_odd_is_not_known(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(content)

    assert not gradescope.metadata(tmp_path / "m.json").is_late
    assert not gradescope.metadata(tmp_path / "missing.json").is_late


# --- as Gradescope runs it -----------------------------------------------------------------------


@dataclass(frozen=True)
class Container:
    """Their layout, in a folder: the zip unpacked in source/, setup.sh run, run_autograder copied."""

    root: Path

    def run(self, files: dict[str, str]) -> tuple[int, dict[str, Any], str]:
        """A submission: the exit code, results.json, and what the instructor sees."""
        for name in ("submission", "results"):
            shutil.rmtree(self.root / name, ignore_errors=True)
            (self.root / name).mkdir()
            (self.root / name).chmod(0o755)
        for name, text in files.items():
            (self.root / "submission" / name).write_text(text, "utf-8")
        metadata = self.root / "submission_metadata.json"
        metadata.write_text(json.dumps(METADATA), "utf-8")
        metadata.chmod(0o644)
        done = bare(self.root, str(self.root / "run_autograder"))
        results = (self.root / "results/results.json").read_text("utf-8")
        return done.returncode, json.loads(results), done.stdout + done.stderr


def bare(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """As root in a container: no namespace can be had, and nothing of ours is set."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if k.startswith(("PIP_", "SSL_")) or "proxy" in k.lower()
    }
    drop = "-sys_admin,-sys_ptrace,-dac_read_search"
    return subprocess.run(
        [sys.executable, NO_NAMESPACES, "setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}",
         *command],
        cwd=root, env={**kept, "PATH": os.defpath, "HOME": str(root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


BUILT = pytest.param("", marks=[pytest.mark.long, pytest.mark.requires("root", "network")])


@pytest.fixture(scope="module", params=[BUILT], ids=["built"])
def container(packed: Path) -> Iterator[Container]:
    with tempfile.TemporaryDirectory() as outer:  # pytest's own folders are closed to other users
        os.chmod(outer, 0o755)
        root = Path(outer) / "autograder"
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(root / "source")
        for name in ("setup.sh", "run_autograder"):
            (root / "source" / name).chmod(0o755)
        done = bare(root, str(root / "source/setup.sh"))
        assert done.returncode == 0, done.stdout + done.stderr
        shutil.copy(root / "source/run_autograder", root / "run_autograder")
        yield Container(root)


def test_nobody_gets_a_namespace_there(container: Container) -> None:
    nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
    for command in (("unshare", "--user", "true"), (*nobody, "unshare", "--user", "true")):
        done = bare(container.root, *command)
        assert (done.returncode, "Operation not permitted" in done.stderr) == (1, True), done.stderr


def test_a_right_one(container: Container) -> None:
    code, results, said = container.run({"closures.py": f"import numpy\n{RIGHT}"})

    assert (code, results.get("score")) == (0, 30), said
    assert {test["status"] for test in results["tests"]} == {"passed"}
    assert {test["visibility"] for test in results["tests"]} == {"visible", "after_published"}
    assert "ran as another user of this container" in results["output"]
    assert "Handed in late." in results["output"]
    assert said == "Ann Lee: graded, 30 of 30 points\n"


def test_a_wrong_one_under_another_name_has_part_of_the_points(container: Container) -> None:
    code, results, _ = container.run({"my work.py": WRONG})

    assert code == 0
    assert 0 < results["score"] < 30
    failed = next(test for test in results["tests"] if test["status"] == "failed")
    assert "yours: " in failed["output"]


def test_a_stub(container: Container) -> None:
    stub = (ROOT / "assignments/assignment3/closures.py").read_text("utf-8")
    code, results, _ = container.run({"closures.py": stub})

    assert (code, results["score"]) == (0, 0)


def test_the_whole_folder_with_one_form_untouched(container: Container) -> None:
    stub = (ROOT / "assignments/assignment3/closures.ipynb").read_text("utf-8")
    code, results, said = container.run({"closures.py": RIGHT, "closures.ipynb": stub})

    assert (code, results.get("score")) == (0, 30), said


@pytest.mark.parametrize(
    ("files", "said"),
    [({}, "Nothing was handed in."), ({"closures.py": "def f(:"}, "not valid Python yet")],
)
def test_no_verdict_is_no_score(container: Container, files: dict[str, str], said: str) -> None:
    code, results, printed = container.run(files)

    assert (code, "score" in results, "tests" in results) == (0, False, False)
    assert said in results["output"]
    assert printed.startswith("Ann Lee: ungradable, no score. ")
    assert said in printed


def test_a_hostile_one_reaches_nothing(container: Container) -> None:
    attack = HOSTILE.replace("ROOT", repr(str(container.root)))
    code, results, said = container.run({"closures.py": f"{attack}\n{RIGHT}"})

    assert (code, results.get("score")) == (0, 30), (results, said)


def test_the_hostile_one_would_tell(container: Container) -> None:
    """Where a protection is taken away, it reaches what it looks for."""
    attack = HOSTILE.replace("ROOT", repr(str(container.root)))
    for path in (container.root / "open", container.root / "open/results"):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)
    attack = attack.replace(repr(str(container.root)), repr(str(container.root / "open")))
    _, results, _ = container.run({"closures.py": f"{attack}\n{RIGHT}"})

    assert "ends the program (sys.exit)" in results["output"]
