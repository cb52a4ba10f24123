"""Whom to write to: for one purpose and channel the one address of every person who agrees, and why the others are left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.consent import DENIED, GRANTED
from omniid.contacting.contact_book import ContactBook
from omniid.contacting.refusals import REFUSALS, Listing, why_refused
from omniid.errors import InputError
from omniid.fields import PersonName
from omniid.frames import plain_table, to_native, write_table
from omniid.results import Parts
from omniid.statement_fields import CHANNEL_OF
from omniid.tables import coded_column
from omniid.tables.arrays import arrow_array

__all__ = ["ContactList", "list_contacts"]

FORMATS: Mapping[str, Literal["csv", "parquet"]] = {".csv": "csv", ".parquet": "parquet"}
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
ELSEWHERE, SUPERSEDED = (list(REFUSALS).index(name) for name in ("listed elsewhere", "superseded"))


@dataclass(frozen=True, eq=False)
class ContactList:
    """Whom to contact for one purpose by one channel, and who is left out and why; `print` it.

    Parameters
    ----------
    purpose
        The purpose; None: consent was not asked for.
    channel
        The channel.
    tables
        "allowed" (entity_id, value, names) and "refused" (entity_id, value, why) as Arrow tables.
    counts
        people, reached, unreached (they have values, and none may be used), without (they have none), and values left out by
        why: invalid, shared, denied, unknown, superseded, listed elsewhere.
    backend
        The kind of frame that went in.
    """

    purpose: str | None
    channel: str
    tables: Mapping[str, pa.Table]
    counts: Mapping[str, int]
    backend: str

    @property
    def allowed(self) -> Any:
        """Whom to contact: entity_id, value, the parts of the name; every person and every value at most once."""
        return to_native(self.tables["allowed"], self.backend)

    @property
    def refused(self) -> Any:
        """What is left out: entity_id, value, why."""
        return to_native(self.tables["refused"], self.backend)

    def save(self, path: str | Path) -> Path:
        """Write whom to contact, and beside it what was left out; return the path of the latter.

        Parameters
        ----------
        path
            A file whose name ends in .csv or .parquet; list.csv puts what was left out into list_refused.csv.

        Raises
        ------
        InputError
            If the name ends in something else, or the file can't be written.
        """
        path = Path(path)
        if path.suffix not in FORMATS:
            raise InputError(f"{path} ends in neither .csv nor .parquet; name it so")
        beside = path.with_name(f"{path.stem}_refused{path.suffix}")
        write_table(self.tables["refused"], beside, format=FORMATS[path.suffix])  # first: no list without what it leaves out
        write_table(self.tables["allowed"], path, format=FORMATS[path.suffix])
        return beside

    def __repr__(self) -> str:
        return (
            f"ContactList({self.purpose!r}, {self.channel!r}: {self.counts['reached']:,} of {self.counts['people']:,} people)"
        )

    def __str__(self) -> str:
        count = self.counts
        asked = "whatever was consented to" if self.purpose is None else f"for {self.purpose}"
        left_out = sum(count[name] for name in REFUSALS)
        rows = [
            ("people", f"{count['people']:,}"),
            ("to contact", f"{count['reached']:,}, at one value each"),
            ("not to contact", f"{count['unreached']:,} whose values may not be used, {count['without']:,} who have none"),
            ("values left out", f"{left_out:,}"),
            *(("", f"{count[name]:,} × {REFUSALS[name]}") for name in REFUSALS if count[name]),
        ]
        return "\n".join([f"contact list {asked}, by {self.channel}", *(f"{name:<17}{text}".rstrip() for name, text in rows)])


def list_contacts(
    parts: Parts, book: ContactBook, profiles: pa.Table, purpose: str | None, channel: str, backend: str
) -> ContactList:
    """Make the list for one purpose and channel.

    Parameters
    ----------
    parts, book
        The result, and by what its entities can be reached.
    profiles
        Where names come from, in the order of the entities.
    purpose
        The purpose; None asks for no consent.
    channel
        email, phone, messenger or social.
    backend
        The kind of frame that went in.

    Raises
    ------
    InputError
        If there is no such channel, or no consent is declared for the purpose.
    """
    of_channel = np.flatnonzero(book.of_channel(channel))
    why = _objections(book, of_channel, purpose)
    best = _best(book, of_channel[why < 0])
    once = _once(book, best, purpose)
    listed = best[once]
    why[why < 0] = SUPERSEDED
    why[np.isin(of_channel, best)] = ELSEWHERE
    left_out = ~np.isin(of_channel, listed)
    listing = Listing(best, listed, of_channel[left_out], why[left_out])
    names = _taken(profiles.select(_name_columns(parts, profiles)), book.points.entity[listed])
    allowed = pa.table({**_who(parts, book, listed), **names})
    refused = pa.table({**_who(parts, book, listing.refused), "why": why_refused(parts, book, listing, purpose)})
    tables = {"allowed": plain_table(allowed), "refused": plain_table(refused)}
    return ContactList(purpose, channel, tables, _counts(parts, book, listing), backend)


def _objections(book: ContactBook, at: Numbers, purpose: str | None) -> npt.NDArray[np.int8]:
    """What speaks against using each point, position in `REFUSALS`; -1 where nothing does."""
    state = np.full(len(at), GRANTED, np.int8) if purpose is None else book.state_of(purpose)[at]
    against = [~book.valid[at], book.generic[at], state == DENIED, state != GRANTED]
    return np.select(against, range(len(against)), -1).astype(np.int8)


def _counts(parts: Parts, book: ContactBook, listing: Listing) -> dict[str, int]:
    """How many people are reached and how many are not, and how many values are left out, by why."""
    people = np.zeros(len(parts.entity_ids), bool)
    people[parts.entity[parts.placement.is_person]] = True
    reached, has_value = np.zeros_like(people), np.zeros_like(people)
    reached[book.points.entity[listing.listed]] = True
    has_value[book.points.entity[listing.refused]] = True
    people |= reached | has_value
    numbers = {
        "people": people.sum(),
        "reached": reached.sum(),
        "unreached": (has_value & ~reached).sum(),
        "without": (people & ~has_value & ~reached).sum(),
        **dict(zip(REFUSALS, np.bincount(listing.why, minlength=len(REFUSALS)), strict=True)),
    }
    return {name: int(count) for name, count in numbers.items()}


def _best(book: ContactBook, at: Numbers) -> Numbers:
    """The best of some points of every entity: of several kinds the first of its channel, then by rank."""
    preference = np.array([list(CHANNEL_OF).index(kind) for kind in book.values.kinds], np.int64)
    entity = book.points.entity[at]
    order = np.lexsort((book.ranking.rank[at], preference[book.points.kind[at]], entity))
    at, entity = at[order], entity[order]
    first: Numbers = at[np.append(True, entity[1:] != entity[:-1])[: len(at)]]
    return first


def _once(book: ContactBook, best: Numbers, purpose: str | None) -> Flags:
    """Of points that hold one value the one whose entity granted it last, or held it last; then the first entity."""
    value = book.points.value[best]
    time = book.points.last_seen[best]
    if purpose is not None:
        time = book.states.time[book.spot[best], book.number_of(purpose)]
    recency = np.unique(time, return_inverse=True)[1].reshape(-1)
    order = np.lexsort((np.arange(len(best)), -recency, value))
    ordered = value[order]
    taken = np.zeros(len(best), bool)
    taken[order[np.append(True, ordered[1:] != ordered[:-1])[: len(best)]]] = True
    return taken


def _who(parts: Parts, book: ContactBook, at: Numbers) -> dict[str, pa.Array]:
    points = book.points
    return {
        "entity_id": coded_column(points.entity[at], parts.entity_ids),
        "value": book.values.shown.take(arrow_array(points.shown[at])),
    }


def _name_columns(parts: Parts, profiles: pa.Table) -> list[str]:
    """The columns of a profile that hold parts of a name."""
    declared = [column for field in parts.spec.fields if isinstance(field, PersonName) for column in field.columns()]
    return [name for name in profiles.column_names if name in declared]


def _taken(table: pa.Table, rows: npt.NDArray[np.integer]) -> dict[str, pa.ChunkedArray]:
    taken = table.take(arrow_array(rows))
    return dict(zip(taken.column_names, taken.columns, strict=True))
