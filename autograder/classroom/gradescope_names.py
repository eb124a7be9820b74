"""Gradescope's `submission_metadata.yml`: who handed in which of the numbered folders, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from autograder import extras
from autograder.classroom.entries import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.classroom.entries import Entry

METADATA = "submission_metadata.yml"
_MOST = 64 * 1024**2  # bytes of it: results of earlier runs are in it


@dataclass(frozen=True)
class Handed:
    """Who handed a submission in: one learner, or a team of several, and when."""

    learner: str
    moment: datetime | None


def who(entry: Entry) -> tuple[dict[str, Handed], str]:
    """Read the file.

    Returns:
        Who and when, by the folder's name, and why that is not known, if it is not.
    """
    if (lacking := extras.lacking("class", "yaml")) is not None:
        return {}, f"{METADATA}, so learners are only known by number: {lacking}"
    import yaml

    try:
        table = yaml.load(entry.read(_MOST), Loader=_loader())  # noqa: S506  a safe one
        return dict(_each(table)), ""
    except Unreadable as error:
        return {}, f"{METADATA} {error}"
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        first = " ".join(str(error).split())
        return {}, f"{METADATA} can't be parsed: {first[:200]}"


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _each(table: object) -> Iterator[tuple[str, Handed]]:
    if not isinstance(table, dict):
        raise ValueError("it is not a table of submissions")  # noqa: TRY004  what a file holds
    for folder, facts in table.items():
        if not isinstance(facts, dict):
            continue
        people = facts.get(":submitters") or facts.get("submitters") or ()
        names = [_name(person) for person in people if isinstance(person, dict)]
        moment = facts.get(":created_at", facts.get("created_at"))
        if names := list(filter(None, names)):
            at = moment if isinstance(moment, datetime) else None
            yield str(folder), Handed(" and ".join(names), at)


def _name(person: dict[object, object]) -> str:
    """The name with the student's number, which tells two of one name apart."""
    facts = (person.get(f":{key}") or person.get(key) or "" for key in ("name", "sid", "email"))
    name, number, email = map(str, facts)
    return "_".join(filter(None, (name, number or email))).replace("/", " ")
