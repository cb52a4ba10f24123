"""Marked values: those of which something is wrong or special, record by record."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.data_quality.fields import MeasuredField
from omniid.data_quality.members import Bools, Counts, Holding, Members, distinct
from omniid.data_quality.uniqueness import Uses
from omniid.tables import Codes, Rows
from omniid.tables.arrays import arrow_array, numpy_array

__all__ = [
    "LOST",
    "MARKS",
    "MarkCount",
    "MarkCounts",
    "Marked",
    "TopValue",
    "class_marks",
    "count_marked",
    "day_marks",
    "own_values",
    "several_marks",
    "top_values",
]

# Worst first. Those of LOST are of no use as a value of their person.
MARKS = ("unreadable", "placeholder", "shared", "too frequent", "several people", "weak", "household")
LOST = frozenset({"unreadable", "placeholder", "shared", "too frequent", "weak"})
DAY_LENGTH = len("1970-01-01")
ABOVE = 10  # standard deviations over the mean, and people above the mean: a day is too frequent


class Marked(NamedTuple):
    """Marked values of one field, one entry each.

    Parameters
    ----------
    field
        The field.
    mark
        One of `MARKS`.
    row
        The record.
    value
        Position in `texts`.
    texts
        What to show.
    """

    field: str
    mark: str
    row: Rows
    value: Codes
    texts: pa.LargeStringArray


class MarkCount(NamedTuple):
    """Marked values of one source, as `MarkCounts` counts them."""

    values: int
    records: int
    people: int
    without: int


class MarkCounts(NamedTuple):
    """Marked values counted per source.

    Parameters
    ----------
    values, records, people
        Distinct values, records that hold one, and people.
    without
        People who have no value of their own in any record: they would gain one.
    """

    values: Counts
    records: Counts
    people: Counts
    without: Counts

    def of(self, source: int) -> MarkCount:
        """The counts of one source."""
        return MarkCount(*(int(part[source]) for part in self))


def class_marks(
    field: MeasuredField, holding: Holding, texts: pa.LargeStringArray, value_class: Codes, names: Sequence[str]
) -> list[Marked]:
    """Mark the values of a field that are not one person's own, by their value class.

    Parameters
    ----------
    field, holding, texts
        The field, its values, and its vocabulary.
    value_class
        Per distinct value: position in `names`; the first, personal, is not marked.
    names
        Names of the value classes.
    """
    found = value_class.take(holding.value)
    out = []
    for code, name in enumerate(names):
        if code and (here := np.flatnonzero(found == code)).size:
            out.append(Marked(field.name, name, holding.row.take(here), holding.value.take(here), texts))
    return out


def day_marks(members: Members, field: MeasuredField, holding: Holding, uses: Uses, texts: pa.LargeStringArray) -> list[Marked]:
    """Mark the days that far more people of a source have than chance allows, such as the first that a form offers.

    With a mean of m people on a day of the source, those on which more than m + 10 √m + 10 fall: a few people say nothing.

    Parameters
    ----------
    members, field, holding, texts
        The records, the field, its values, and its vocabulary.
    uses
        Who holds which value.
    """
    if not len(texts):
        return []
    begins = _first_uses(uses) & (numpy_array(pc.utf8_length(texts)) == DAY_LENGTH).take(uses.value)
    source, value, people = (part[begins] for part in (uses.source, uses.value, uses.people))
    days = np.maximum(np.bincount(source, minlength=members.n_sources), 1)
    mean = np.bincount(source, weights=people, minlength=members.n_sources) / days
    bad = people > (mean + ABOVE * np.sqrt(mean) + ABOVE).take(source)
    return _marks_of(members, field, "too frequent", holding, (source * len(texts) + value)[bad], texts)


def several_marks(
    members: Members, field: MeasuredField, holding: Holding, uses: Uses, texts: pa.LargeStringArray, value_class: Codes | None
) -> list[Marked]:
    """Mark the values of an identifier that two or more people hold in one source, though each is meant for one.

    Parameters
    ----------
    members, field, holding, texts
        The records, the field, its values, and its vocabulary.
    uses
        Who holds which value.
    value_class
        Per distinct value; those that are not personal (0) are marked as what they are. None: all are personal.
    """
    several = _first_uses(uses) & (uses.people > 1)
    if value_class is not None:
        several &= value_class.take(uses.value) == 0
    return _marks_of(members, field, "several people", holding, (uses.source * len(texts) + uses.value)[several], texts)


def _first_uses(uses: Uses) -> Bools:
    """The first use of each value in each source."""
    begins = np.ones(len(uses.source), bool)
    begins[1:] = (uses.source[1:] != uses.source[:-1]) | (uses.value[1:] != uses.value[:-1])
    return begins


def _marks_of(
    members: Members, field: MeasuredField, mark: str, holding: Holding, bad: Counts, texts: pa.LargeStringArray
) -> list[Marked]:
    """Mark the entries whose source and value are among `bad`, ascending keys."""
    if not len(bad):
        return []
    key = members.source_at.take(holding.presence).astype(np.int64) * len(texts) + holding.value
    here = np.flatnonzero(bad.take(np.minimum(np.searchsorted(bad, key), len(bad) - 1)) == key)
    return [Marked(field.name, mark, holding.row.take(here), holding.value.take(here), texts)]


def own_values(holding: Holding, marked: Sequence[Marked]) -> Holding:
    """Return the values that are their person's own: those not lost by what is wrong with them.

    Parameters
    ----------
    holding
        The values of one field.
    marked
        The marked values of the field, in its own vocabulary.
    """
    lost = [one.row.astype(np.int64) * len(one.texts) + one.value for one in marked if one.mark in LOST]
    if not lost:
        return holding
    here = ~np.isin(holding.row.astype(np.int64) * len(marked[0].texts) + holding.value, np.concatenate(lost))
    return Holding(holding.row[here], holding.presence[here], holding.value[here])


def count_marked(members: Members, marked: Marked, own: Bools) -> MarkCounts:
    """Count marked values per source, the people who hold them, and those of them who have no value of their own.

    Parameters
    ----------
    members, marked
        The records and the marked values of one field.
    own
        Per entity: whether it has a value of its own.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> from omniid.tables.arrays import text_array
    >>> members = Members(RecordTable.of([{"record_id": str(i)} for i in range(3)]), np.array([0, 1, 1]), np.ones(2, bool))
    >>> marked = Marked("email", "shared", np.array([0, 1, 2]), np.zeros(3, np.int32), text_array(["box@x.com"]))
    >>> [int(one[0]) for one in count_marked(members, marked, np.array([False, True]))]
    [1, 3, 2, 1]
    """
    n, rows = members.n_sources, np.unique(marked.row)
    source = members.table.source
    values = distinct(source.take(marked.row).astype(np.int64) * max(len(marked.texts), 1) + marked.value)
    presences = np.unique(members.presence_of.take(rows))
    return MarkCounts(
        np.bincount(values // max(len(marked.texts), 1), minlength=n).astype(np.int64),
        np.bincount(source.take(rows), minlength=n).astype(np.int64),
        members.people_by_source(presences),
        members.people_by_source(presences[~own.take(members.entity_at.take(presences))]),
    )


class TopValue(NamedTuple):
    """A marked value of one source, and how many records and people have it."""

    source: int
    value: str
    records: int
    people: int


def top_values(members: Members, marked: Marked, most: int) -> list[TopValue]:
    """List the marked values that most records hold, source by source; of equally many the first in code-point order.

    Parameters
    ----------
    members, marked
        The records and the marked values of one field.
    most
        At most so many of each source.
    """
    width = max(len(marked.texts), 1)
    key = members.table.source.take(marked.row).astype(np.int64) * width + marked.value
    pairs = distinct(key * len(members.table) + marked.row)  # a record that names a value twice counts once
    keys, place, records = np.unique(pairs // len(members.table), return_inverse=True, return_counts=True)
    presence = members.presence_of.take(pairs % len(members.table))
    theirs = members.person_at.take(presence)
    uses = distinct(place.reshape(-1)[theirs].astype(np.int64) * len(members.entity_at) + presence[theirs])
    people = np.bincount(uses // max(len(members.entity_at), 1), minlength=len(keys))
    out = []
    for code in np.unique(keys // width).tolist():
        here = np.flatnonzero(keys // width == code)
        if len(here) > most:  # those that may be among the first, ties with the last of them included
            here = here[records[here] >= np.partition(records[here], len(here) - most)[len(here) - most]]
        texts = marked.texts.take(arrow_array(keys[here] % width)).to_pylist()
        found = [TopValue(code, text, int(records[at]), int(people[at])) for at, text in zip(here.tolist(), texts, strict=True)]
        out += sorted(found, key=lambda one: (-one.records, one.value))[:most]
    return out
