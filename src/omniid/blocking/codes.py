"""Key codes: every record's key values as integers, one or several per record."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.blocking.derivation import derive, word_sums
from omniid.blocking.groups import Int64s, dense, run_lengths
from omniid.blocking.keys import Key
from omniid.errors import SpecError
from omniid.hashing import hash_strings, mix
from omniid.spellings import key_lists, local_keys
from omniid.tables import Codes, Column, RecordTable, Rows
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array

__all__ = [
    "HashedKeys",
    "Hashes",
    "Int64s",
    "KeyCodes",
    "KeyReader",
    "Wide",
    "block_sizes",
    "distinct_entries",
    "entries_of",
    "join_hashes",
    "join_keys",
    "sorted_codes",
]

Hashes = npt.NDArray[np.uint64]


class KeyCodes(NamedTuple):
    """Codes of one key.

    With `rows` None there is one code per record, -1 where it has no key. Otherwise there is one entry per record and
    key: `rows` ascending, codes never negative, no entry twice. `order` lists the rows that have a code by code, then row, if
    that is known.
    """

    codes: Codes
    rows: Rows | None
    n_keys: int
    order: Rows | None = None


class Wide(NamedTuple):
    """Codes of several keys together, from 0 to below `size` but not dense: one entry per record and code, rows ascending."""

    codes: Int64s
    rows: Rows
    size: int


class HashedKeys(NamedTuple):
    """Several keys together as hashes of their content: one entry per record and key, rows ascending."""

    rows: Rows
    hashes: Hashes


def join_hashes(parts: Sequence[tuple[KeyCodes, Hashes]], n_rows: int, seed: np.uint64) -> HashedKeys:
    """Hashes for the combination of several keys, entry by entry as `join_keys` has them.

    Parameters
    ----------
    parts
        Per key, the codes and the hash of each code's content.
    n_rows
        Records of the table.
    seed
        What the chain of hashes starts with: each key's hash is mixed in by ``mix(so_far ^ hash)``.

    Examples
    --------
    >>> key = KeyCodes(np.array([1, -1, 1], np.int32), None, 2)
    >>> join_hashes([(key, np.array([5, 6], np.uint64))], 3, np.uint64(0)).rows.tolist()
    [0, 2]
    """
    if all(part.rows is None for part, _ in parts):
        here = np.ones(n_rows, bool)
        for part, _ in parts:
            here &= part.codes >= 0
        rows: Rows = np.flatnonzero(here).astype(np.int32)
        hashes = np.full(len(rows), seed, np.uint64)
        for part, content in parts:
            hashes = mix(hashes ^ content.take(part.codes.take(rows)))
        return HashedKeys(rows, hashes)
    rows, first = entries_of(parts[0][0])
    hashes = mix(seed ^ parts[0][1].take(first))
    for part, content in parts[1:]:
        other_rows, other = entries_of(part)
        left, right = _product(rows, other_rows, n_rows)
        rows, hashes = rows.take(left), mix(hashes.take(left) ^ content.take(other.take(right)))
    return HashedKeys(rows, hashes)


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
    rows, first = entries_of(parts[0])
    codes, size = first.astype(np.int64), max(parts[0].n_keys, 1)
    for part in parts[1:]:
        other_rows, other = entries_of(part)
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


def entries_of(part: KeyCodes) -> tuple[Rows, Codes]:
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
    """Reads keys of one table, each only once, whichever threads ask for it.

    Parameters
    ----------
    table
        Records with normal forms.
    only
        bool per row: records that take part; the others have no key. None: all do.
    local
        Whether each record's keys depend on that record alone: the spelling keys of a name are then all that it has, not only
        those that another name here has too.
    """

    def __init__(self, table: RecordTable, only: npt.NDArray[np.bool_] | None = None, *, local: bool = False) -> None:
        self.table = table
        self.only = None if only is None or only.all() else only
        self.local = local
        self._read: dict[Key, _Read] = {}
        self._columns: dict[str, Column] = {}
        self._turns: dict[Key, Lock] = {}

    def __call__(self, key: Key) -> KeyCodes:
        """The codes of a key.

        Raises
        ------
        SpecError
            If the key reads a field that the table has not.
        """
        return self._look(key).codes

    def hashes(self, key: Key) -> Hashes:
        """A 64-bit hash of the content that each code of a key stands for, the same in every table.

        That is `hash_strings` of the derived text; of a spelling key with seed 1, and of the name itself with seed 2; of both
        names together, `mix` of the sum of their words' mixed hashes.
        """
        found = self._look(key)
        if found.hashed is None:
            found = self._read[key] = found._replace(hashed=found.hash_content())
        return found.hashed if found.hashed is not None else np.zeros(0, np.uint64)

    def _look(self, key: Key) -> "_Read":
        with self._turns.setdefault(key, Lock()):  # rules are prepared side by side, and many read the same key
            if key not in self._read:
                columns = [self.column(name, key) for name in key.fields]
                if key.kind == "sorted_name":
                    self._read[key] = _read_names(columns, len(self.table))
                elif key.kind == "spelling" and self.local:
                    self._read[key] = _read_own_spellings(columns[0])
                else:
                    self._read[key] = _read_one(key, columns[0])
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


class _Read(NamedTuple):
    """A key as it was read: its codes, and what works out the hash of each code's content, once it is asked for."""

    codes: KeyCodes
    hash_content: Callable[[], Hashes]
    hashed: Hashes | None = None


