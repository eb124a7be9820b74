"""How others name what was handed in: whose a file is, which attempt, when. One entry a system."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECOND = (
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)-"
    r"(?P<hour>\d\d)-(?P<minute>\d\d)-(?P<second>\d\d)"
)
_MINUTE = (
    r"(?P<month>[A-Z][a-z]{2})[a-z]* (?P<day>\d{1,2}), (?P<year>\d{4}) "
    r"(?P<hour>\d{1,2})(?P<minute>\d\d) (?P<half>AM|PM)"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class ArchiveLayout(msgspec.Struct, frozen=True):
    """A way to name files.

    Attributes:
        of: whose way it is, as its users call it.
        path: a pattern of a file's whole path. Its groups: `who` and `id` are the learner, `file`
            is what they called it, `attempt` a number that grows, `year` to `second` the moment,
            `late` a mark.
        learner: how the learner is called here.
        each_file: attempts are told apart file by file; else the last is all of what came with it.
        shared: `who` begins with a name that all share, which ends in this.
        numbered: what is put into a file's name when it is handed in again, as a pattern.
        holds: each learner's folder holds a folder of this name, or it is another layout.
    """

    of: str
    path: str
    learner: str = "{who}"
    each_file: bool = False
    shared: str = ""
    numbered: str = ""
    holds: str = ""


CANVAS = "Canvas"
_OF_CANVAS = r"(?:(?P<attempt>\d+)_(?P<file>[^/]+)|(?:text|link)\.html)"  # a file; what was typed
_ALONE = r"(?![^/]*/)"  # in no folder: seen first, since a name has many places to be taken apart
_AGAIN = r"-\d+(?=\.[^.]+$)"
LAYOUTS = (
    # files and text typed into the page, in folders or with all of it in one name
    ArchiveLayout(
        "Moodle",
        r"(?P<who>[^/]+?)_assignsubmission_(?:file|onlinetext)(?:(?:_?/|_)(?P<file>.+)|_?)",
    ),
    # the .txt says in words what the name says
    ArchiveLayout(
        "Blackboard",
        rf"(?P<who>[^/]+)_attempt_{_SECOND}(?:_(?P<file>[^/]+)|\.txt)",
        shared="_",
    ),
    # a learner's name is in small letters, and of it only what may be part of a word
    ArchiveLayout(
        CANVAS,
        rf"{_ALONE}(?P<who>[^\s/A-Z.,()-]+?)(?P<late>_LATE)?_(?P<id>\d+)_{_OF_CANVAS}",
        learner="{who}_{id}",
        each_file=True,
        numbered=_AGAIN,
    ),
    ArchiveLayout(
        "Canvas (anonymous)",
        rf"(?P<late>LATE_)?anon_(?P<id>[A-Za-z0-9]+)_{_OF_CANVAS}",
        learner="anon_{id}",
        each_file=True,
        numbered=_AGAIN,
    ),
    ArchiveLayout(
        "Brightspace (D2L)",
        rf"(?P<id>\d+)-\d+ - (?P<who>[^/]+?) ?- {_MINUTE}(?:(?:/| - )(?P<file>.+))?",
        learner="{who}_{id}",
    ),
    # submission_metadata.yml beside the folders has the names
    ArchiveLayout(
        "Gradescope", r"submission_(?P<id>\d+)(?:/(?P<file>.+))?", learner="submission_{id}"
    ),
    # as `gh classroom clone student-repos` lays them out
    ArchiveLayout(
        "GitHub Classroom", r"(?P<who>[^/]+)(?:/(?P<file>.+))?", shared="-", holds=".git"
    ),
)  # fmt: skip


class Named(msgspec.Struct, frozen=True):
    """What a path says.

    Attributes:
        layout: in which way it is named.
        learner: whose it is.
        file: what they called it, its folders first; empty where the name stands for none.
        attempt: grows from one to the next.
        moment: when it was handed in, by the clock of that system.
        late: it is marked as late.
    """

    layout: ArchiveLayout
    learner: str
    file: tuple[str, ...]
    attempt: int = 0
    moment: datetime | None = None
    late: bool = False


def named(path: str, folders: Mapping[str, frozenset[str]]) -> Named | None:
    """What a path says; None where nobody is known to name it so.

    Args:
        path: below what was handed in, with / between its parts.
        folders: the folders that lie in each of those at the top, by name.
    """
    for layout in LAYOUTS:
        if layout.holds and not (folders and all(layout.holds in i for i in folders.values())):
            continue
        if (match := re.fullmatch(layout.path, path, re.DOTALL)) is None:
            continue
        groups = match.groupdict("")
        try:
            moment = _moment(groups)
        except ValueError:
            continue  # no such day
        *inner, last = (groups.get("file") or path).split("/")
        file = (*inner, re.sub(layout.numbered, "", last) if layout.numbered else last)
        learner = layout.learner.format(**groups)
        late = bool(groups.get("late"))
        return Named(layout, learner, file, int(groups.get("attempt") or 0), moment, late)
    return None


def _moment(groups: Mapping[str, str]) -> datetime | None:
    if "year" not in groups:
        return None
    month, hour = groups["month"], int(groups["hour"])
    if "half" in groups:
        hour = hour % 12 + 12 * (groups["half"] == "PM")
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    day, minute, second = (int(groups.get(key, 0)) for key in ("day", "minute", "second"))
    return datetime(int(groups["year"]), number, day, hour, minute, second)
