"""Records as columns: codes into distinct values, raw, normal and display forms side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar
from omniid.tables.units import NO_TIME, Codes, Rows

__all__ = ["Column", "FieldPlan", "NormalForm", "RecordTable", "no_rejects", "rejects_table"]

REJECTS = pa.schema([(name, pa.large_string()) for name in ("source", "record_id", "field", "value", "reason")])


class NormalForm(NamedTuple):
    """What a normaliser makes of one value: a normal form, or the reason why there is none.

    `value` None with `reason` None means missing: nothing was said, so nothing is rejected. Both together mean that a part
    could be used: of 31/02/1971 the year and the month.

    Examples
    --------
    >>> NormalForm("anna@example.com", "Anna@example.com").reason is None
    True
    """

    value: str | None
    display: str | None = None
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Column:
    """One field of every record, as codes into its distinct values.

    Parameters
    ----------
    codes
        int32, one per entry: the position of the entry's value in `vocabulary`, -1 where missing.
    vocabulary
        Distinct values, a `pyarrow` large_string array without nulls and without "".
    offsets
        None when every record has exactly one entry (present or missing). Otherwise int64 of length rows + 1: the
        entries of row i are `codes[offsets[i]:offsets[i + 1]]`, in the order in which the source sent them.

    Examples
    --------
    >>> column = Column.of(["x", None, "y", "x"])
    >>> column.codes.tolist(), column.vocabulary.to_pylist()
    ([0, -1, 1, 0], ['x', 'y'])
    """

    codes: Codes
    vocabulary: pa.LargeStringArray
    offsets: npt.NDArray[np.int64] | None = None

    @classmethod
    def of(
        cls, values: pa.Array | pa.ChunkedArray | list[str | None], offsets: npt.NDArray[np.int64] | None = None
    ) -> "Column":
        """Encode plain values; nulls and "" become missing.

        Examples
        --------
        >>> Column.of(["", "x"]).codes.tolist()
        [-1, 0]
        """
        array = text_array(values) if isinstance(values, list) else values.cast(pa.large_string())
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        encoded = array.dictionary_encode()
        codes = numpy_array(encoded.indices, null=-1).astype(np.int32, copy=False)
        return cls(codes, encoded.dictionary, offsets).without_empty()

    def without_empty(self) -> "Column":
        """Drop "" from the vocabulary, as nothing said is missing."""
        empty = numpy_array(pc.equal(self.vocabulary, text_scalar("")))
        if not empty.any():
            return self
        renumber = np.where(empty, -1, np.cumsum(~empty) - 1).astype(np.int32)
        return Column(np.append(renumber, np.int32(-1))[self.codes], self.vocabulary.filter(arrow_array(~empty)), self.offsets)

    @property
    def is_multi(self) -> bool:
        """Whether a record may hold several values."""
        return self.offsets is not None

    @property
    def n_rows(self) -> int:
        """Number of records."""
        return len(self.codes) if self.offsets is None else len(self.offsets) - 1

    @property
    def rows(self) -> Rows:
        """The row of each entry, int32."""
        rows = np.arange(self.n_rows, dtype=np.int32)
        return rows if self.offsets is None else np.repeat(rows, np.diff(self.offsets))

    def present(self) -> tuple[Rows, Codes]:
        """(rows, codes) of the entries that are not missing, in row order."""
        here = self.codes >= 0
        return self.rows[here], self.codes[here]

    def counts(self) -> npt.NDArray[np.int64]:
        """Entries per distinct value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.vocabulary)).astype(np.int64)

    def entries_of(self, row: int) -> list[str | None]:
        """The values of one row, missing ones as None.

        Examples
        --------
        >>> Column.of(["x", None]).entries_of(1)
        [None]
        """
        start, stop = (row, row + 1) if self.offsets is None else (int(self.offsets[row]), int(self.offsets[row + 1]))
        return [self.vocabulary[int(code)].as_py() if code >= 0 else None for code in self.codes[start:stop]]

    def take(self, rows: Rows) -> "Column":
        """The same vocabulary over a selection of rows."""
        if self.offsets is None:
            return Column(self.codes.take(rows), self.vocabulary)
        sizes = np.diff(self.offsets).take(rows)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        entries = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes) + np.repeat(self.offsets[:-1].take(rows), sizes)
        return Column(self.codes.take(entries), self.vocabulary, offsets)