def _read_one(key: Key, column: Column) -> _Read:
    """Codes of a key of one field: derived on the vocabulary, then mapped through the column's codes."""
    codes, values = column.codes, column.vocabulary
    if key.kind == "spelling":
        return _Read(_read_spellings(column), lambda: np.zeros(0, np.uint64))
    if key.kind != "field":
        derived = derive(key, column.vocabulary).dictionary_encode()
        number = numpy_array(derived.indices, null=-1).astype(np.int32, copy=False)
        codes, values = np.append(number, np.int32(-1)).take(codes, mode="wrap"), derived.dictionary
    if column.offsets is not None:
        entries = distinct_entries(column.rows[codes >= 0], codes[codes >= 0].astype(np.int64), len(values))
        return _Read(entries, lambda: hash_strings(values.cast(pa.large_string())))
    return _Read(KeyCodes(codes, None, len(values)), lambda: hash_strings(values.cast(pa.large_string())))


def _read_own_spellings(column: Column) -> _Read:
    """Codes of all spelling keys that a name has by itself, and one of the name itself."""
    n_values = len(column.vocabulary)
    flat = [(at, key) for at, keys in enumerate(local_keys(column.vocabulary.to_pylist())) for key in keys]
    encoded = text_array([key for _, key in flat]).dictionary_encode()
    owner = np.concatenate([np.arange(n_values), np.array([at for at, _ in flat], np.int64)])
    code = np.concatenate([np.arange(n_values), numpy_array(encoded.indices).astype(np.int64) + n_values])
    n_keys = n_values + len(encoded.dictionary)

    def hashed() -> Hashes:
        return np.concatenate([hash_strings(column.vocabulary, 2), hash_strings(encoded.dictionary, 1)])

    return _Read(_held_by_rows(column, owner, code, n_keys), hashed)


def _read_spellings(column: Column) -> KeyCodes:
    """Codes of the spelling keys of a name, and one of the name itself."""
    keys = key_lists(column.vocabulary.to_pylist())
    n_values = len(column.vocabulary)
    values = np.arange(n_values)
    owner = np.concatenate(
        [values, *(np.repeat(values, np.diff(starts)) for starts in (keys.written_starts, keys.read_starts))]
    )
    code = np.concatenate([values, keys.written + n_values, keys.read + n_values]).astype(np.int64)
    return _held_by_rows(column, owner, code, n_values + int(code.max(initial=0)) + 1)


def _held_by_rows(column: Column, owner: Int64s, code: Int64s, n_keys: int) -> KeyCodes:
    """The codes of values, as the rows that hold these values have them."""
    order = np.argsort(owner, kind="stable")
    owner, code = owner[order], code[order]
    sizes = np.bincount(owner, minlength=len(column.vocabulary))
    rows, held = column.present()
    times = sizes.take(held)
    ends = np.cumsum(times)
    within = np.arange(int(times.sum())) - np.repeat(ends - times, times)
    found = code.take(np.repeat((np.cumsum(sizes) - sizes).take(held), times) + within)
    return distinct_entries(np.repeat(rows, times), found, n_keys)


def _read_names(columns: list[Column], n_rows: int) -> _Read:
    """Codes of the words of two name fields together, whatever their order."""
    pairs = join_keys([_read_one(Key("field", ("name",)), column).codes for column in columns], n_rows)
    first, last = np.divmod(pairs.codes, max(len(columns[1].vocabulary), 1))
    sums = word_sums(columns[0].vocabulary).take(first) + word_sums(columns[1].vocabulary).take(last)
    encoded = arrow_array(sums).dictionary_encode()
    number = numpy_array(encoded.indices).astype(np.int32, copy=False)

    def hashed() -> Hashes:
        return mix(numpy_array(encoded.dictionary).astype(np.uint64, copy=False))

    if any(column.is_multi for column in columns):
        return _Read(distinct_entries(pairs.rows, number.astype(np.int64), len(encoded.dictionary)), hashed)
    codes = np.full(n_rows, -1, np.int32)
    codes[pairs.rows] = number
    return _Read(KeyCodes(codes, None, len(encoded.dictionary)), hashed)


def distinct_entries(rows: Rows, codes: npt.NDArray[np.integer], n_keys: int) -> KeyCodes:
    """Entries by row, each (row, key) once."""
    size = max(n_keys, 1)
    entries = distinct(rows.astype(np.int64) * size + codes)
    return KeyCodes((entries % size).astype(np.int32), (entries // size).astype(np.int32), n_keys)
