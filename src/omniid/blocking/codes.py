"""Key codes: every record's key values as integers, one or several per record."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.blocking.derivation import derive, word_sums
from omniid.blocking.groups import Int64s, dense, distinct, run_lengths
from omniid.blocking.keys import Key
from omniid.errors import SpecError
from omniid.spellings import key_lists
from omniid.tables import Codes, Column, RecordTable, Rows
from omniid.tables.arrays import arrow_array, numpy_array

__all__ = ["Int64s", "KeyCodes", "KeyReader", "Wide", "block_sizes", "distinct_entries", "join_keys", "sorted_codes"]


class KeyCodes(NamedTuple):
    """Codes of one key.

    With `rows` None there is one code per record, -1 where it has no key. Otherwise there is one entry per record and
    key: `rows` ascending, codes never negative, no entry twice.
    """

    codes: Codes
    rows: Rows | None
    n_keys: int


class Wide(NamedTuple):
    """Codes of several keys together, from 0 to below `size` but not dense: one entry per record and code, rows ascending."""

    codes: Int64s
    rows: Rows
    size: int


def join_keys(parts: Sequence[KeyCodes], n_rows: int) -> Wide:
    """Codes for the combination of several keys, of the records that have all of them.

    A record with several values of some keys gets every combination.
    """
    if all(part.rows is None for part in parts):
        here = parts[0].codes >= 0
        for part in parts[1:]:
            here &= part.codes >= 0
        rows: Rows = np.flatnonzero(here).astype(np.int32)
        codes, size = parts[0].codes.take(rows).astype(np.int64), max(parts[0].n_keys, 1)
        for part in parts[1:]:
            codes, size = _combined(codes, size, part.codes.take(rows), part.n_keys)
        return Wide(codes, rows, size)
    rows, first = _entries(parts[0])
    codes, size = first.astype(np.int64), max(parts[0].n_keys, 1)
    for part in parts[1:]:
        other_rows, other = _entries(part)
        left, right = _product(rows, other_rows, n_rows)
        rows = rows.take(left)
        codes, size = _combined(codes.take(left), size, other.take(right), part.n_keys)
    return Wide(codes, rows, size)


def _combined(codes: Int64s, size: int, other: Codes, n_keys: int) -> tuple[Int64s, int]:
    """Codes for two keys together."""
    n_keys = max(n_keys, 1)
    if size * n_keys >= 2**62:  # the product must stay within int64
        codes, size = dense(codes, size)
    codes = codes * n_keys
    codes += other
    return codes, max(size, 1) * n_keys


def _entries(part: KeyCodes) -> tuple[Rows, Codes]:
    """Rows and codes of the entries that have a key, by row."""
    if part.rows is not None:
        return part.rows, part.codes
    rows = np.flatnonzero(part.codes >= 0).astype(np.int32)
    return rows, part.codes.take(rows)


def _product(left: Rows, right: Rows, n_rows: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Positions of all combinations of the entries that two keys have for the same row, by row."""
    per_row = np.bincount(right, minlength=n_rows)
    start = np.cumsum(per_row) - per_row
    times = per_row.take(left)
    ends = np.cumsum(times)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - times, times)
    one = np.repeat(np.arange(len(left)), times)
    return one, start.take(left.take(one)) + within


def sorted_codes(joined: Wide) -> npt.NDArray[np.signedinteger]:
    """The codes of several keys together, ascending; of half the width, hence in half the time, where that suffices."""
    codes: npt.NDArray[np.signedinteger] = joined.codes.astype(np.int32) if joined.size < 2**31 else joined.codes.copy()
    codes.sort()
    return codes


def block_sizes(parts: Sequence[KeyCodes], n_rows: int) -> Int64s:
    """Records per combination of several keys, in any order; combinations that no record has may count 0.

    Examples
    --------
    >>> block_sizes([KeyCodes(np.array([1, -1, 1], np.int32), None, 2)], 3)
    array([0, 2])
    """
    if len(parts) == 1:
        return np.bincount(parts[0].codes + 1, minlength=1)[1:].astype(np.int64)
    return run_lengths(sorted_codes(join_keys(parts, n_rows)))


