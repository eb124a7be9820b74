"""The learner's code over there: what it raises, what it prints, what it sees."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.remote.errors import LearnerError, WorkerEnded
from autograder.remote.learner import Learner

from .conftest import Room, limits

# --- exceptions -----------------------------------------------------------------------------


def test_an_exception_arrives_with_type_message_and_the_lines_of_their_file(room: Room) -> None:
    fault = room.fault("""
        class Oops(Exception): pass

        def inner(x):
            raise Oops(f"bad {x}")  # here

        def run():
            return [inner(x) for x in (5,)]
    """)

    assert isinstance(fault, LearnerError)
    assert (fault.type_name, fault.message, str(fault)) == ("Oops", "bad 5", "Oops: bad 5")
    assert fault.lines[0] == ("work.py", 8, "return [inner(x) for x in (5,)]")
    assert fault.lines[-1] == ("work.py", 5, 'raise Oops(f"bad {x}")  # here')
    assert (fault.example, fault.look) == (("from autograder.yours.work import run",), "run()")


@pytest.mark.parametrize(
    ("statement", "type_name", "message"),
    [
        ("raise SystemExit(3)", "SystemExit", "3"),
        ("import sys; sys.exit()", "SystemExit", ""),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("raise GeneratorExit", "GeneratorExit", ""),
        ("raise BaseException('x')", "BaseException", "x"),
        ("raise NotImplementedError('write me')", "NotImplementedError", "write me"),
        ("run()", "RecursionError", "maximum recursion depth exceeded"),
        ("raise ValueError('x' * 10**6)", "ValueError", "x" * 20_000),
        ("raise ValueError(chr(0xd800))", "ValueError", "?"),
        ("raise ValueError(object())", "ValueError", "<object object at 0x…>"),
        ("raise type('X' * 1000, (Exception,), {})", "X" * 200, ""),
        ("raise Mute", "Mute", ""),
        ("exec('x = = 1')", "SyntaxError", "invalid syntax (<string>, line 1)"),
        ("input('a?')", "RuntimeError", "input() cannot be answered while your work is graded."),
        ("breakpoint()", "RuntimeError", "breakpoint() cannot be answered while your work is"),
        ("open('/nowhere')", "FileNotFoundError", "[Errno 2]"),
        ("raise ExceptionGroup('g', [ValueError()])", "ExceptionGroup", "g (1 sub-exception)"),
    ],
)
def test_whatever_is_raised_arrives_as_one_class_and_the_worker_lives(
    limited: Room, statement: str, type_name: str, message: str
) -> None:
    learner = limited.learner(f"""
        class Mute(Exception):
            def __str__(self): raise SystemExit
        def run():
            {statement}
        def ok(): return 1
    """)

    with pytest.raises(LearnerError) as caught:
        learner.run()

    assert caught.value.type_name == type_name
    assert caught.value.message.startswith(message)
    assert learner.ok() == 1


@pytest.mark.parametrize("call", ["input()", "breakpoint()"])
def test_what_needs_a_keyboard_says_to_run_the_file_itself(room: Room, call: str) -> None:
    fault = room.fault(f"def run(): {call}")

    assert "Run the file itself instead: python work.py" in str(fault)


def test_standard_input_is_empty(room: Room) -> None:
    assert room.run("import sys\ndef run(): return sys.stdin.read()") == ""


# --- what they print ------------------------------------------------------------------------


def test_what_is_printed_is_kept_for_each_test_apart(room: Room) -> None:
    session = room.session("""
        import os, sys
        print("while importing")
        def run(text):
            print(text)
            print("to stderr", file=sys.stderr)
            os.write(1, b"raw \\xff\\n")
    """)
    session.begin_test()
    learner = Learner(session)

    learner.run("one")
    first = session.output()
    learner.run("two")
    both = session.output()
    session.begin_test()

    assert first == "one\nto stderr\nraw \ufffd\n"
    assert both == first + first.replace("one", "two")
    assert session.output() == ""


def test_what_a_test_printed_before_the_process_ended_is_kept(room: Room) -> None:
    session = room.session("""
        import os
        def run():
            print("last words")
            os._exit(0)
    """)
    session.begin_test()
    with pytest.raises(WorkerEnded):
        Learner(session).run()

    assert session.output() == "last words\n"


def test_output_is_cut_and_says_so(room: Room) -> None:
    session = room.session("def run(): print('x' * 300_000)", limits(output_kb=4))
    session.begin_test()
    Learner(session).run()

    output = session.output()

    assert output == "x" * 4096 + "\n… and 295,905 more bytes"


def test_addresses_in_what_is_printed_are_the_same_in_every_run(limited: Room) -> None:
    session = limited.session("def run(): print(object())")
    session.begin_test()
    Learner(session).run()

    assert session.output() == "<object object at 0x…>\n"


@pytest.mark.parametrize(
    "statement",
    [
        "sys.stdout.close()",
        "sys.stdout = None",
        "sys.stdout = io.StringIO()",
        "os.close(1); os.close(2)",
        "sys.stdout = Broken()",
    ],
)
def test_who_closes_or_replaces_the_output_is_still_judged(room: Room, statement: str) -> None:
    learner = room.learner(f"""
        import io, os, sys
        class Broken:
            def write(self, text): pass
            def flush(self): raise SystemExit
        def run():
            {statement}
            return 1
        def ok(): return 2
    """)

    assert (learner.run(), learner.ok()) == (1, 2)


# --- the world of the worker ----------------------------------------------------------------


def test_nothing_of_ours_is_in_the_environment_or_on_the_path(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "42")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    learner = room.learner("""
        import os, sys
        def environment(): return dict(os.environ)
        def path(): return sys.path
        def modules(): return list(sys.modules)
        def arguments(): return sys.argv
        def files(): return sorted(os.listdir("."))
        def flags(): return [sys.flags.dont_write_bytecode, sys.flags.no_site]
    """)

    allowed = {"PYTHONHASHSEED", "LC_ALL", "LC_CTYPE", "PWD"}
    extra = {name for name in learner.environment() if not name.endswith("_NUM_THREADS")}
    assert extra <= allowed
    assert not [
        p for p in learner.path() if "-packages" in p or "work/main" in p or p == "/nowhere"
    ]
    assert not {"site", "autograder", "autograder.operators", "pytest", "msgspec"} & set(
        learner.modules()
    )
    assert learner.arguments() == ["work.py"]
    assert learner.files() == ["work.py"]
    assert learner.flags() == [1, 1]


def test_no_descriptor_of_ours_is_open_over_there(room: Room, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        found = room.run("""
            import os, stat
            def run():
                found = []
                for number in range(3, 1000):
                    try:
                        mode = os.fstat(number).st_mode
                    except OSError:
                        continue
                    found.append("pipe" if stat.S_ISFIFO(mode) else "something else")
                return found
        """)

    assert found == ["pipe", "pipe"]


def test_provided_modules_lie_beside_the_file(room: Room) -> None:
    learner = room.learner(
        "from engine import Value\nimport neural\ndef run(): return (Value(2.0) * 3).data",
        provides=("engine", "neural"),
    )

    assert learner.run() == 6.0
    assert (learner.Value(2.0) + 1).data == 3.0


@pytest.mark.parametrize("name", ["requests", "pytest", "msgspec", "micrograd_ref", "micrograd"])
def test_a_refused_import_names_what_is_allowed(room: Room, name: str) -> None:
    text = f"def run():\n    import {name}"

    fault = room.fault(text, provides=("engine",), packages=("numpy",))

    assert isinstance(fault, LearnerError)
    assert fault.type_name == "ModuleNotFoundError"
    assert fault.message == (
        f"`{name}` cannot be imported here. Allowed: the standard library, `engine`, `numpy`."
    )
    assert fault.lines == (("work.py", 2, f"import {name}"),)


def test_a_comprehension_is_a_line_of_its_function_on_every_python(limited: Room) -> None:
    fault = limited.fault("""
        def run():
            rows = [[1, 0]]
            return [
                sum(
                    1 / x for x in row) + len({
                    1 // x for x in row})
                if not row else [{y: 1 % y for y in row}
                    for _ in row]
                for row in rows
            ]
    """)

    assert isinstance(fault, LearnerError)
    assert [text for _, _, text in fault.lines] == ["if not row else [{y: 1 % y for y in row}"]


def test_a_package_that_is_allowed_but_missing_says_so(limited: Room) -> None:
    fault = limited.fault("def run(): import nosuchpackage", packages=("nosuchpackage",))

    assert str(fault) == "ModuleNotFoundError: `nosuchpackage` is not installed here."


def test_an_optional_import_can_be_caught(limited: Room) -> None:
    assert limited.run("""
        try:
            import torch
        except ImportError:
            torch = None
        def run(): return torch is None
    """)


CHANCE = """
import random
first = random.random()
def run():
    return [first, random.random(), random.gauss(0, 1)]
"""
LATE_CHANCE = """
def run():
    import random
    return [random.random()]
"""
NUMPY_CHANCE = """
import numpy as np
first = np.random.rand()
def run():
    return [first, np.random.rand()]
"""


@pytest.mark.parametrize("text", [CHANCE, LATE_CHANCE, NUMPY_CHANCE], ids=["", "late", "numpy"])
def test_chance_is_the_same_in_every_worker_and_in_every_test(limited: Room, text: str) -> None:
    packages: tuple[str, ...] = ()
    if "numpy" in text:
        packages = ("numpy",)
    found = []
    for seed in (7, 7, 8):
        session = limited.session(text, limits(memory_mb=1024), seed=seed, packages=packages)
        for _ in range(2):
            session.begin_test()
            found.append(Learner(session).run())

    assert found[0] == found[1] == found[2] == found[3]
    assert found[4] == found[5] != found[0]


def test_sets_of_text_have_the_same_order_in_every_worker(limited: Room) -> None:
    text = "def run(): return list({str(n) for n in range(50)})"

    assert limited.run(text) == limited.run(text)
