"""Whose the records are, in the order in which everything here is counted: by entity, then by source."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes, Column, RecordTable, Rows

__all__ = ["Bools", "Counts", "Holding", "Members", "pairs_within"]

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]


class Holding(NamedTuple):
    """The values of one field, one entry each, by entity, source and row.

    Parameters
    ----------
    row
        The record that holds the value.
    presence
        The presence (an entity in a source) that the record belongs to; ascending.
    value
        Position of the normal form in the field's vocabulary.
    """

    row: Rows
    presence: Rows
    value: Codes


@dataclass(frozen=True, eq=False)
class Members:
    """Normalised records and the entity of each.

    A *presence* is an entity in a source: all records that the source has of it. Presences are numbered by entity, then source.

    Parameters
    ----------
    table
        Normalised records.
    entity
        int32 per row.
    is_person
        Per entity: a person, or an anonymous entity, which is not counted among people.
    visited
        Sources that list what people did, so that several records of one person are no duplicates.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "source": "web"}, {"record_id": "2", "source": "web"}])
    >>> members = Members(table, np.array([0, 0], np.int32), np.array([True]))
    >>> members.presence_of.tolist(), members.entity_at.tolist()
    ([0, 0], [0])
    """

    table: RecordTable
    entity: Rows
    is_person: Bools
    visited: frozenset[str] = frozenset()

    @property
    def n_sources(self) -> int:
        """Number of sources."""
        return max(len(self.table.sources), 1)

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Rows by entity, source and record id."""
        return np.argsort(self.entity, kind="stable").astype(np.int64)

    @cached_property
    def _places(self) -> tuple[Counts, Rows]:
        """Key of each presence, ascending, and the presence of each row of `order`."""
        key = self.entity.take(self.order).astype(np.int64) * self.n_sources + self.table.source.take(self.order)
        begins = np.ones(len(key), bool)
        begins[1:] = key[1:] != key[:-1]
        return key[begins], (np.cumsum(begins) - 1).astype(np.int32)

    @cached_property
    def presence_of(self) -> Rows:
        """int32 per row of the table: its presence."""
        out = np.empty(len(self.order), np.int32)
        out[self.order] = self._places[1]
        return out

    @cached_property
    def entity_at(self) -> Rows:
        """int32 per presence: the entity."""
        return (self._places[0] // self.n_sources).astype(np.int32)

    @cached_property
    def source_at(self) -> Codes:
        """int32 per presence: the source."""
        return (self._places[0] % self.n_sources).astype(np.int32)

    @cached_property
    def person_at(self) -> Bools:
        """Per presence: whether the entity is a person."""
        return self.is_person.take(self.entity_at)

    @cached_property
    def companions(self) -> tuple[Rows, Rows]:
        """All pairs of presences of one person, the one in the earlier source first."""
        left, right = pairs_within(self.entity_at)
        here = self.person_at.take(left)
        return left[here], right[here]

    def presences(self, entity: Rows, source: Codes) -> npt.NDArray[np.intp]:
        """Number of the presence of an entity in a source, for presences that there are."""
        return np.searchsorted(self._places[0], entity.astype(np.int64) * self.n_sources + source)

    def hold(self, column: Column) -> Holding:
        """The present values of a column, in order.

        Examples
        --------
        >>> table = RecordTable.of([{"record_id": str(i), "city": city} for i, city in enumerate(["Omsk", None, "Kazan"])])
        >>> members = Members(table, np.array([1, 0, 0], np.int32), np.array([True, True]))
        >>> members.hold(table.columns["city"]).row.tolist()
        [2, 0]
        """
        if column.offsets is None:
            codes = column.codes.take(self.order)
            here = codes >= 0
            return Holding(self.order[here].astype(np.int32), self._places[1][here], codes[here])
        sizes = np.diff(column.offsets).take(self.order)
        at = np.arange(len(column.codes)) + np.repeat(column.offsets.take(self.order) - (np.cumsum(sizes) - sizes), sizes)
        codes = column.codes.take(at)
        here = codes >= 0
        row, presence = (np.repeat(part, sizes)[here].astype(np.int32) for part in (self.order, self._places[1]))
        return Holding(row, presence, codes[here])

    def people_by_source(self, presences: npt.NDArray[np.integer]) -> Counts:
        """Count people per source among some presences, each given once."""
        theirs = presences[self.person_at.take(presences)]
        return np.bincount(self.source_at.take(theirs), minlength=self.n_sources).astype(np.int64)


def pairs_within(group: npt.NDArray[np.integer]) -> tuple[Rows, Rows]:
    """Return all pairs of positions whose group is the same, the earlier one first; groups stand together.

    Groups are as small as the number of sources here, so there are few pairs.

    Examples
    --------
    >>> [side.tolist() for side in pairs_within(np.array([7, 7, 7, 9]))]
    [[0, 1, 0], [1, 2, 2]]
    """
    lefts, rights = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    left = np.arange(max(len(group) - 1, 0), dtype=np.int32)
    step = 1
    while len(left := left[left + step < len(group)]):
        left = left[group.take(left) == group.take(left + step)]
        lefts.append(left)
        rights.append((left + step).astype(np.int32))
        step += 1
    return np.concatenate(lefts), np.concatenate(rights)