@dataclass(frozen=True, eq=False)
class RecordTable:
    """Records of all sources in one columnar table.

    Invariants: rows are sorted by (source, record_id) and those keys are unique. `columns[f]`, `display[f]` and `raw[f]` of
    one field have the same entries (same `offsets`): entry by entry the normal form, the form to show, and what came.
    A rejected or missing entry has code -1 in `columns`.

    Parameters
    ----------
    sources
        Source names, sorted; `source` holds positions in it.
    source
        int32, one per row.
    record_id
        large_string, one per row, never null.
    raw
        Field name → values as the source sent them.
    columns
        Field name → normal forms; empty before `normalize`.
    display
        Field name → the forms to show; empty before `normalize`.
    time
        int64 microseconds since 1970 UTC, `NO_TIME` where unknown.
    rejects
        One row per value or row that could not be used: source, record_id, field, value, reason.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "email": "a@b.com"}, {"record_id": "2", "email": None}])
    >>> len(table), table.key(1), table.raw["email"].codes.tolist()
    (2, ('records', '2'), [0, -1])
    """

    sources: tuple[str, ...]
    source: Codes
    record_id: pa.LargeStringArray
    raw: Mapping[str, Column]
    columns: Mapping[str, Column]
    display: Mapping[str, Column]
    time: npt.NDArray[np.int64]
    rejects: pa.Table

    def __len__(self) -> int:
        return len(self.source)

    def key(self, row: int) -> tuple[str, str]:
        """The (source, record_id) of a row."""
        return self.sources[int(self.source[row])], str(self.record_id[row].as_py())

    def keys(self, rows: npt.NDArray[np.signedinteger]) -> list[tuple[str, str]]:
        """The (source, record_id) of several rows."""
        ids = self.record_id.take(arrow_array(rows)).to_pylist()
        return [(self.sources[source], record_id) for source, record_id in zip(self.source[rows].tolist(), ids, strict=True)]

    def rows_of(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Key → row, for those of the keys that are in the table.

        Examples
        --------
        >>> RecordTable.of([{"record_id": "7"}]).rows_of([("records", "7"), ("records", "8")])
        {('records', '7'): 0}
        """
        wanted = set(keys)
        ids = text_array(sorted({record_id for _, record_id in wanted}))
        near = np.flatnonzero(numpy_array(pc.is_in(self.record_id, value_set=ids)))
        return {key: int(row) for row in near if (key := self.key(int(row))) in wanted}

    def take(self, rows: Rows) -> "RecordTable":
        """The normal forms of a selection of rows; raw and display forms stay behind.

        Parameters
        ----------
        rows
            Ascending, so that the selection is sorted by key again.
        """
        columns = {name: column.take(rows) for name, column in self.columns.items()}
        keys = self.record_id.take(arrow_array(rows))
        return RecordTable(self.sources, self.source[rows], keys, {}, columns, {}, self.time[rows], no_rejects())

    @classmethod
    def of(cls, rows: list[dict[str, object]], source: str = "records") -> "RecordTable":
        """Make a small raw table of plain rows, for examples and tests; a list is several values.

        Each row needs a `record_id` and may name its `source`. The values count as normal forms already: `columns` and
        `display` equal `raw`.
        """
        rows = sorted(rows, key=lambda row: (str(row.get("source", source)), str(row["record_id"])))
        names = sorted({name for row in rows for name in row} - {"record_id", "source"})
        sources = tuple(sorted({str(row.get("source", source)) for row in rows}))
        raw: dict[str, Column] = {}
        for name in names:
            cells = [row.get(name) for row in rows]
            if any(isinstance(cell, list) for cell in cells):
                lists = [cell if isinstance(cell, list) else [] if cell is None else [cell] for cell in cells]
                offsets = np.cumsum([0, *map(len, lists)]).astype(np.int64)
                raw[name] = Column.of([None if v is None else str(v) for cell in lists for v in cell], offsets)
            else:
                raw[name] = Column.of([None if cell is None else str(cell) for cell in cells])
        codes = np.array([sources.index(str(row.get("source", source))) for row in rows], np.int32)
        keys = text_array([str(row["record_id"]) for row in rows])
        return cls(sources, codes, keys, raw, dict(raw), dict(raw), np.full(len(rows), NO_TIME), no_rejects())


def rejects_table(rows: list[tuple[str | None, str | None, str | None, str | None, str]]) -> pa.Table:
    """Rejects as a table: (source, record_id, field, value, reason) per row.

    Examples
    --------
    >>> rejects_table([("web", "7", "email", "x@", "no domain")]).num_rows
    1
    """
    return pa.table({name: text_array([row[i] for row in rows]) for i, name in enumerate(REJECTS.names)})


def no_rejects() -> pa.Table:
    """An empty table of rejects."""
    return rejects_table([])


@dataclass(frozen=True)
class FieldPlan:
    """How to normalise one field: `spec` compiles declarations into these.

    Parameters
    ----------
    kind
        Name of the normaliser: email, phone, person_name, date, address, identifier, category, text, time, consent …
    roles
        Role → column name, for example {"first": "first_name", "last": "last_name"}. A column is read from `raw` if it is
        there, and its normal form is written to `columns` under the same name.
    regions
        Source → default phone region ("PL"), where the source declares one.
    dates
        Source → how its dates are read, as `FrozenChoices` has it; a source that is not there is read as its region has it.
        None: decided from all its dates.
    """

    kind: str
    roles: Mapping[str, str]
    regions: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, tuple[str, str, bool]] | None = None

    @property
    def dated(self) -> str | None:
        """The column of dates or times, read in the order in which its source writes day and month; None if there is none.

        Examples
        --------
        >>> FieldPlan("consent", {"consent": "ok", "time": "ok_at"}).dated
        'ok_at'
        """
        return self.roles.get("date", self.roles.get("time"))
