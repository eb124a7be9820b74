"""Learners' names where they may not stand as they are: in files' names, on screens, in tables."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_LONGEST = 60
_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # devices, whatever their suffix
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""Printable for Python, and drawn as nothing: of Unicode's Default_Ignorable_Code_Point
(DerivedCoreProperties.txt) those that `isprintable` lets pass."""
_FORMULA = re.compile(r"[\W_]*?[=+\-@]")  # spreadsheets overlook spaces and quotes before it


def file_stem(learner: str) -> str:
    """A file's name for a learner: their own where it is plain, else close to it and never shared.

    Plain is what every file system takes and tells apart, capitals aside.
    """
    if (
        _PLAIN.fullmatch(learner)
        and not learner.endswith(".")
        and not _OF_WINDOWS.fullmatch(learner)
    ):
        return learner
    plain = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST]
    digest = hashlib.sha256(learner.encode("utf-8", "backslashreplace")).hexdigest()[:10]
    return f"{slug or 'learner'}-{digest}"


def order(name: str) -> tuple[str, str]:
    """What to sort a name by, as people do: capitals and accents aside, numbers as numbers."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[0-9]+", lambda digits: digits[0].zfill(_LONGEST), letters), name


def shown(learner: str) -> str:
    """The name on one line, without what could rewrite a screen, turn it round or stay unseen."""
    return "".join(
        c if c.isprintable() and not _UNSEEN.match(c) else ascii(c)[1:-1] for c in learner
    )


def cell(text: str) -> str:
    """The text on one line, in a cell that no spreadsheet takes for a formula."""
    text = shown(text)
    return f"'{text}" if _FORMULA.match(unicodedata.normalize("NFKC", text)) else text


def pseudonyms(learners: Iterable[str], secret: str) -> dict[str, str]:
    """Another name for each: the same every time, in an order that tells nothing.

    Args:
        learners: who.
        secret: whoever knows it can tell who is who.
    """

    def rank(learner: str) -> bytes:
        return hmac.digest(secret.encode(), learner.encode("utf-8", "backslashreplace"), "sha256")

    ranked = sorted(learners, key=rank)
    width = len(str(len(ranked)))
    return {name: f"learner {number:0{width}}" for number, name in enumerate(ranked, start=1)}
