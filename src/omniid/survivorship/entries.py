"""What survivorship rules see: the present values of one field, entity by entity."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.key_order import numbered
from omniid.survivorship.doubts import doubtful_rows
from omniid.tables import NO_TIME, Codes, Column, RecordTable, Rows
from omniid.tables.arrays import new_values

__all__ = ["Candidate", "Entries", "RecordFacts", "normal_column"]

Flags = Mapping[str, npt.NDArray[np.bool_]]
DEFAULT_TRUST = 50


@dataclass(frozen=True, eq=False)
class RecordFacts:
    """What rules know about the records that hold the values, one number per row of the record table.

    Parameters
    ----------
    time
        int64 microseconds since 1970 UTC; the smallest int64 where unknown.
    recency
        int32, the order of the times: 1 for the earliest, equal for equal times, 0 where unknown.
    source
        int32, position in `sources`.
    sources
        Source names.
    trust
        Source → trust, 0 to 100; 50 where not declared.
    field_trust
        Source → field → trust where it differs from the source's.
    filled
        int32, how many fields the record fills.
    latest
        int64 microseconds since 1970 UTC: the latest event time among the records of the same entity.
    verified
        Field → bool per row: whether the record says that its value of the field is verified.
    table
        The records.
    """

    time: npt.NDArray[np.int64]
    recency: npt.NDArray[np.int32]
    source: Codes
    sources: tuple[str, ...]
    trust: Mapping[str, float]
    field_trust: Mapping[str, Mapping[str, float]]
    filled: npt.NDArray[np.int32]
    latest: npt.NDArray[np.int64]
    verified: Flags
    table: RecordTable

    @classmethod
    def of(
        cls,
        table: RecordTable,
        entity: Codes,
        trust: Mapping[str, float],
        field_trust: Mapping[str, Mapping[str, float]],
        verified: Flags,
    ) -> "RecordFacts":
        """Gather the facts of a normalized table."""
        filled = np.zeros(len(table), np.int32)
        for column in table.display.values():
            if column.offsets is None:
                filled += column.codes >= 0
            else:
                filled[np.flatnonzero(np.bincount(column.present()[0], minlength=len(table)))] += 1
        latest = np.full(int(entity.max(initial=-1)) + 1, NO_TIME, np.int64)
        np.maximum.at(latest, entity, table.time)
        recency, latest = _recency(table.time), latest.take(entity)
        return cls(table.time, recency, table.source, table.sources, trust, field_trust, filled, latest, verified, table)


@dataclass(frozen=True, eq=False)
class Entries:
    """All present values of one field, one entry each, with what the rules rank by.

    Parameters
    ----------
    entity
        int32, the entity's number per entry; ascending.
    row
        int32, the record's row; ascending within an entity.
    value
        int32, equal for values that count as one (same normal form); smaller is earlier in code-point order.
    shown
        int32, position in `display`.
    display
        large_string: distinct forms to show.
    normal
        large_string: `normal[value]` is the text that minimum and maximum compare.
    facts
        What is known about the records.
    winners
        Field → row that won it, per entity (-1 where nobody did); for `same_record_as`.
    fields
        The field's name; several where they are decided together.
    """

    entity: Rows
    row: Rows
    value: Codes
    shown: Codes
    display: pa.LargeStringArray
    normal: pa.LargeStringArray
    facts: RecordFacts
    winners: Mapping[str, Rows]
    fields: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.entity)

    @property
    def time(self) -> npt.NDArray[np.int64]:
        """int64 microseconds since 1970 UTC per entry; the smallest int64 where unknown."""
        return self.facts.time.take(self.row)

    @property
    def recency(self) -> npt.NDArray[np.int32]:
        """int32 per entry, the order of the times, 0 where unknown."""
        return self.facts.recency.take(self.row)

    @property
    def source(self) -> Codes:
        """int32 per entry, position in `sources`."""
        return self.facts.source.take(self.row)

    @property
    def sources(self) -> tuple[str, ...]:
        """Source names."""
        return self.facts.sources

    @property
    def trust(self) -> npt.NDArray[np.int64]:
        """int64 per entry: the trust of its source in this field, in thousandths; of several fields the least."""
        declared = [min([self._trust_in(source, field) for field in self.fields], default=0) for source in self.sources]
        return np.array([round(1000 * trust) for trust in declared], np.int64).take(self.source)

    def _trust_in(self, source: str, field: str) -> float:
        facts = self.facts
        return facts.field_trust.get(source, {}).get(field, facts.trust.get(source, DEFAULT_TRUST))

    @property
    def latest(self) -> npt.NDArray[np.int64]:
        """int64 microseconds per entry: the latest event time of its entity; the smallest int64 where unknown."""
        return self.facts.latest.take(self.row)

    @property
    def verified(self) -> npt.NDArray[np.bool_]:
        """Whether the entry's record says that its value, or one of several, is verified."""
        told = self.facts.verified
        return self._any([told[field] for field in self.fields if field in told])

    @property
    def doubtful(self) -> npt.NDArray[np.bool_]:
        """Whether only a part of the value, or of one of several, could be read."""
        return self._any([doubtful_rows(self.facts.table, field) for field in self.fields])

    def _any(self, flags: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
        out = np.zeros(len(self), bool)
        for one in flags:
            out |= one.take(self.row)
        return out

    @property
    def filled(self) -> npt.NDArray[np.int32]:
        """int32 per entry: how many fields the entry's record fills."""
        return self.facts.filled.take(self.row)

    @cached_property
    def begins(self) -> npt.NDArray[np.bool_]:
        """Whether an entry is the first of its entity."""
        return new_values(self.entity)

    @cached_property
    def segment(self) -> npt.NDArray[np.int32]:
        """int32 per entry: the entity's position among those that have entries."""
        return np.cumsum(self.begins, dtype=np.int32) - np.int32(1)

    def are_mixed(self, what: Codes) -> npt.NDArray[np.bool_]:
        """Per entry: whether the entries of its entity hold different things."""
        differs = np.zeros(len(self), bool)
        np.not_equal(what[1:], what[:-1], out=differs[1:])
        differs &= ~self.begins
        mixed = np.zeros(int(self.begins.sum()), bool)
        mixed[self.segment[differs]] = True
        return mixed.take(self.segment)

    def repeated(self) -> npt.NDArray[np.bool_]:
        """Whether the record holds the entry's value in an earlier entry already."""
        out = np.zeros(len(self), bool)
        if not (self.row[1:] == self.row[:-1]).any():  # no record holds two values
            return out
        key = self.row.astype(np.int64) * (int(self.value.max(initial=0)) + 1) + self.value
        out[:] = True
        out[np.unique(key, return_index=True)[1]] = False
        return out

    def support(self, what: Codes, weight: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Per entry, the summed weight of the entries of its entity that hold the same thing."""
        if not len(self):
            return np.zeros(0, np.int64)
        out = np.add.reduceat(weight, np.flatnonzero(self.begins)).take(self.segment)
        mixed = np.flatnonzero(self.are_mixed(what))
        if len(mixed):
            key = self.entity[mixed].astype(np.int64) * (int(what.max()) + 1) + what[mixed]
            _, group = numbered(key)
            sums = np.bincount(group, weight[mixed].astype(np.float64)).astype(np.int64)
            out[mixed] = sums.take(group)
        return np.asarray(out, np.int64)


@dataclass(frozen=True)
class Candidate:
    """One value that a callable rule may choose.

    Parameters
    ----------
    value
        The form to show.
    source
        The source it comes from.
    time
        Microseconds since 1970 UTC, None where unknown.
    """

    value: str
    source: str
    time: int | None


def normal_column(table: RecordTable, field: str) -> Column | None:
    """The column that says which values of a field count as one: a field that is only shown has no normal forms."""
    return table.columns.get(field, table.display.get(field))


def _recency(time: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """The order of the times, dense; 0 where unknown."""
    known = np.flatnonzero(time != NO_TIME)
    out = np.zeros(len(time), np.int32)
    if len(known):
        out[known] = np.unique(time[known], return_inverse=True)[1] + 1
    return out
