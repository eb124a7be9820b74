"""Nothing in the course rots: every solution runs as a script, every stub can be imported."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import course
from autograder.authoring.build import stubs
from autograder.course import ANSWERS, PROVIDED
from autograder.submission import percent
from tests.tiers import sample

COURSE = course.load(Path(__file__).resolve().parents[1])
FILES = [
    pytest.param(
        COURSE.root / "solutions" / assignment.name / file.name,
        id=f"{assignment.name}-{file.module}",
        marks=[pytest.mark.requires(name) for name in file.own_packages],
    )
    for assignment in COURSE.assignments
    for file in assignment.files
]

REPORTING = """
import builtins, json, runpy, sys
printed, plain = [], builtins.print
def reporting(*args, sep=" ", **rest):
    frame = sys._getframe(1)
    if frame.f_code.co_filename == sys.argv[1] and not rest:
        printed.append([frame.f_lineno, sep.join(map(str, args))])
    plain(*args, sep=sep, **rest)
builtins.print = reporting
runpy.run_path(sys.argv[1], run_name="__main__")
open(sys.argv[2], "w").write(json.dumps(printed))
"""


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(PROVIDED), str(COURSE.root)])
    return {**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": path, "PYTHONHASHSEED": "0"}


@pytest.mark.parametrize("path", sample(FILES, of=7))
def test_every_solution_runs_as_a_script_and_prints_what_its_comments_say(path, tmp_path):
    text = path.read_text("utf-8")
    out = tmp_path / "printed.json"

    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", REPORTING, str(path), str(out)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert result.returncode == 0, result.stderr[-2000:]
    assert wrong_comments(text, json.loads(out.read_text())) == []


def wrong_comments(text: str, printed: list[tuple[int, str]]) -> list[str]:
    """Lines `print(...)  # 14.0` that ran once and printed something else than they say."""
    lines, wrong = text.split("\n"), []
    numbers = [number for number, _ in printed]
    for number, said in printed:
        comment = re.search(r"\)\s+# (.*)$", lines[number - 1])
        if comment and numbers.count(number) == 1:
            claim, fact = comment[1].strip(), " ".join(said.split())
            if not (claim.startswith(fact) or fact.startswith(claim)):
                wrong.append(f"line {number} prints {fact}, its comment says {claim}")
    return wrong


@pytest.mark.parametrize("path", FILES)
def test_every_stub_can_be_imported_without_its_demo_cells(path, tmp_path):
    assignment = COURSE.assignment(path.parent.name)
    text = next(t for p, t in stubs(COURSE, assignment).items() if p.name == path.name)
    stub = tmp_path / path.name
    stub.write_text(percent.without_demos(text), "utf-8")

    result = subprocess.run(
        [sys.executable, "-W", "error", str(stub)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize("path", FILES)
def test_solutions_keep_what_the_grader_runs_apart_from_what_the_reader_runs(path):
    source = percent.without_demos(path.read_text("utf-8"))

    imports = re.findall(r"^(?:from|import)\s+(\w+)", source, re.MULTILINE)

    assert set(imports) <= {"math", "random", "engine", "neural", "torch"}
    assert "print(" not in source.replace("def __repr__", "")


@pytest.mark.parametrize("path", FILES)
def test_every_stub_that_is_run_ends_in_one_sentence(path, tmp_path):
    assignment = COURSE.assignment(path.parent.name)
    text = next(t for p, t in stubs(COURSE, assignment).items() if p.name == path.name)
    stub = tmp_path / path.name
    stub.write_text(text, "utf-8")

    result = subprocess.run(
        [sys.executable, "-W", "ignore", str(stub)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    said = re.fullmatch(
        rf"{path.name} runs up to line (\d+), where it needs [\w.]+, which you haven't written yet: (.+)\n",
        result.stderr,
    )

    assert result.returncode == 1
    assert said, result.stderr
    lines = "".join(text.split("\n")[int(said[1]) - 1 :][:4])
    assert lines.strip().startswith("raise NotImplementedError(")
    assert said[2].split()[0] in lines


@pytest.mark.parametrize("path", FILES)
def test_no_answer_stands_beside_a_guess(path):
    lines = path.read_text("utf-8").split("\n")
    for number in (n for n, line in enumerate(lines) if line.startswith("predict = ")):
        first = next(line for line in lines[number + 1 :] if "print(" in line)
        assert "#" not in first, f"line {number + 1}: its answer is in a comment"


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda each: each.name)
def test_each_question_is_answered_beside_the_solution(assignment):
    folder = COURSE.root / "solutions" / assignment.name
    text = (folder / ANSWERS).read_text("utf-8")

    assert text.count("\n## ") == 2
    assert f"]({assignment.files[0].name})" in text
    for code in re.findall(r"\n    (check_slopes\(.*)", text):
        compile(code, ANSWERS, "exec")
