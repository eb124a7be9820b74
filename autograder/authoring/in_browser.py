"""Rewords an assignment's texts for a browser, where *Grade* is a button and not a command."""

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
"""Patterns of what mentions a terminal, and the replacements. A space matches any white space."""


def said(text: str) -> str:
    """A text of an assignment as the browser shows it.

    Args:
        text: a cell's Markdown.
    """
    for pattern, instead in _INSTEAD:
        text = re.sub(pattern.replace(" ", r"\s+"), instead, text)
    return text


def changes(notebooks: Iterable[bytes]) -> dict[str, str]:
    """The texts in these notebooks that a browser shows in other words, with those words.

    The notebooks do not change: learners can save them and continue in a terminal.

    Args:
        notebooks: the files' contents.
    """
    texts = {
        "".join(cell["source"])
        for notebook in notebooks
        for cell in json.loads(notebook)["cells"]
        if cell["cell_type"] == "markdown"
    }
    return {text: said(text) for text in sorted(texts) if said(text) != text}
