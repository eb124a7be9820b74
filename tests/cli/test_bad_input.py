"""Whatever is handed in: a clear message, the right exit code, no traceback, nothing lost."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from ..conftest import Clone, Cloning
    from .conftest import Grade

TANH = "    return Value(math.tanh(self.data), (self,), 'tanh')\n"


def said(output: str) -> str:
    """What was said, its line breaks aside."""
    return " ".join(output.split())


def test_no_course_here(grade: Grade, tmp_path: Path) -> None:
    result = grade(tmp_path, "assignment1")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"There is no course.toml in {tmp_path} or any folder above it. "
        "Change to the course's folder and try again, or make one with `grade start DIR`.\n"
    )


def test_a_course_that_cannot_be_read(grade: Grade, clone: Clone) -> None:
    (clone.root / "course.toml").write_text("title = 3")
    result = grade(clone.root)

    assert result.exit_code == 2
    assert "course.toml: title: expected text, got a whole number." in said(result.stderr)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("asignment1", "Did you mean assignment1?"),
        ("Assignment3", "Did you mean assignment3?"),
        ("3", "Did you mean assignment3?"),
        ("closures", "Available: assignment1, assignment2, assignment3."),
    ],
)
def test_an_unknown_assignment(grade: Grade, clone: Clone, name: str, hint: str) -> None:
    result = grade(clone.root, name)

    assert result.exit_code == 2
    assert result.stderr == f"This course has no assignment {name!r}. {hint}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("assignment1", "--all"), "Name an assignment or use --all, not both."),
        (("assignment1", "x.py", "--solution"), "Name a file or use --solution, not both."),
        (("--only", "test_data"), "Name an assignment too"),
        (("assignment1", "--nonsense"), "--nonsense"),
        (("assignment1", "a.py", "b.py"), "Got unexpected extra argument"),
    ],
)
def test_wrong_usage(grade: Grade, clone: Clone, arguments: tuple[str, ...], message: str) -> None:
    result = grade(clone.root, *arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in said(result.stderr)


def test_a_missing_file(grade: Grade, clone: Clone) -> None:
    clone.file("assignment1").unlink()
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 2
    assert "Your file can't be graded yet." in result.stdout
    assert "There is no value.py in " in said(result.stdout)
    result = grade(clone.root, "assignment1", "nowhere.py")
    assert result.exit_code == 2
    assert said(result.stdout).endswith(
        "There is no file nowhere.py. Check the path, or leave it out to grade your own file."
    )


def test_a_folder_without_the_file(grade: Grade, clone: Clone) -> None:
    result = grade(clone.root, "assignment1", "solutions/assignment2")

    assert result.exit_code == 2
    assert "There is no value.py in solutions/assignment2." in said(result.stdout)


def test_a_lost_folder_and_a_lost_stub(grade: Grade, clone: Clone) -> None:
    """Each message names the next command, up to the last that is left."""
    shutil.rmtree(clone.root / "assignments" / "assignment1")
    graded = said(grade(clone.root, "assignment1").stdout)
    shutil.rmtree(clone.root / "solutions")
    reset = grade(clone.root, "assignment1", "--reset")

    assert "To get the stub back: grade assignment1 --reset" in graded
    assert reset.exit_code == 2
    assert "handed_out.zip: No such file or directory." in said(reset.stderr)


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"], ids=["empty", "blank", "mark"])
def test_an_empty_file(grade: Grade, clone: Clone, text: str) -> None:
    clone.file("assignment1").write_text(text, "utf-8")
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 2
    assert "value.py is empty, so there is nothing to grade yet." in said(result.stdout)
    assert result.stdout.split("\n")[0] == "assignment1  Value"


def test_what_is_no_text(grade: Grade, clone: Clone) -> None:
    clone.file("assignment1").write_bytes(b"# fine\nname = '\xe9'\n")
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 2
    assert "value.py is not UTF-8 text (line 2, byte 0xe9)." in said(result.stdout)
    clone.file("assignment1").write_bytes(b"x = '\0'\n")
    result = grade(clone.root, "assignment1")
    assert result.exit_code == 2
    assert "value.py contains a zero byte" in said(result.stdout)


def test_a_file_of_50_megabytes(grade: Grade, clone: Clone) -> None:
    with clone.file("assignment1").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 2
    assert "52,428,800 bytes, and the limit is 1,048,576." in said(result.stdout)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Valeu", "Is `Valeu` supposed to be `Value`?"),
        ("value", "Is `value` supposed to be `Value`?"),
        ("Node", "Is it the right file? Demo cells do not count."),
    ],
)
def test_all_names_missing(grade: Grade, clone: Clone, name: str, hint: str) -> None:
    clone.file("assignment1").write_text(f"class {name}:\n    pass\n", "utf-8")
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 2
    assert (
        "value.py defines none of the names assignment1 needs: `Value`, `trace`. " + hint
    ) in said(result.stdout)


def test_one_name_of_two_is_enough_to_be_graded(grade: Grade, clone: Clone) -> None:
    clone.write("assignment1", ("def trace(root):", "def tracing(root):"))
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 1
    assert "does not define `trace`" in said(result.stdout)


@pytest.mark.parametrize(
    ("text", "message", "shown"),
    [
        ("x = 1\ndef f(:\n", "invalid syntax (column 7).", ["value.py:2    def f(:", "^"]),
        (
            "def f():\n    x = (1,\n    y = 2\n",
            "'(' was never closed (column 9).",
            ["value.py:2    x = (1,", "^"],
        ),
        ("if True:\nx = 1\n", "expected an indented block", ["value.py:2    x = 1", "^"]),
        ("\tf(\n\t\tx y)\n", "unexpected indent", ["value.py:1    f(", "^"]),
        ("s = '" + "a" * 500 + "\n", "unterminated string literal", ["s = 'aaaa", "^"]),
    ],
)
def test_a_syntax_error(
    grade: Grade, clone: Clone, text: str, message: str, shown: list[str]
) -> None:
    clone.file("assignment1").write_text(text, "utf-8")
    result = grade(clone.root, "assignment1")
    line, caret = result.stdout.rstrip("\n").split("\n")[-2:]

    assert result.exit_code == 2
    assert "value.py is not valid Python yet: " in said(result.stdout)
    assert message in said(result.stdout)
    assert shown[0] in line
    assert caret.strip() == shown[1]


@pytest.mark.parametrize(
    ("text", "under"),
    [
        ("x = 1\ndef f(:\n", ":"),
        ("def f():\n        return 1 +* 2\n", "*"),
        ("x = 1\n\ty = 2\n", "y"),
        ("label = 'ä→' 5\n", "5"),
    ],
)
def test_the_caret_is_under_the_place(grade: Grade, clone: Clone, text: str, under: str) -> None:
    clone.file("assignment1").write_text(text, "utf-8")
    line, caret = grade(clone.root, "assignment1").stdout.rstrip("\n").split("\n")[-2:]

    assert line[caret.index("^")] == under


@pytest.mark.parametrize(
    ("line", "what", "version"),
    [
        ("type Number = int | float", "a `type` statement", "3.12"),
        ("class Box[T]: pass", "type parameters in brackets", "3.12"),
        ("async def f[T](x: T): pass", "type parameters in brackets", "3.12"),
        ("x = f'{d['a']} {1}'", "an f-string that reuses its own quotes", "3.12"),
        ('x = f"{", ".join("ab")}"', "an f-string that reuses its own quotes", "3.12"),
        (r'x = f"{"\n".join("ab")}"', "an f-string that reuses its own quotes", "3.12"),
        ("x = f'{\n1}'", "an f-string whose braces span several lines", "3.12"),
        ('x = f"{sum([\n1])}"', "an f-string whose braces span several lines", "3.12"),
        (r"x = f'{chr(10) + str(\n)}'", "an f-string with a backslash", "3.12"),
        ("def f[T = int](x: T): pass", "a type parameter with a default", "3.13"),
        ("try: pass\nexcept ValueError, TypeError: pass", "`except` with several types", "3.14"),
        ("x = t'a {1}'", "a template string", "3.14"),
    ],
)
def test_syntax_of_a_newer_python_is_said_to_be_that(
    grade: Grade, clone: Clone, line: str, what: str, version: str
) -> None:
    if sys.version_info >= tuple(map(int, version.split("."))):
        pytest.skip("this Python reads it")
    clone.write("assignment1", more=f"\n{line}\n")
    result = grade(clone.root, "assignment1")
    here = ".".join(map(str, sys.version_info[:2]))
    text = said(result.stdout)

    assert result.exit_code == 2
    assert "value.py uses " in text
    assert what in text
    assert f"which needs Python {version}; the grader runs Python {here}." in text
    number = int(re.findall(r"value.py:(\d+) ", result.stdout)[0])
    shown = (clone.file("assignment1").read_text("utf-8").splitlines())[number - 1]
    assert shown in line.split("\n")
    assert shown in result.stdout


@pytest.mark.parametrize(
    "line",
    [
        "type = = 3",
        "def f(x: pass",
        "except ValueError, error: pass",
        "x = f'{a'",
        "print(f'{a)",
        "x = 'a\\n' \\n",
        "x = 5 t",
        "f[1",
    ],
)
def test_other_mistakes_are_not_taken_for_newer_syntax(
    grade: Grade, clone: Clone, line: str
) -> None:
    clone.write("assignment1", more=f"\n{line}\n")

    assert "is not valid Python yet" in said(grade(clone.root, "assignment1").stdout)


@pytest.mark.parametrize("line", ["import torch", "from sympy import Symbol", "import engine"])
def test_an_import_that_is_not_allowed(grade: Grade, clone: Clone, line: str) -> None:
    clone.write("assignment1", ("class Value", f"{line}\n\nclass Value"))
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 2
    name = line.split()[1]
    assert f"`{name}` cannot be imported here. Allowed: the standard library, `numpy`." in said(
        result.stdout
    )
    assert re.search(rf"value\.py:\d+ {line}$", said(result.stdout))


def test_nothing_of_the_learners_is_changed(grade: Grade, cloning: Cloning) -> None:
    """Neither the file nor its folder, whatever the code tries."""
    clone = cloning("assignment1")
    clone.write(
        "assignment1",
        more="\nfor name in ('value.py', '../value.py', '/tmp/value.py'):\n"
        "    try: open(name, 'w').write('gone')\n    except OSError: pass\n",
    )
    before = {p: p.read_bytes() for p in clone.root.rglob("*") if p.is_file()}
    assert grade(clone.root, "assignment1").exit_code == 0
    after = {p: p.read_bytes() for p in clone.root.rglob("*") if p.is_file()}

    assert {p for p in after if ".grade" not in p.parts} == set(before)
    assert all(after[p] == content for p, content in before.items())


def test_a_report_is_written_for_what_cannot_be_graded(grade: Grade, clone: Clone) -> None:
    clone.file("assignment1").write_text("def f(:\n")
    result = grade(clone.root, "assignment1", "--json")
    found = json.loads(result.stdout)

    assert (result.exit_code, result.stderr) == (2, "")
    assert (found["status"], found["score"], found["tests"]) == ("ungradable", 0, [])
    assert found["reason"].endswith("\n    value.py:1    def f(:\n                        ^")
