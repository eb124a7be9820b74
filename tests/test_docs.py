"""What the documents name exists, and what the README shows is so."""

import re
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from autograder.authoring.build import stubs
from autograder.course import load
from docs import commands, follow

ROOT = Path(__file__).resolve().parents[1]


def table(heading):
    """The rows of the table below a heading of the map of the lecture, as lists of cells."""
    text = (ROOT / "docs/lecture-map.md").read_text("utf-8").partition(f"\n## {heading}\n")[2]
    lines = [line for line in text.partition("\n## ")[0].split("\n") if line.startswith("|")]
    return [[field.strip() for field in line.strip("|").split("|")] for line in lines[2:]]


def rows():
    for part, assignment, cell, test in table("Its parts"):
        yield pytest.param(assignment, cell, test, id=part)


@pytest.mark.parametrize(("assignment", "cell", "test"), list(rows()))
def test_every_part_of_the_lecture_has_its_cell_and_its_test(assignment, cell, test):
    sources = [p.read_text("utf-8") for p in (ROOT / "solutions" / assignment).glob("*.py")]
    headings = re.findall(r"^# ##+ (.+)$", "\n".join(sources), re.MULTILINE)
    tested, name = test.split()
    suite = ROOT / "autograder/suites" / tested
    functions = "\n".join(p.read_text("utf-8") for p in suite.glob("test_*.py"))

    assert cell in headings
    assert f"def {name}(" in functions


def seconds(clock):
    """The seconds of `1:07:32`."""
    return sum(60**place * int(part) for place, part in enumerate(reversed(clock.split(":"))))


MINUTE = re.compile(r"\[(?P<clock>[\d:]+)\]\(https://youtu\.be/VMj-3S1tku0\?t=(?P<seconds>\d+)\)")


def test_every_assignment_links_to_its_chapters_of_the_lecture():
    chapters = table("Its chapters")
    starts = [m for start, _, _ in chapters if (m := MINUTE.fullmatch(start))]
    assert len(starts) == len(chapters)
    assert [int(m["seconds"]) for m in starts] == [seconds(m["clock"]) for m in starts]
    assert len({m["clock"] for m in starts}) == len(starts)
    for assignment in load(ROOT).assignments:
        folder = ROOT / "solutions" / assignment.name
        texts = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
        listed = {start for start, _, names in chapters if assignment.name in names.split(", ")}

        assert {m[0] for m in MINUTE.finditer(texts)} == listed


def test_every_promise_of_security_names_attacks_that_exist():
    text = (ROOT / "docs/security.md").read_text("utf-8")
    table = text.partition("| promise |")[2].partition("\n\n")[0]
    attacks = {path.stem for path in (ROOT / "tests/attacks").glob("*/*.py")}

    for line in table.split("\n")[2:]:
        named = re.findall(r"`(\w+)`", line.rsplit("|", 2)[1])
        assert set(named) <= attacks, line
        files = re.findall(r"`(tests/[\w/]+\.py)`", line)
        assert all((ROOT / file).is_file() for file in files), line
        assert named or files, line


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md"))]
)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text("utf-8")

    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)

    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


ALL = [*follow.PAGES]


@pytest.mark.parametrize("page", ALL)
def test_every_command_stands_where_it_is_found_and_given(page):
    """In a block marked `sh`, or in prose: an indented block would be read past."""
    lines = (ROOT / page).read_text("utf-8").splitlines()
    fenced = [line.strip() for line in lines if line.strip().startswith("```")]
    first_indented = [
        line for before, line in pairwise(lines) if not before.strip() and line.startswith("    ")
    ]

    assert [line for line in first_indented if commands.is_command(line.strip())] == []
    assert fenced.count("```") * 2 == len(fenced)
    assert {c.who for c in commands.of_page(ROOT / page)} <= {"reader", "learner", "setup"}


def test_what_is_not_given_stands_on_a_page():
    texts = [command.text for page in ALL for command in commands.of_page(ROOT / page)]

    assert [f for f in follow.NOT_GIVEN if not any(re.match(f, text) for text in texts)] == []


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("grade assignment3", True),
        ("grade assignment2 --draw L", True),
        ("course release NAME", False),
        ("course build [--check]", False),
        ("pip install", False),
        (".venv/bin/grade --version", True),
        ("course check assignment10", True),
        ("python -m benchmarks 12", True),
        ("source .venv/bin/activate", True),
        ("grade", False),
        ("grade --html", False),
        ("course class", False),
        ("assignment3", False),
        ("grades.csv of all", False),
    ],
)
def test_names_are_told_from_commands(span, expected):
    assert commands.is_command(span) == expected


def test_the_commands_of_a_page_are_in_order(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")

    found = [(command.who, command.line, command.text) for command in commands.of_page(page)]

    assert found == [
        ("reader", 1, "grade --help"),
        ("reader", 4, "cat <<'END'\ngrade nothing\nEND"),
        ("reader", 7, "course check \\\n  assignment3"),
        ("reader", 10, "grade one | two"),
        ("learner", 13, "nbgrader list"),
    ]


PAGE = """Say `grade --help` or `grade`.

```sh
cat <<'END'
grade nothing
END
course check \\
  assignment3
```
| `grade one \\| two` |
   ```sh learner
   # a remark
   nbgrader list
   ```
```text
grade nothing
```
"""


def test_the_readme_names_folders_that_exist():
    text = (ROOT / "README.md").read_text("utf-8")

    folders = re.findall(r"^\| `([\w./]+(?:/|\.toml))` \|", text, re.MULTILINE)

    assert len(folders) > 5
    assert [folder for folder in folders if not (ROOT / folder).exists()] == []


README = (ROOT / "README.md").read_text("utf-8")


def test_the_readmes_first_lines_run_on_the_learners_own_engine(tmp_path):
    lines = README.split("```python\n")[1].partition("```")[0]
    solution = (ROOT / "solutions/assignment5/accumulation.py").read_text("utf-8")
    (tmp_path / "accumulation.py").write_text(solution, "utf-8")
    (tmp_path / "first.py").write_text(lines, "utf-8")
    done = subprocess.run(
        [sys.executable, "first.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    promised = re.findall(r"^print\(.*\)  # ([-\d.]+)", lines, re.MULTILINE)

    assert done.stderr == ""
    assert len(promised) == lines.count("print(") > 1
    assert done.stdout.split() == promised


def test_the_readmes_first_step_leads_to_the_first_thing_to_write():
    path, line = re.findall(r"^1\. Open `([\w/.]+)` in your editor, and read\s+down to line (\d+)", README, re.MULTILINE)[0]  # fmt: skip
    course = load(ROOT)
    stub = stubs(course, course.assignments[0])[ROOT / path].split("\n")

    first = next(n for n, text in enumerate(stub, 1) if text.lstrip().startswith("raise NotImpl"))
    assert first == int(line)


def test_the_readme_installs_what_there_is():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    named = re.findall(r"'\.\[(\w+)\]'", README)

    assert {"notebook", "dev"} <= set(named) <= set(extras)
