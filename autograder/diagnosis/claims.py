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
        inside: the function in which to look, by the name under which it is called.
        defines: the file defines a function or method of this name.
        unattached: a function of this name is there, and no class has it.
        printed: whether something was printed.
    """

    code: str = ""
    without: str = ""
    inside: str = ""
    defines: str = ""
    unattached: str = ""
    printed: bool | None = None

    def holds(self, code: Code, printed: str) -> bool:
        """Whether it is so.

        Args:
            code: the learner's file.
            printed: what the test at hand printed.
        """
        if self.inside and not code.functions(self.inside):
            return False
        if self.code and not code.holds(self.code, self.inside):
            return False
        if self.without and code.holds(self.without, self.inside):
            return False
        if self.defines and not code.defines(self.defines):
            return False
        if self.unattached and not code.leaves_out(self.unattached):
            return False
        return self.printed is None or self.printed == bool(printed.strip())
