"""Each learner's last attempt, from the names that an LMS gives to files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from autograder.classroom import layouts
from autograder.classroom.gradescope_names import METADATA, Handed, who

if TYPE_CHECKING:
    from autograder.classroom.entries import Entry
    from autograder.classroom.layouts import Named


@dataclass
class Attempts:
    """What the names tell.

    Attributes:
        files: the learner, and the entry as it is called without what the system added.
        others: entries that are named in no known way.
        late: learners whose last attempt came late.
        moments: when the last attempt of each came, by that system's clock.
        left_out: what was not understood, fit to stand behind "Left out:".
        layout: how most of it is named; None where nothing is.
    """

    files: list[tuple[str, Entry]] = field(default_factory=list)
    others: list[Entry] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    moments: dict[str, datetime] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    layout: str | None = None


def last(entries: Iterable[Entry], due: datetime | None) -> Attempts:
    """The last attempt of each learner.

    Args:
        entries: all that was handed in.
        due: until when it was due; a system's clock without an offset is taken to have this one's.
    """
    found, metadata = Attempts(), None
    told: list[tuple[Named, Entry]] = []
    known = list(entries)
    folders = inner_folders(known)
    for entry in known:
        if entry.parts == (METADATA,):
            metadata = entry
            continue
        name = layouts.named("/".join(entry.parts), folders) if entry.parts else None
        if name is None:
            found.others.append(entry)
        else:
            told.append((name, entry))
    if not told:
        found.others += [metadata] if metadata is not None else []
        return found
    counts = Counter(name.layout.of for name, _ in told)
    found.layout = counts.most_common(1)[0][0]
    handed: Mapping[str, Handed] = {}
    if metadata is not None:
        handed, problem = who(metadata)
        found.left_out += [problem] if problem else []
    _keep_last(found, [_known(name, entry, handed) for name, entry in _unshared(told)], due)
    return found


def inner_folders(entries: Iterable[Entry]) -> dict[str, frozenset[str]]:
    """The folders in each folder at the top, but for hidden ones there."""
    inner: dict[str, set[str]] = {}
    for entry in entries:
        if len(entry.parts) > 1 and not entry.parts[0].startswith((".", "__MACOSX")):
            below = inner.setdefault(entry.parts[0], set())
            below.update(entry.parts[1:2] if len(entry.parts) > 2 else ())
    return {name: frozenset(below) for name, below in inner.items()}


def _unshared(told: list[tuple[Named, Entry]]) -> Iterable[tuple[Named, Entry]]:
    """The same without the name that all learners' begin with: the assignment's."""
    starts: dict[str, str] = {}
    for layout in {name.layout for name, _ in told if name.layout.shared}:
        learners = {name.learner for name, _ in told if name.layout == layout}
        common = _beginning(learners) if len(learners) > 1 else ""
        starts[layout.of] = common[: common.rfind(layout.shared) + 1]
    for name, entry in told:
        start = starts.get(name.layout.of, "")
        yield _called(name, name.learner.removeprefix(start)), entry


def _beginning(names: set[str]) -> str:
    """What all begin with."""
    one, other = min(names), max(names)  # what these two share, all share
    same = (a == b for a, b in zip(one, other, strict=False))
    return one[: next((n for n, alike in enumerate(same) if not alike), len(one))]


def _called(name: Named, learner: str) -> Named:
    return msgspec.structs.replace(name, learner=learner)


def _known(
    name: Named, entry: Entry, handed: Mapping[str, Handed]
) -> tuple[Named, Entry, datetime | None]:
    """With the learner's own name, and the moment, where a list beside the files has them."""
    told = handed.get(name.learner)
    if told is None:
        return name, entry, name.moment
    return _called(name, told.learner), entry, told.moment or name.moment


def _keep_last(
    found: Attempts, told: list[tuple[Named, Entry, datetime | None]], due: datetime | None
) -> None:
    def attempt(name: Named, moment: datetime | None) -> tuple[float, int]:
        return (_seconds(moment, due), name.attempt)

    def key(name: Named) -> tuple[object, ...]:
        return (name.learner, name.file) if name.layout.each_file else (name.learner,)

    newest: dict[tuple[object, ...], tuple[float, int]] = {}
    for name, _, moment in told:
        at = attempt(name, moment)
        newest[key(name)] = max(at, newest.get(key(name), at))
    for name, entry, moment in told:
        if attempt(name, moment) != newest[key(name)]:
            continue
        found.files.append((name.learner, replace(entry, parts=(name.learner, *name.file))))
        if moment is not None:
            found.moments[name.learner] = moment
        past = due is not None and moment is not None and _seconds(moment, due) > due.timestamp()
        if name.late or past:
            found.late.add(name.learner)


def _seconds(moment: datetime | None, due: datetime | None) -> float:
    """A moment as a number; one without an offset is read as if it had that of `due`."""
    if moment is None:
        return 0.0
    if moment.tzinfo is None and due is not None:
        moment = moment.replace(tzinfo=due.tzinfo)
    return moment.timestamp()