class KeyReader:
    """Reads keys of one table, each only once.

    Parameters
    ----------
    table
        Records with normal forms.
    only
        bool per row: records that take part; the others have no key. None: all do.
    """

    def __init__(self, table: RecordTable, only: npt.NDArray[np.bool_] | None = None) -> None:
        self.table = table
        self.only = None if only is None or only.all() else only
        self._read: dict[Key, KeyCodes] = {}
        self._columns: dict[str, Column] = {}

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
        if self.only is None:
            return self.table.columns[name]
        if name not in self._columns:
            column = self.table.columns[name]
            codes = np.where(self.only.take(column.rows), column.codes, np.int32(-1))
            self._columns[name] = Column(codes, column.vocabulary, column.offsets)
        return self._columns[name]

    def texts(self, key: Key, rows: Rows) -> list[list[str]]:
        """The key's values of some records, to show."""
        columns = [self.column(name, key).take(rows) for name in key.fields]
        if key.kind == "sorted_name":
            cells = [[[text for text in column.entries_of(at) if text] for at in range(len(rows))] for column in columns]
            return [
                sorted({" ".join(sorted(f"{a} {b}".split())) for a in first for b in last})
                for first, last in zip(*cells, strict=True)
            ]
        at, codes = columns[0].present()
        values, number = np.unique(codes, return_inverse=True)
        derived = derive(key, columns[0].vocabulary.take(arrow_array(values))).to_pylist()
        texts: list[set[str]] = [set() for _ in range(len(rows))]
        for place, value in zip(at.tolist(), number.tolist(), strict=True):
            if derived[value] is not None:
                texts[place].add(derived[value])
        return [sorted(found) for found in texts]


def _read_one(key: Key, column: Column) -> KeyCodes:
    """Codes of a key of one field: derived on the vocabulary, then mapped through the column's codes."""
    codes, n_keys = column.codes, len(column.vocabulary)
    if key.kind == "spelling":
        return _read_spellings(column)
    if key.kind != "field":
        derived = derive(key, column.vocabulary).dictionary_encode()
        number = numpy_array(derived.indices, null=-1).astype(np.int32, copy=False)
        codes, n_keys = np.append(number, np.int32(-1)).take(codes, mode="wrap"), len(derived.dictionary)
    if column.offsets is None:
        return KeyCodes(codes, None, n_keys)
    return distinct_entries(column.rows[codes >= 0], codes[codes >= 0].astype(np.int64), n_keys)


def _read_spellings(column: Column) -> KeyCodes:
    """Codes of the spelling keys of a name, and one of the name itself."""
    keys = key_lists(column.vocabulary.to_pylist())
    n_values = len(column.vocabulary)
    values = np.arange(n_values)
    owner = np.concatenate(
        [values, *(np.repeat(values, np.diff(starts)) for starts in (keys.written_starts, keys.read_starts))]
    )
    code = np.concatenate([values, keys.written + n_values, keys.read + n_values]).astype(np.int64)
    order = np.argsort(owner, kind="stable")
    owner, code = owner[order], code[order]
    sizes = np.bincount(owner, minlength=n_values)
    rows, held = column.present()
    times = sizes.take(held)
    ends = np.cumsum(times)
    within = np.arange(int(times.sum())) - np.repeat(ends - times, times)
    found = code.take(np.repeat((np.cumsum(sizes) - sizes).take(held), times) + within)
    return distinct_entries(np.repeat(rows, times), found, n_values + int(code.max(initial=0)) + 1)


def _read_names(columns: list[Column], n_rows: int) -> KeyCodes:
    """Codes of the words of two name fields together, whatever their order."""
    pairs = join_keys([_read_one(Key("field", ("name",)), column) for column in columns], n_rows)
    first, last = np.divmod(pairs.codes, max(len(columns[1].vocabulary), 1))
    sums = word_sums(columns[0].vocabulary).take(first) + word_sums(columns[1].vocabulary).take(last)
    encoded = arrow_array(sums).dictionary_encode()
    number = numpy_array(encoded.indices).astype(np.int32, copy=False)
    if any(column.is_multi for column in columns):
        return distinct_entries(pairs.rows, number.astype(np.int64), len(encoded.dictionary))
    codes = np.full(n_rows, -1, np.int32)
    codes[pairs.rows] = number
    return KeyCodes(codes, None, len(encoded.dictionary))


def distinct_entries(rows: Rows, codes: npt.NDArray[np.integer], n_keys: int) -> KeyCodes:
    """Entries by row, each (row, key) once."""
    size = max(n_keys, 1)
    entries = distinct(rows.astype(np.int64) * size + codes)
    return KeyCodes((entries % size).astype(np.int32), (entries // size).astype(np.int32), n_keys)
