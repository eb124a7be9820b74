"""Shells complete the assignments of the course one stands in; `--help` shows examples."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.feedback.samples import COMMAND, ROOT, run

ASK = {"bash": ("grade ass", "1"), "zsh": ("grade ass", "1"), "fish": ("grade ass", "ass")}


def installed(name):
    """That one, where it is installed."""
    return pytest.param(name, marks=[] if name == "bash" else pytest.mark.requires(name))


@pytest.mark.parametrize("shell", ASK)
def test_assignments_are_completed(shell):
    words, current = ASK[shell]
    env = {"_GRADE_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": current}
    done = run([], ROOT, **env)

    for number in range(10):
        assert f"assignment{number}" in done.stdout
    assert "finale" not in done.stdout


def test_the_finale_is_completed(tmp_path):
    env = {"_GRADE_COMPLETE": "bash_complete", "COMP_WORDS": "grade f", "COMP_CWORD": "1"}

    assert "finale" in run([], ROOT, **env).stdout
    assert run([], tmp_path, **env).stdout.strip() == ""


def test_start_is_completed_where_there_is_no_course_yet(tmp_path):
    env = {"_GRADE_COMPLETE": "bash_complete", "COMP_WORDS": "grade s", "COMP_CWORD": "1"}

    assert run([], tmp_path, **env).stdout.strip() == "plain,start"


@pytest.mark.parametrize("shell", [*map(installed, ASK)])
def test_the_script_for_the_shell_is_valid(shell, tmp_path):
    script = tmp_path / "complete"
    script.write_text(run([], ROOT, _GRADE_COMPLETE=f"{shell}_source").stdout, "utf-8")

    subprocess.run([shell, "-n", str(script)], check=True)


ASK_THE_SHELL = {
    "bash": "{source}; COMP_WORDS=(grade assignment3 --wa); COMP_CWORD=2; _grade_completion grade; "
    'echo "${{COMPREPLY[@]}}"',
    "fish": "{source}; complete -C 'grade assignment3 --wa'",
}


@pytest.mark.parametrize("shell", [*map(installed, ASK_THE_SHELL)])
def test_a_real_shell_completes(shell, tmp_path):
    grade = tmp_path / "grade"
    grade.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{COMMAND}" "$@"\n', "utf-8")
    grade.chmod(0o755)
    script = tmp_path / "complete"
    script.write_text(run([], ROOT, _GRADE_COMPLETE=f"{shell}_source").stdout, "utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    done = subprocess.run(
        [shell, "-c", ASK_THE_SHELL[shell].format(source=f"source {script}")],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.split()[:1] == ["--watch"], done.stderr


def test_help_fits_eighty_columns():
    for line in run(["--help"], ROOT, COLUMNS="80").stdout.split("\n"):
        assert len(line) <= 80


def test_help_shows_examples():
    text = run(["--help"], ROOT).stdout

    for option in ("--watch", "--hint", "--html", "--draw", "--reset"):
        assert f"grade assignment{'2' if option == '--draw' else '3'} {option}" in text
    assert "\n  grade assignment3          your file" in text


def test_nothing_heavy_is_loaded_on_the_way_to_grade():
    heavy = ["jinja2", "watchfiles", "matplotlib", "graphviz", "IPython", "wasmtime", "numpy"]
    heavy += ["pygments", "email", "_pytest.pytester"]  # pytest alone would load them
    code = (
        "import sys\nfrom autograder.cli.grade import main\n"
        "try: main(['assignment3', '--solution'])\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy} if name in sys.modules])\n"
        "import importlib.metadata, pygments\n"
        "print(importlib.metadata.version('pygments') == pygments.__version__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.endswith("[]\nTrue\n")
