"""Percent format: cells are found, demo cells are blanked, and no line moves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.percent import cells, without_demos

SCRIPT = '''\
"""Before the first marker."""
import math

# %% [markdown]
# # Title

# %% tags=["demo"]
plot()
# %%% deeper
x = 1
# %% a title tags=["wide", "demo"]
show()

# %%
y = 2
'''


def test_cells_have_their_tags_their_lines_and_their_place() -> None:
    found = [(c.markdown, sorted(c.tags), c.first_line, len(c.lines)) for c in cells(SCRIPT)]

    assert found == [
        (False, [], 1, 3),
        (True, [], 5, 2),
        (False, ["demo"], 8, 1),
        (False, [], 10, 1),
        (False, ["demo", "wide"], 12, 2),
        (False, [], 15, 1),
    ]


def test_demo_cells_are_blanked_and_line_numbers_kept() -> None:
    before, after = SCRIPT.split("\n"), without_demos(SCRIPT).split("\n")

    assert len(before) == len(after)
    assert [n for n, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]] == [
        8, 12,
    ]  # fmt: skip
    assert after[7] == after[11] == ""


@pytest.mark.parametrize(
    ("marker", "demo"),
    [
        ('# %% tags=["demo"]', True),
        ("# %% tags=['demo']", True),
        ('#%% tags = [ "demo" ]', True),
        ('# %% The end  tags=["x", "demo"]', True),
        ('# %% [markdown] tags=["demo"]', True),
        ('# %% tags=["demonstration"]', False),
        ('# %% tags=["no-demo"]', False),
        ("# %% demo", False),
        ("# %% tags=[]", False),
        ("# %%", False),
        (' # %% tags=["demo"]', False),
        ('## %% tags=["demo"]', False),
        ('x = 1  # %% tags=["demo"]', False),
    ],
)
def test_what_makes_a_cell_a_demo(marker: str, demo: bool) -> None:
    text = f"a = 1\n{marker}\nb = 2\n"

    assert without_demos(text) == (f"a = 1\n{marker}\n\n" if demo else text)


@pytest.mark.parametrize(
    "text", ["", "\n", "x", "x\n", "\n\n", "# %%", "# %%\n", '# %% tags=["demo"]']
)
def test_small_texts_are_left_as_they_are(text: str) -> None:
    assert without_demos(text) == text


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_demo_at_the_end_keeps_its_line_breaks(end: str) -> None:
    assert without_demos(f'# %% tags=["demo"]\nx = 1{end}') == f'# %% tags=["demo"]\n{end}'


LINES = st.lists(
    st.sampled_from(
        ["x = 1", "", "# %%", '# %% tags=["demo"]', "# %% [markdown]", "    y", '"""', "\x0c",
         "\x0cz = 1", "\u2028", "# %% é tags=['demo', 'x']", "\x1c", "\t"]
    )
    | st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=8),
    max_size=20,
)  # fmt: skip


@given(LINES)
def test_whatever_the_text_every_other_line_stands_where_it_stood(lines: list[str]) -> None:
    text = "\n".join(lines)

    after = without_demos(text).split("\n")

    demo = False
    assert len(after) == len(text.split("\n"))
    for line, kept in zip(text.split("\n"), after, strict=True):
        if match := re.match(r"^#\s*%%(.*)$", line):
            demo = bool(re.search(r"tags\s*=\s*\[[^\]]*(?<![\w-])demo(?![\w-])", match[1]))
            assert kept == line
        else:
            assert kept == ("" if demo else line)


@given(LINES)
def test_cells_put_together_are_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    expected = text.removesuffix("\n").split("\n")

    for cell in cells(text):
        first = cell.first_line - 1
        assert tuple(expected[first : first + len(cell.lines)]) == cell.lines
    markers = [line for line in expected if re.match(r"^#\s*%%", line)]
    assert sum(len(cell.lines) for cell in cells(text)) == len(expected) - len(markers)


@given(LINES)
def test_blanking_twice_is_blanking_once(lines: list[str]) -> None:
    once = without_demos("\n".join(lines))

    assert without_demos(once) == once
