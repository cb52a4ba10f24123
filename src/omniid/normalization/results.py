"""Where normalisers put what they find: raw, normal and display columns, event times, rejects."""

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from omniid.errors import SpecError
from omniid.normalization.forms import Entries
from omniid.normalization.text import shorten
from omniid.tables import NO_TIME, Column, FieldPlan, RecordTable
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array

__all__ = ["Results", "known_only"]


Forms3 = tuple[Column, Column | None, Column | None]  # the raw, normal and display column of a field


class _Made(NamedTuple):
    """A field that was written: when, as one thread would have done it, its place in the plan, and what makes its columns."""

    turn: int
    place: int
    name: str
    make: Callable[[], Forms3]
    begun: "Future[Forms3] | None"


class Results:
    """Collects the outcome of each field plan and makes the new table of them, whichever threads write.

    Parameters
    ----------
    table
        The table that is normalised; its raw columns are read, never changed.
    plan
        All field plans, so that no derived column takes a name that one of them declares.
    pool
        Encodes columns while normalizers go on; None: they are encoded when they are written.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "city": "Lodz"}])
    >>> Results(table, []).column("street").codes.tolist()
    [-1]
    """

    def __init__(self, table: RecordTable, plan: Sequence[FieldPlan], pool: Executor | None = None) -> None:
        self.table = table
        self._pool = pool
        self._made: list[_Made] = []
        self._columns: set[str] = set()
        self._time = table.time.copy()
        self._rejects = [(-1, table.rejects)]
        self._turn = self._at = 0
        self._lock = Lock()
        self._declared = {name for field in plan for name in field.roles.values()} | set(table.raw)

    def at(self, place: int, turn: int) -> "Results":
        """The same results for one field of the plan: in whatever order fields write, results stand in the plan's.

        Where two show one column, the later `turn` counts.
        """
        view = copy.copy(self)
        vars(view).update(_at=place, _turn=turn)
        return view

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
        self._claim(name)
        self._make(name, entries.columns)

    def show(self, name: str, raw: Column, display: Column) -> None:
        """Keep only the raw and display forms of a field, which is no column to compare."""
        self._made.append(_Made(self._turn, self._at, name, lambda: (raw, None, display), None))

    def keep(self, name: str, entries: Entries) -> None:
        """Keep the raw and normal forms of a field that no profile shows."""
        self._claim(name)
        self._make(name, lambda: (*entries.columns()[:2], None))

    def _claim(self, name: str) -> None:
        with self._lock:
            if name in self._columns:
                raise SpecError(f"two fields write the column {name!r}; give each column to one field")
            self._columns.add(name)

    def _make(self, name: str, make: Callable[[], Forms3]) -> None:
        if self._pool is None:
            found = make()
            self._made.append(_Made(self._turn, self._at, name, lambda: found, None))
        else:
            self._made.append(_Made(self._turn, self._at, name, make, self._pool.submit(make)))

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
        np.copyto(self._time, latest, where=self._time == NO_TIME)

    def done(self) -> RecordTable:
        """The table with normal and display forms beside the raw values."""
        parts = [part.select(self.table.rejects.column_names) for _, part in sorted(self._rejects, key=lambda one: one[0])]
        rejects = pa.concat_tables(parts).combine_chunks()
        raw, columns, display = self._gathered()
        return replace(self.table, raw=raw, columns=columns, display=display, time=self._time, rejects=rejects)

    def _gathered(self) -> tuple[dict[str, Column], dict[str, Column], dict[str, Column]]:
        """Columns as they came, then those that fields made, in the order of the plan."""
        for number, one in reversed(list(enumerate(self._made))):  # the pool works from the first on, this thread from the last
            if one.begun is not None:
                found = one.make() if one.begun.cancel() else one.begun.result()
                self._made[number] = one._replace(make=partial(_itself, found), begun=None)
        parts: tuple[dict[str, Column], dict[str, Column], dict[str, Column]] = (dict(self.table.raw), {}, {})
        written: dict[str, int] = {}
        for one in sorted(self._made, key=lambda one: one.turn):
            written[one.name] = one.place
            for part, column in zip(parts, one.make(), strict=True):
                if column is not None:
                    part[one.name] = column
        first = {name: number for number, name in enumerate(self.table.raw)}
        raw = dict(sorted(parts[0].items(), key=lambda one: (one[0] not in first, first.get(one[0], written.get(one[0], -1)))))
        columns, display = (dict(sorted(part.items(), key=lambda one: written[one[0]])) for part in parts[1:])
        return raw, columns, display


def _itself(found: Forms3) -> Forms3:
    return found


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
