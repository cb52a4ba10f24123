"""Where normalisers put what they find: raw, normal and display columns, event times, rejects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from omniid.errors import SpecError
from omniid.normalization.forms import Entries
from omniid.normalization.text import shorten
from omniid.tables import NO_TIME, Column, FieldPlan, RecordTable
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array

__all__ = ["Results", "known_only"]


class Results:
    """Collects the outcome of each field plan and makes the new table of them.

    Parameters
    ----------
    table
        The table that is normalised; its raw columns are read, never changed.
    plan
        All field plans, so that no derived column takes a name that one of them declares.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "city": "Lodz"}])
    >>> Results(table, []).column("street").codes.tolist()
    [-1]
    """

    def __init__(self, table: RecordTable, plan: Sequence[FieldPlan]) -> None:
        self.table = table
        self._raw = dict(table.raw)
        self._columns: dict[str, Column] = {}
        self._display: dict[str, Column] = {}
        self._time = table.time.copy()
        self._rejects = [(-1, table.rejects)]
        self._written: dict[str, int] = {}
        self._at = 0
        self._declared = {name for field in plan for name in field.roles.values()} | set(table.raw)

    def at(self, place: int) -> None:
        """Say which field of the plan is written from now on: in whatever order that is done, results stand in the plan's."""
        self._at = place

    def column(self, name: str | None) -> Column:
        """The raw column of that name; one that is missing throughout if there is none."""
        if name is not None and name in self.table.raw:
            return self.table.raw[name]
        return Column(np.full(len(self.table), -1, np.int32), text_array([]))

    def name(self, declared: str | None, derived: str, anchor: str) -> str:
        """The column that a part goes to: the declared one, else the usual name, else one named after `anchor`."""
        if declared is not None:
            return declared
        return f"{anchor}_{derived}" if derived in self._declared or derived in self._columns else derived

    def write(self, name: str, entries: Entries, *, if_any: bool = False) -> None:
        """Put entries into the three columns of a field; `if_any` leaves out a field without a single value.

        Raises
        ------
        SpecError
            If another field plan has written that column.
        """
        if if_any and not entries.known.any():
            return
        if name in self._columns:
            raise SpecError(f"two fields write the column {name!r}; give each column to one field")
        self._raw[name], self._columns[name], self._display[name] = entries.columns()
        self._written[name] = self._at

    def show(self, name: str, raw: Column, display: Column) -> None:
        """Keep only the raw and display forms of a field, which is no column to compare."""
        self._raw[name], self._display[name] = raw, display
        self._written[name] = self._at

    def keep(self, name: str, entries: Entries) -> None:
        """Keep the raw and normal forms of a field that no profile shows."""
        if name in self._columns:
            raise SpecError(f"two fields write the column {name!r}; give each column to one field")
        self._raw[name], self._columns[name], _ = entries.columns()
        self._written[name] = self._at

    def has(self, name: str) -> bool:
        """Whether a field has been written."""
        return name in self._columns

    def reject(self, field: str, column: Column, reason: pa.LargeStringArray) -> None:
        """List every entry whose value has a reason, with its record."""
        bad = np.append(numpy_array(reason.is_valid()), False)[column.codes]
        if not bad.any():
            return
        rows, codes = column.rows[bad], column.codes[bad]
        used = distinct(codes)
        values = [shorten(value) for value in column.vocabulary.take(arrow_array(used)).to_pylist()]
        names = text_array(self.table.sources)
        found = {
            "source": names.take(arrow_array(self.table.source[rows])),
            "record_id": self.table.record_id.take(arrow_array(rows)),
            "field": text_array([field]).take(arrow_array(np.zeros(len(rows), np.int64))),
            "value": text_array(values).take(arrow_array(np.searchsorted(used, codes))),
            "reason": reason.take(arrow_array(codes)),
        }
        self._rejects.append((self._at, pa.table(found)))

    def set_time(self, column: Column, micros: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
        """Fill event times that are unknown so far: of several times of a record the latest."""
        rows, codes = column.present()
        latest = np.full(len(self.table), NO_TIME, np.int64)
        np.maximum.at(latest, rows, micros[codes])
        self._time = np.where(self._time == NO_TIME, latest, self._time)

    def done(self) -> RecordTable:
        """The table with normal and display forms beside the raw values."""
        parts = [part.select(self.table.rejects.column_names) for _, part in sorted(self._rejects, key=lambda one: one[0])]
        rejects = pa.concat_tables(parts).combine_chunks()
        raw, columns, display = (self._as_planned(part) for part in (self._raw, self._columns, self._display))
        return replace(self.table, raw=raw, columns=columns, display=display, time=self._time, rejects=rejects)

    def _as_planned(self, columns: Mapping[str, Column]) -> dict[str, Column]:
        """Columns as they came, then those that fields made, in the order of the plan."""
        first = {name: number for number, name in enumerate(self.table.raw)} if columns is self._raw else {}
        return dict(
            sorted(columns.items(), key=lambda one: (one[0] not in first, first.get(one[0], self._written.get(one[0], -1))))
        )


def known_only(entries: Entries) -> Entries:
    """Entries derived from another column: what has no normal form leaves no trace.

    Examples
    --------
    >>> from omniid.normalization.forms import Forms
    >>> column = Column.of(["x", "?"])
    >>> forms = Forms(*(pa.array(part, pa.large_string()) for part in (["x", None], ["x", None], [None, "no letter"])))
    >>> known_only(Entries.of(column, forms)).codes.tolist()
    [0, -1]
    """
    return entries.where(entries.known)
