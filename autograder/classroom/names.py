"""Learners' names where they may not stand as they are: as files, on screens, on shared pages."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_LONGEST = 60


def file_stem(learner: str) -> str:
    """A file's name for a learner: their own where it is plain, else close to it and never shared.

    Plain is what every file system takes and tells apart, capitals aside.
    """
    if _PLAIN.fullmatch(learner) and not learner.endswith("."):
        return learner
    plain = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST]
    digest = hashlib.sha256(learner.encode("utf-8", "backslashreplace")).hexdigest()[:10]
    return f"{slug or 'learner'}-{digest}"


def shown(learner: str) -> str:
    """The name on one line, without what could rewrite a screen or turn it round."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in learner)


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
