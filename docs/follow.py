"""Follows a page as its reader does: runs every command as written, in the page's environment.

    python3 -m docs.follow                     all pages, and what --help shows
    python3 -m docs.follow docs/feedback.md    one of them

Each page starts in a new copy of the course, after the README's first command, with its environment
active, in an empty account. The learner there has done the assignments, one of them with a mistake;
pages for authors start after the README's set-up for them. The exit code is 1 if a command fails;
"not yet" is no failure for work that is not done. Needs only the standard library.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from docs import commands
from docs.commands import Command

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted(f"docs/{path.name}" for path in ROOT.glob("docs/*.md"))
PAGES = ("README.md", "CONTRIBUTING.md", *DOCS)
FOR_AUTHORS = ("CONTRIBUTING.md", "docs/authors.md", "docs/start.md")
HELP = "--help"
PATIENCE = 600
"""The most seconds that a command may take."""
WATCHING = 5
"""Seconds after which a command that watches is interrupted."""

NOT_GIVEN = {
    r"sudo ": "changes the machine",
    r"dask |course class .*--scheduler": "needs other machines; tests/classroom/test_cluster.py",
    r"python -m benchmarks(\.(class|memory|nbgrader))?( \S+)?$": "measures for many minutes",
    r"python -m benchmarks\.browser ": "wants a site, and measures for minutes",
    r"python -m docs\.pictures$": "makes what is kept here; CI gives it with --check",
    r"\.ci/run( [\d. ]+)?$|python3 -m docs\.follow$": "gives this one",
    r".*pytest -n auto|pytest tests/": "CI gives it by itself",
    r"course check assignment3( (?!--quick).*)?$": "takes minutes; CI has all, with --quick",
    r"(course (build|fingerprints)|grade) assignment10": "wants what an author writes by then",
    r"pip install .*/whl/cpu": "brings PyTorch, which is large",
    r"python -m tests\.mutation ": "takes minutes, and its answer is read",
    r"course site |git -C site ": "fetches much; tests/browser/test_site.py",
    r"python -m tests\.browser\.compare ": "takes an hour; tests/browser/test_site.py has a sample",
    r"jupyter lab ": "opens a browser, and stays",
    r"pre-commit install$": "changes a repository of git's; this is a mere copy",
}
"""Patterns of commands that are not run here, and the reasons."""
NOT_YET = re.compile(
    r"(.*&& )?(\.venv/bin/)?grade |course check assignment10|course build --check$"
)
"""Commands that may end with exit code 1: something is not done yet, or was edited."""
SHORT = ("README.md", HELP)
"""Pages with commands that need more than the README's first command installs, and say so."""
INSTALL = re.compile(r"(\S+ -m )?pip install [^`\n]+?(?=[`.,]?$)", re.MULTILINE)
OWN = {
    "operators.py": "\nL = Value(2.0, label='a') * Value(-3.0, label='b')\n",
    "closures.py": "\nValue.exp = lambda self: self\n",
    "accumulation.py": "\no = (Value(2.0, label='x') * Value(-3.0, label='w') + 6.88).tanh()\n",
}
"""What the learner's files have besides the solutions: values to draw, and a mistake."""

_SOLUTION = re.compile(r"^ *### (BEGIN|END) (SOLUTION|GIVEN).*\n", re.MULTILINE)
_CLASS = """
from pathlib import Path
from autograder.course import load
from autograder.classroom.demo import make
course = load(Path())
make(course, course.assignment("assignment3"), Path())
"""


