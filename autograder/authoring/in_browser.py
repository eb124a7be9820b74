"""An assignment's texts as they are true in a browser, where *Grade* is a button, not a command."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMAND = r"`grade(?: assignment\d+)?`"
_RUN = (
    ", in a notebook or in an editor that knows the `# %%` marks; or run the whole file with "
    r"`python \w+\.py`"
)
_INSTEAD = (
    (_RUN, ": press *Run*, or Shift and Enter"),
    (f"(?:save it and )?(?:run|type) {_COMMAND}(?: in a terminal)?", "press *Grade*"),
    (f"Run {_COMMAND}(?: in a terminal)?", "Press *Grade*"),
    (_COMMAND, "*Grade*"),
)
"""Patterns of what speaks of a terminal, in which a space is any white space; and what is said."""


def said(text: str) -> str:
    """What a text of an assignment says in a browser.

    Args:
        text: of a cell, in Markdown.
    """
    for pattern, instead in _INSTEAD:
        text = re.sub(pattern.replace(" ", r"\s+"), instead, text)
    return text


def changes(notebooks: Iterable[bytes]) -> dict[str, str]:
    """The texts in these notebooks that say something else in a browser, and what they say there.

    The notebooks stay as they are: learners save them, to go on in a terminal.

    Args:
        notebooks: each as its file has it.
    """
    texts = {
        "".join(cell["source"])
        for notebook in notebooks
        for cell in json.loads(notebook)["cells"]
        if cell["cell_type"] == "markdown"
    }
    return {text: said(text) for text in sorted(texts) if said(text) != text}
