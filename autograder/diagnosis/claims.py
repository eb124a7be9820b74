"""Checks what a mistake's text claims about the learner's file, and about the test's outcome.

In misconceptions.toml:

    claims = [{ code = "math.exp(NAME)", inside = "exp" }]

A text is only shown if each of its claims holds, so it cannot contradict what the learner sees next
to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from autograder.diagnosis.code import Code


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A claim; all fields that are given must hold.

    Attributes:
        code: the file contains Python of this shape; see `Code.holds`.
        without: it contains no Python of this shape.
        letters: it contains this text.
        inside: only look in the function of this name.
        parameters: that function has parameters of these names in this order, perhaps among others;
            leading underscores are ignored.
        defines: the file defines a function or method of this name.
        unattached: it defines a function of this name, which is in no class.
        printed: whether something was printed.
        timeout: the test did not end. A mistake that claims this needs no probe.
    """

    code: str = ""
    without: str = ""
    letters: str = ""
    inside: str = ""
    parameters: tuple[str, ...] = ()
    defines: str = ""
    unattached: str = ""
    printed: bool | None = None
    timeout: bool = False

    def holds(self, code: Code, printed: str, *, timeout: bool = False) -> bool:
        """Whether the claim holds.

        Args:
            code: the learner's file.
            printed: what the test printed.
            timeout: whether the test was stopped because it did not end.
        """
        if self.timeout and not timeout:
            return False
        if self.inside and not code.functions(self.inside):
            return False
        if self.code and not code.holds(self.code, self.inside):
            return False
        if self.without and code.holds(self.without, self.inside):
            return False
        if not any(self.letters in text for text in code.texts):
            return False
        if self.parameters and not code.takes(self.inside, self.parameters):
            return False
        if self.defines and not code.defines(self.defines):
            return False
        if self.unattached and not code.leaves_out(self.unattached):
            return False
        return self.printed is None or self.printed == bool(printed.strip())