class Terminal:
    """A shell to type into, and its output.

    Args:
        folder: the folder it starts in.
        home: the user's home folder, which is created; its name is the user's.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        home.mkdir(parents=True)
        self._answers, self._answer = os.pipe()
        self._seen = (home / "seen").open("w+", encoding="utf-8", errors="replace")
        kept = ("PATH", "PIP_", "SSL_", "REQUESTS_", "http", "no_proxy")
        env = {name: value for name, value in os.environ.items() if name.startswith(kept)}
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env={**env, "HOME": str(home), "USER": home.name, "LANG": "C.UTF-8", "TERM": "dumb"},
            stdin=subprocess.PIPE,
            stdout=self._seen,
            stderr=self._seen,
            text=True,
            pass_fds=(self._answer,),
        )

    def give(self, command: str) -> tuple[int, str]:
        """Run a command.

        Returns:
            Its exit code and its output.

        Raises:
            TimeoutError: it takes longer than `PATIENCE`.
        """
        assert self._shell.stdin is not None
        begin = self._seen.seek(0, os.SEEK_END)
        self._shell.stdin.write(f"{{ {command}\n}} </dev/null\necho $? >&{self._answer}\n")
        self._shell.stdin.flush()
        ready, _, _ = select.select([self._answers], [], [], PATIENCE)
        if not ready:
            raise TimeoutError(f"after {PATIENCE} seconds: {command}")
        code = int(os.read(self._answers, 99))
        self._seen.seek(begin)
        return code, self._seen.read()

    def close(self) -> None:
        self._shell.kill()
        self._shell.communicate()
        os.close(self._answers)
        os.close(self._answer)
        self._seen.close()


class Reader:
    """A reader who follows pages, each from the same state of a course of their own.

    Args:
        work: an empty folder.

    Attributes:
        failures: how many commands failed.
    """

    def __init__(self, work: Path) -> None:
        self._work, self._course = work, work / "course"
        self._begun, self._set_up = work / "begun", work / "set up"
        self.failures = 0

    def set_up(self) -> None:
        """Run the README's first command in a copy of the files under version control here."""
        listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
        for name in filter(None, listed.split("\0")):
            (self._course / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self._course / name, follow_symlinks=False)
        self._read("README.md", commands.of_page(ROOT / "README.md")[:1])
        for file in (self._course / "solutions").glob("assignment*/*.py"):
            text = _SOLUTION.sub("", file.read_text("utf-8")) + OWN.get(file.name, "")
            (self._course / "assignments" / file.parent.name / file.name).write_text(text, "utf-8")
        shutil.copy2(self._course / "assignments/assignment3/closures.py", self._course / "my.py")
        python = self._course / ".venv/bin/python"
        subprocess.run([python, "-c", _CLASS], cwd=self._course, check=True)
        self._course.rename(self._begun)

    def page(self, name: str) -> None:
        """Follow a page in a new copy.

        Args:
            name: the page's path, or `HELP` for the examples in `--help`.
        """
        if name in FOR_AUTHORS and not self._set_up.exists():
            self._set_up_for_authors()
        self._copy(self._set_up if name in FOR_AUTHORS else self._begun)
        found = self._helped() if name == HELP else commands.of_page(ROOT / name)
        if name == "README.md":
            found = found[1:]  # that was given
        self._read(name, [Command("reader", "source .venv/bin/activate", 0), *found])

    def _set_up_for_authors(self) -> None:
        """Run the README's second command, without the tests, in a copy without learners' work."""
        self._copy(self._begun)
        for path in (ROOT / "assignments").rglob("*.py"):
            shutil.copy2(path, self._course / path.relative_to(ROOT))
        for learners in ("my.py", "submitted", "gradebook.csv"):
            subprocess.run(["rm", "-r", self._course / learners], check=True)
        (second,) = (c for c in commands.of_page(ROOT / "README.md") if "[dev]" in c.text)
        text = second.text.partition(" && .venv/bin/pytest")[0]
        self._read("README.md", [Command("reader", text, second.line)])
        self._course.rename(self._set_up)

    def _copy(self, state: Path) -> None:
        """Make a new copy of the course in that state."""
        shutil.rmtree(self._course, ignore_errors=True)
        subprocess.run(["cp", "-a", state, self._course], check=True)

    def _read(self, page: str, found: Iterable[Command]) -> None:
        """Run these commands in order; in prose, one that was run before is only a name."""
        terminals: dict[str, Terminal] = {}
        given: set[str] = set()
        for command in found:
            if command.prose and command.text in given:
                continue
            given.add(command.text)
            reasons = [why for form, why in NOT_GIVEN.items() if re.match(form, command.text)]
            if reasons:
                print(f"  {page}:{command.line}  {command.first}  [not given: {reasons[0]}]")
                continue
            who = "learner" if command.who == "learner" else "reader"
            if who not in terminals:
                terminals[who] = self._sit_down(who)
            self._give(terminals[who], page, command)
        for terminal in terminals.values():
            terminal.close()

    def _sit_down(self, who: str) -> Terminal:
        """A terminal for the reader, or for a learner in a folder of their own."""
        home = self._work / "homes" / {"learner": "bob", "reader": "ann"}[who]
        shutil.rmtree(home, ignore_errors=True)
        if who == "reader":
            return Terminal(self._course, home)
        folder = self._course / "learner"
        folder.mkdir()
        shutil.copy2(self._course / "class/for-learners/nbgrader_config.py", folder)
        with (folder / "nbgrader_config.py").open("a") as file:
            file.write("c.CourseDirectory.student_id = 'bob'\n")  # in a class, the account's name
        terminal = Terminal(folder, home)
        terminal.give("source ../.venv/bin/activate")
        return terminal

    def _give(self, terminal: Terminal, page: str, command: Command) -> None:
        text, start = command.text, time.monotonic()
        if "--watch" in text:  # until q is pressed, or Ctrl-C
            text = f"timeout --preserve-status --signal=INT {WATCHING} {text}"
        code, seen = terminal.give(text)
        if code == 2 and page in SHORT and (missing := INSTALL.search(seen)):
            print(f"  {page}:{command.line}  {command.first}  [{missing[0]}]")
            terminal.give(missing[0])
            code, seen = terminal.give(text)
        fine = code == 0 or (code == 1 and NOT_YET.match(command.text))
        odd = not fine or "a bug in the grader" in seen or "Traceback" in seen
        end = f"[{code}, {time.monotonic() - start:.1f} s]"
        print(f"{'✗' if odd else '✓'} {page}:{command.line}  {command.first}  {end}")
        if odd:
            self.failures += 1
            print(re.sub("^", "    | ", seen.rstrip("\n"), flags=re.MULTILINE))
        sys.stdout.flush()

    def _helped(self) -> list[Command]:
        """The examples of `grade --help`, `course --help` and each of its commands."""

        def printed(*words: str) -> str:
            argv = [str(self._course / ".venv/bin" / words[0]), *words[1:], HELP]
            return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

        listed = printed("course").partition("Commands:")[2]
        names = re.findall(r"^  ([a-z-]+)  ", listed, re.MULTILINE)
        assert names
        pages = [("grade",), ("course",), *(("course", name) for name in names)]
        return [each for words in pages for each in commands.of_help(printed(*words))]


def main() -> int:
    """Follow the pages in the arguments, or all; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(Path(folder))
        reader.set_up()
        for name in sys.argv[1:] or (*PAGES, HELP):
            reader.page(name)
    failures = reader.failures
    print(f"{failures} commands end otherwise than the pages say" if failures else "All went well")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
