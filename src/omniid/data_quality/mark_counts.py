"""Marked values counted and ranked, source by source."""

from typing import NamedTuple

import numpy as np

from omniid.data_quality.marks import Marked
from omniid.data_quality.members import Bools, Counts, Members
from omniid.tables.arrays import arrow_array, distinct

__all__ = ["MarkCount", "MarkCounts", "TopValue", "count_marked", "top_values"]


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
    n, rows = members.n_sources, distinct(marked.row)
    source = members.table.source
    values = distinct(source.take(marked.row).astype(np.int64) * max(len(marked.texts), 1) + marked.value)
    presences = distinct(members.presence_of.take(rows))
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
    for code in distinct(keys // width).tolist():
        here = np.flatnonzero(keys // width == code)
        if len(here) > most:  # those that may be among the first, ties with the last of them included
            here = here[records[here] >= np.partition(records[here], len(here) - most)[len(here) - most]]
        texts = marked.texts.take(arrow_array(keys[here] % width)).to_pylist()
        found = [TopValue(code, text, int(records[at]), int(people[at])) for at, text in zip(here.tolist(), texts, strict=True)]
        out += sorted(found, key=lambda one: (-one.records, one.value))[:most]
    return out
