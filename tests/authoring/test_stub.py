"""A learner's file made from a solution: what is taken out, what is given, what is refused."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.authoring.stub import StubError, solved, stub, with_setup
from autograder.submission import percent

SOLUTION = '''
# %% [markdown]
# # A function

# %%
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION: Multiply by two.
    two = 2
    return two * x
    ### END SOLUTION


# %% tags=["demo"]
print(double(3))
'''


def with_sentence(sentence: str, indent: str = "    ") -> str:
    """A solution with this sentence, so far indented."""
    lines = [f"{indent}### BEGIN SOLUTION: {sentence}", f"{indent}return 1", ""]
    depth = len(indent) // 4
    heads = [f"{'    ' * n}def f{n}():" for n in range(depth)]
    return "\n".join([*heads, *lines[:2], f"{indent}### END SOLUTION", ""])


def refusal(solution: str) -> str:
    with pytest.raises(StubError) as caught:
        stub(textwrap.dedent(solution), "s.py")
    return str(caught.value)


def test_a_region_becomes_a_sentence() -> None:
    expected = SOLUTION.replace(
        """    ### BEGIN SOLUTION: Multiply by two.
    two = 2
    return two * x
    ### END SOLUTION
""",
        """    raise NotImplementedError("Multiply by two.")
