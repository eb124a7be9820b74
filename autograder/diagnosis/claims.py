"""What a sentence says that can be checked: of the learner's file, and of the outcome at hand.

In misconceptions.toml:

    claims = [{ code = "math.exp(NAME)", inside = "exp" }]

A sentence is given only where each of its claims holds, so it cannot contradict what the learner
sees beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from autograder.diagnosis.code import Code


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that must be so; each field that is given counts.

    Attributes:
        code: a piece of Python of this shape stands in the file; see `Code.holds`.
        without: none of this shape does.
        letters: these letters stand in the file, as written.
        inside: the function in which to look, by the name under which it is called.
        parameters: the function takes parameters of these names in this order, perhaps among
            others; underscores in front do not count.
        defines: the file defines a function or method of this name.
        unattached: a function of this name is there, and no class has it.
        printed: whether something was printed.
        timeout: the test did not come to its end. A mistake that claims this needs no probe.
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
        """Whether it is so.

        Args:
            code: the learner's file.
            printed: what the test at hand printed.
            timeout: whether that test was stopped, as it did not end.
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
