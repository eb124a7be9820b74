"""All that a verdict depends on beside what was handed in: the same again, the same verdict."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import autograder
from autograder.course import Assignment, Course
from autograder.grading.suite import suite_sha256

if TYPE_CHECKING:
    from collections.abc import Mapping


class Conditions(msgspec.Struct, frozen=True):
    """Under what a submission is judged; travels to whoever judges.

    Attributes:
        assignment: its files and limits.
        seed: the course's; random inputs are drawn from it.
        kit_version: of this kit.
        suite_sha256: the hash of the hidden suite.
        lacking: packages of the assignment's that are not installed here: their tests do not run.
        sandboxed: whether the sandbox is required.
    """

    assignment: Assignment
    seed: str
    kit_version: str
    suite_sha256: str
    lacking: tuple[str, ...]
    sandboxed: bool

    @property
    def id(self) -> str:
        """The hash of all of them."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()

    def course(self) -> Course:
        """As much of the course as judging needs; its folder is not there on another machine."""
        return Course(Path(), "", self.seed, (self.assignment,))

    def differences(self, other: Conditions) -> list[str]:
        """The names of the fields that differ."""
        names = self.__struct_fields__
        return [name for name in names if getattr(self, name) != getattr(other, name)]


def here(assignment: Assignment, seed: str, *, sandboxed: bool) -> Conditions:
    """The conditions as they are on this machine, with this kit.

    Args:
        assignment: what is judged.
        seed: the course's.
        sandboxed: whether the sandbox is required.
    """
    lacking = {name for file in assignment.files if (name := file.lacks()) is not None}
    return Conditions(
        assignment=assignment,
        seed=seed,
        kit_version=autograder.__version__,
        suite_sha256=suite_sha256(assignment.name),
        lacking=tuple(sorted(lacking)),
        sandboxed=sandboxed,
    )


def content_sha256(files: Mapping[str, bytes]) -> str:
    """The hash of what was handed in: names and contents."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