""",
    )

    assert stub(SOLUTION, "s.py") == expected


def test_what_has_no_markers_stays_as_it_is() -> None:
    for text in ("", "\n", "x = 1", "x = 1\n", "def f():\n    pass\n\n\n"):
        assert stub(text, "s.py") == text


def test_our_cell_is_the_second_one_and_the_grader_does_not_run_it() -> None:
    solution = SOLUTION.lstrip()
    cells, more = percent.cells(solution), percent.cells(with_setup(solution))

    assert [c.lines for c in more[:1] + more[2:]] == [c.lines for c in cells]
    assert more[1].is_demo
    assert "import autograder.kit.stubs" in "\n".join(more[1].lines)
    for text in ("", "x = 1\n", "# %%\nx = 1\n"):
        assert with_setup(text) == text


def test_two_regions_in_a_function_and_two_in_a_row() -> None:
    text = stub(
        textwrap.dedent("""\
        def f(x):
            ### BEGIN SOLUTION: First.
            y = x
            ### END SOLUTION
            z = 0

            ### BEGIN SOLUTION: Second.
            y += z
            ### END SOLUTION
            ### BEGIN SOLUTION: Third.
            return y
            ### END SOLUTION
        """),
        "s.py",
    )

    assert text == textwrap.dedent("""\
        def f(x):
            raise NotImplementedError("First.")
            z = 0

            raise NotImplementedError("Second.")
            raise NotImplementedError("Third.")
        """)


def test_a_given_block_takes_the_place_of_the_sentence() -> None:
    text = stub(
        textwrap.dedent("""\
        def f(self, out):
            def _backward():
                ### BEGIN SOLUTION: Add instead of overwriting.
                self.grad += out.grad
                ### END SOLUTION
                ### BEGIN GIVEN
                # self.grad = out.grad
                #

                # if out:
                #     pass  # not yet
                ### END GIVEN
            out._backward = _backward
        """),
        "s.py",
    )

    assert text == textwrap.dedent("""\
        def f(self, out):
            def _backward():
                self.grad = out.grad


                if out:
                    pass  # not yet
            out._backward = _backward
        """)


def sentence_of(text: str) -> str:
    """What the stub raises when it is run."""
    names: dict[str, Any] = {}
    exec(text, names)
    function: Any = next(v for k, v in names.items() if k.startswith("f"))
    with pytest.raises(NotImplementedError) as caught:
        function()
    return str(caught.value)


@pytest.mark.parametrize(
    "sentence",
    [
        "Return \"yes\" or 'no'.",
        r"Print \n, not a new line; see C:\new.",
        "Multiply (a·b) → out; keep {braces} and %s.",
        "Ends with a backslash \\",
        "x" * 300,
        (
            "A well-known multi-variable chain-rule is what this step-by-step sentence is about, "
            "and it goes on for so-and-so many half-finished words until it is over-long."
        ),
        "One " + "word " * 60 + "more.",
        '"' * 150,
        "Two  spaces stay where  they are when the sentence is short.",
    ],
)
def test_a_sentence_arrives_as_it_was_written(sentence: str) -> None:
    text = stub(with_sentence(sentence), "s.py")

    assert sentence_of(text) == sentence
    assert all(len(line) <= 100 for line in text.split("\n")) or " " not in sentence


@given(st.lists(st.text("aZ0-.,:\"'\\{}%#·→", min_size=1, max_size=30), min_size=2, max_size=30))
@example(["a", "-b"] * 30)
@example(["a-b"] * 40)
def test_any_sentence_arrives_as_it_was_written(words: list[str]) -> None:
    sentence = " ".join(words)
    assert sentence_of(stub(with_sentence(sentence), "s.py")) == sentence


def test_a_long_sentence_is_folded_within_its_indent() -> None:
    text = stub(with_sentence("Do this and that, " * 12 + "then stop.", "        "), "s.py")
    lines = text.rstrip("\n").split("\n")

    assert lines[2] == "        raise NotImplementedError("
    assert lines[-1] == "        )"
    assert all(line.startswith("            ") for line in lines[3:-1])
    assert max(map(len, lines)) <= 100


def test_every_stub_is_python_that_a_linter_likes_too() -> None:
    ast.parse(stub(SOLUTION, "s.py"))


@pytest.mark.parametrize(
    ("solution", "message"),
    [
        (
            "def f():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n",
            "s.py:2: say what to do: ### BEGIN SOLUTION: Sentence.",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION:\n    pass\n    ### END SOLUTION\n",
            "s.py:2: unknown marker: ### BEGIN SOLUTION:",
        ),
        (
            "def f():\n    ### BEGIN SOLUTIONS: Do it.\n",
            "s.py:2: unknown marker: ### BEGIN SOLUTIONS: Do it.",
        ),
        (
            "def f():\n    x = 1  ### BEGIN SOLUTION: Do it.\n",
            "s.py:2: unknown marker: x = 1  ### BEGIN SOLUTION: Do it.",
        ),
        (
            "def f():\n    ### END\n",
            "s.py:2: unknown marker: ### END",
        ),
        ("def f():\n    ### END SOLUTION\n", "s.py:2: END SOLUTION without its BEGIN"),
        (
            "def f():\n    ### BEGIN SOLUTION: Do it.\n    pass\n    ### END GIVEN\n",
            "s.py:4: END GIVEN without its BEGIN",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION: Do it.\n    pass\n",
            "s.py:2: the SOLUTION region never ends",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION: Do it.\n    ### BEGIN SOLUTION: And this.\n",
            "s.py:3: a region begins inside the one from line 2",
        ),
        (
            "def f():\n    ### BEGIN GIVEN\n    # pass\n    ### END GIVEN\n",
            "s.py:2: GIVEN must follow END SOLUTION directly",
        ),
        (
            (
                "def f():\n    ### BEGIN SOLUTION: Do it.\n    pass\n    ### END SOLUTION\n\n"
                "    ### BEGIN GIVEN\n    # pass\n    ### END GIVEN\n"
            ),
            "s.py:6: GIVEN must follow END SOLUTION directly",
        ),
        (
            (
                "def f():\n    ### BEGIN SOLUTION: Do it.\n    pass\n    ### END SOLUTION\n"
                "    ### BEGIN GIVEN\n    pass\n    ### END GIVEN\n"
            ),
            "s.py:6: lines of a GIVEN block must be commented out with `# `",
        ),
        (
            (
                "def f():\n    ### BEGIN SOLUTION: Do it.\n    pass\n    ### END SOLUTION\n"
                "    ### BEGIN GIVEN\n    # pass\n"
            ),
            "s.py:5: the GIVEN region never ends",
        ),
        (
            "### BEGIN SOLUTION: Do it.\nx = 1\n### END SOLUTION\n",
            "s.py:1: a solution must be inside a function's body",
        ),
        (
            "class A:\n    ### BEGIN SOLUTION: Do it.\n    x = 1\n    ### END SOLUTION\n",
            "s.py:2: a solution must be inside a function's body",
        ),
        (
            (
                "def f():\n    pass\n\nif f:\n    ### BEGIN SOLUTION: Do it.\n    x = 1\n"
                "    ### END SOLUTION\n"
            ),
            "s.py:5: a solution must be inside a function's body",
        ),
    ],
)
def test_markers_that_do_not_fit(solution: str, message: str) -> None:
    assert refusal(solution) == message


@pytest.mark.parametrize(
    "solution",
    [
        "def f():\n        ### BEGIN SOLUTION: Do it.\n        pass\n        ### END SOLUTION\n    x\n",
        "def f(:\n    pass\n",
        "x = '\0'\n",
    ],
)
def test_a_stub_that_is_no_python(solution: str) -> None:
    assert refusal(solution).startswith("s.py: its stub is not valid Python: ")


def test_a_solution_is_shown_without_markers_and_without_what_was_given() -> None:
    text = (
        "# %% [markdown]\n# Text.\n# %%\nimport math\n# %%\ndef f():\n    ### BEGIN SOLUTION: Do.\n"
        "    return 1\n    ### END SOLUTION\n    ### BEGIN GIVEN\n    # return 2\n    ### END GIVEN\n"
        "\n\nx = f\n# %%\nprint(f())\n"
    )

    assert solved(text) == "def f():\n    return 1\n\n\nx = f\n"
