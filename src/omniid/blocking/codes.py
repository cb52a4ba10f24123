"""Key codes: every record's key values as integers, one or several per record."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.blocking.derivation import derive, word_sums
from omniid.blocking.keys import Key
from omniid.errors import SpecError
from omniid.tables import Codes, Column, RecordTable, Rows

__all__ = ["Int64s", "KeyCodes", "KeyReader", "Wide", "dense", "distinct", "distinct_entries", "join_keys", "pair_count"]

Int64s = npt.NDArray[np.int64]


class KeyCodes(NamedTuple):
    """Codes of one key.

    With `rows` None there is one code per record, -1 where it has no key. Otherwise there is one entry per record and
    key: `rows` ascending, codes never negative, no entry twice.
    """

    codes: Codes
    rows: Rows | None
    n_keys: int


class Wide(NamedTuple):
    """Codes of several keys together, below `size` but not dense; `rows` as in `KeyCodes`."""

    codes: Int64s
    rows: Rows | None
    size: int


def pair_count(sizes: Int64s) -> int:
    """Pairs inside blocks of these sizes.

    Examples
    --------
    >>> pair_count(np.array([1, 2, 4]))
    7
    """
    return int((sizes * (sizes - 1) // 2).sum())


def distinct(values: Int64s) -> Int64s:
    """The distinct values, ascending.

    Sorting takes a fifth of the time of the hash table by which `numpy.unique` does it since numpy 2.3.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3]))
    array([1, 3])
    """
    values = np.sort(values)
    new = np.ones(len(values), bool)
    new[1:] = values[1:] != values[:-1]
    return values[new]


def dense(codes: Int64s, size: int) -> tuple[Codes, int]:
    """Renumber codes below `size` without gaps; -1 stays -1.

    Examples
    --------
    >>> dense(np.array([7, -1, 3, 7]), 8)
    (array([ 1, -1,  0,  1], dtype=int32), 2)
    """
    if size <= 4 * len(codes) + 1024:  # a table of that size is cheaper than hashing
        seen = np.zeros(size + 1, bool)
        seen[codes] = True  # -1 marks the last place, which no code has
        seen[size] = False
        number = np.cumsum(seen, dtype=np.int32) - np.int32(1)
        n_keys = int(number[-1]) + 1
        number[size] = -1
        return number.take(codes, mode="wrap"), n_keys
    encoded = pa.array(codes, mask=codes < 0).dictionary_encode()
    return encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32), len(encoded.dictionary)


def join_keys(parts: Sequence[KeyCodes], n_rows: int) -> Wide:
    """Codes for the combination of several keys; a record that lacks one of them has none.

    A record with several values of some keys gets every combination.
    """
    codes, rows, size = parts[0].codes.astype(np.int64), parts[0].rows, parts[0].n_keys
    for part in parts[1:]:
        if size * max(part.n_keys, 1) >= 2**62:  # the product must stay within int64
            narrow, size = dense(codes, size)
            codes = narrow.astype(np.int64)
        other = part.codes
        if rows is not None or part.rows is not None:
            left, right, rows = _product(_entries(codes, rows), _entries(part.codes, part.rows), n_rows)
            codes, other = codes.take(left), part.codes.take(right)
        missing = (codes < 0) | (other < 0)
        codes = codes * max(part.n_keys, 1) + other
        codes[missing] = -1
        size *= max(part.n_keys, 1)
    return Wide(codes, rows, size)


def _entries(codes: npt.NDArray[np.integer], rows: Rows | None) -> tuple[npt.NDArray[np.intp], Rows]:
    """Positions and rows of the entries that have a key, by row."""
    if rows is not None:
        return np.arange(len(codes)), rows
    present = np.flatnonzero(codes >= 0)
    return present, present.astype(np.int32)


def _product(
    left: tuple[npt.NDArray[np.intp], Rows], right: tuple[npt.NDArray[np.intp], Rows], n_rows: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Rows]:
    """All combinations of the entries that two keys have for the same row."""
    per_row = np.bincount(right[1], minlength=n_rows)
    start = np.cumsum(per_row) - per_row
    times = per_row.take(left[1])
    ends = np.cumsum(times)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - times, times)
    rows = np.repeat(left[1], times)
    return np.repeat(left[0], times), right[0].take(start.take(rows) + within), rows


class KeyReader:
    """Reads keys of one table, each only once.

    Parameters
    ----------
    table
        Records with normal forms.
    """

    def __init__(self, table: RecordTable) -> None:
        self.table = table
        self._read: dict[Key, KeyCodes] = {}

    def __call__(self, key: Key) -> KeyCodes:
        """The codes of a key.

        Raises
        ------
        SpecError
            If the key reads a field that the table has not.
        """
        if key not in self._read:
            columns = [self.column(name, key) for name in key.fields]
            self._read[key] = _read_names(columns, len(self.table)) if key.kind == "sorted_name" else _read_one(key, columns[0])
        return self._read[key]

    def column(self, name: str, what: object) -> Column:
        """The normal forms of a field."""
        if name not in self.table.columns:
            known = ", ".join(sorted(self.table.columns)) or "none; call normalize first"
            raise SpecError(f"blocking on {what}: there is no field {name!r} with normal forms; there are: {known}")
        return self.table.columns[name]

    def texts(self, key: Key, row: int) -> list[str]:
        """The key's values of one record, to show."""
        entries = [pa.array(self.column(name, key).entries_of(row), pa.large_string()).drop_null() for name in key.fields]
        if key.kind == "sorted_name":
            return sorted(
                {" ".join(sorted(f"{a} {b}".split())) for a in entries[0].to_pylist() for b in entries[1].to_pylist()}
            )
        return sorted({text for text in derive(key, entries[0]).to_pylist() if text is not None})


def _read_one(key: Key, column: Column) -> KeyCodes:
    """Codes of a key of one field: derived on the vocabulary, then mapped through the column's codes."""
    codes, n_keys = column.codes, len(column.vocabulary)
    if key.kind != "field":
        derived = derive(key, column.vocabulary).dictionary_encode()
        number = derived.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        codes, n_keys = np.append(number, np.int32(-1)).take(codes, mode="wrap"), len(derived.dictionary)
    if column.offsets is None:
        return KeyCodes(codes, None, n_keys)
    return distinct_entries(column.rows[codes >= 0], codes[codes >= 0].astype(np.int64), n_keys)


def _read_names(columns: list[Column], n_rows: int) -> KeyCodes:
    """Codes of the words of two name fields together, whatever their order."""
    parts = [_read_one(Key("field", ("name",)), column) for column in columns]
    pairs = join_keys(parts, n_rows)
    present = pairs.codes >= 0
    first, last = np.divmod(pairs.codes[present], max(parts[1].n_keys, 1))
    sums = word_sums(columns[0].vocabulary).take(first) + word_sums(columns[1].vocabulary).take(last)
    encoded = pa.array(sums).dictionary_encode()
    number = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    if pairs.rows is not None:
        return distinct_entries(pairs.rows[present], number.astype(np.int64), len(encoded.dictionary))
    codes = np.full(n_rows, -1, np.int32)
    codes[present] = number
    return KeyCodes(codes, None, len(encoded.dictionary))


def distinct_entries(rows: Rows, codes: Int64s, n_keys: int) -> KeyCodes:
    """Entries by row, each (row, key) once."""
    size = max(n_keys, 1)
    entries = distinct(rows.astype(np.int64) * size + codes)
    return KeyCodes((entries % size).astype(np.int32), (entries // size).astype(np.int32), n_keys)
