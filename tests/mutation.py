"""Which slips in the kit's own code do its tests miss? `python -m tests.mutation compare journal`

One slip after another is made in a copy of the repository, and the tests that are fit for that
module run until one fails. The kinds are those of `authoring/mutants.py`, with the other branch
taken, a condition left out, and an error that is not raised. mutmut knows as many kinds, but leaves
alone what is decorated and what stands outside of functions: here that is every tolerance, and the
filter of system calls.
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import hypothesis  # noqa: F401  here, so that each process finds it imported
import jsonschema  # noqa: F401
import pytest

from autograder.authoring.mutants import Mutant, Slip, changed, general, span

ROOT = Path(__file__).resolve().parents[1]
TESTS = {
    "grading/verdict": ["tests/grading/test_verdict.py"],
    "grading/loop": ["tests/grading/test_loop.py"],
    "expressions/compare": ["tests/expressions/test_compare.py"],
    "worker/protocol": ["tests/worker/test_protocol.py"],
    "sandbox/process": ["tests/sandbox/test_process.py"],
    "sandbox/seccomp": ["tests/sandbox/test_seccomp.py"],
    "classroom/journal": ["tests/classroom/test_journal.py"],
    "classroom/select_files": ["tests/classroom/test_intake.py"],
}
"""The modules that decide about points and trust, and the tests of each, cheapest first."""

_PATIENCE = 5  # times as long as without a slip
_LEAST = 30.0  # seconds


def slips(node: ast.AST, text: str) -> Iterator[Slip]:
    """What may go wrong at a node of the kit's own code."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    yield from general(node, text)
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        condition = ast.get_source_segment(text, node.test)
        if condition != "TYPE_CHECKING":
            yield span(node.test), f"(not ({condition}))"
    elif isinstance(node, ast.BoolOp):
        for value in node.values:  # the others left out
            yield span(node), f"({ast.get_source_segment(text, value)})"
    elif isinstance(node, ast.Raise):
        yield span(node), "pass"


class Copy:
    """The repository as it is now, in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def passes(self, tests: Sequence[str], seconds: float) -> bool:
        """Whether these tests pass in the copy, within so many seconds."""
        process = multiprocessing.get_context("fork").Process(target=self._run, args=[tests])
        process.start()
        process.join(seconds)
        if process.is_alive():
            assert process.pid is not None
            os.killpg(process.pid, signal.SIGKILL)
            process.join()
        return process.exitcode == 0

    def _run(self, tests: Sequence[str]) -> None:
        """Run them in a process of its own: what is imported from elsewhere is there already."""
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(nowhere, descriptor)
        ours = {folder.name for folder in self.folder.iterdir()}
        for name in [each for each in sys.modules if each.partition(".")[0] in ours]:
            del sys.modules[name]
        os.chdir(self.folder)
        os.environ["PYTHONPATH"] = sys.path[0] = str(self.folder)
        sys.exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))


def survivors(copy: Copy, module: str, sample: int, seed: str) -> list[Mutant]:
    """The slips in a module that its tests miss; prints them.

    Args:
        copy: where the slips are made.
        module: one of `TESTS`.
        sample: how many of its slips are tried.
        seed: for drawing these.
    """
    path = copy.folder / f"autograder/{module}.py"
    text = path.read_text("utf-8")
    began = time.monotonic()
    if not copy.passes(TESTS[module], 3600):
        sys.exit(f"{module}: its tests fail without a slip: pytest {' '.join(TESTS[module])}")
    seconds = max(_LEAST, _PATIENCE * (time.monotonic() - began))
    every = changed(text, range(1, text.count("\n") + 2), slips)
    drawn = sorted(random.Random(seed).sample(range(len(every)), min(sample, len(every))))
    missed = []
    with click.progressbar(drawn, label=module, file=sys.stderr) as bar:
        for number in bar:
            path.write_text(every[number].source, "utf-8")
            os.utime(path, (number, number))  # by which Python knows that its bytecode is old
            if copy.passes(TESTS[module], seconds):
                missed.append(every[number])
    path.write_text(text, "utf-8")
    for mutant in missed:
        print(f"  {module}.py:{mutant.line}: {mutant.before}\n    {mutant.after.strip()}")
    print(
        f"{module}: {len(missed)} of {len(drawn)} slips survive ({len(every)} can be made)",
        flush=True,
    )
    return missed


def main() -> None:
    """The command; exit code 0 no slip survives, 1 some do, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", default=list(TESTS))
    parser.add_argument("--sample", type=int, default=40, help="slips for each module (40)")
    parser.add_argument("--seed", default="", help="for drawing these")
    given = parser.parse_args()
    by_name = {module.rpartition("/")[2]: module for module in TESTS}
    modules = [by_name.get(name, name) for name in given.modules]
    if unknown := [module for module in modules if module not in TESTS]:
        parser.error(f"no tests are known for {unknown[0]}, only for {', '.join(by_name)}")
    if given.sample < 1:
        parser.error("--sample must be at least 1")
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        missed = [each for m in modules for each in survivors(copy, m, given.sample, given.seed)]
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
