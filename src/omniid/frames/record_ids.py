"""Which record is which: an id column of the source's own, or else a hash of the record's content."""

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import InputError, SpecError
from omniid.frames.encoded import Entries
from omniid.frames.inputs import SourceFrame
from omniid.frames.naming import did_you_mean
from omniid.frames.text import is_list
from omniid.hashing import hash_strings, hexadecimal, mix
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["choose_record_id", "content_ids", "declared_ids"]

ID_NAMES = ("record_id", "unique_id", "rec_id", "id")


def choose_record_id(table: pa.Table) -> str | None:
    """The column that names each record: `record_id`, `unique_id`, `rec_id` or `id`, the first that is unique and never null.

    Parameters
    ----------
    table
        Text columns of one source, as in `SourceFrame.table`.

    Returns
    -------
    str or None
        The column, in its own spelling; None if there is none, and then records are named by a hash of their content.

    Examples
    --------
    >>> choose_record_id(pa.table({"mail": ["a@x.com", None], "ID": ["1", "2"]}))
    'ID'
    >>> choose_record_id(pa.table({"id": ["1", "1"]})) is None
    True
    """
    for wanted in ID_NAMES:
        for name in table.column_names:
            if name.casefold() == wanted and _is_key(table.column(name)):
                return str(name)
    return None


def declared_ids(frame: SourceFrame, column: str) -> pa.LargeStringArray:
    """The values of a column that was declared to be the record id.

    Raises
    ------
    SpecError
        If there is no such column.
    InputError
        If a record has no id, or two records have one; the message shows the first such rows.

    Examples
    --------
    >>> declared_ids(SourceFrame("web", pa.table({"no": pa.array(["7", "8"], pa.large_string())}), "web.csv"), "no").to_pylist()
    ['7', '8']
    """
    names = frame.table.column_names
    where = f"source {frame.name!r} ({frame.place})"
    if column not in names:
        raise SpecError(
            f"record id column {column!r} is not in {where}; its columns are {', '.join(names)}{did_you_mean(column, names)}"
        )
    ids = frame.table.column(column).combine_chunks()
    if is_list(ids.type):
        raise InputError(f"record id column {column!r} of {where} holds several values in one cell; name another id column")
    if ids.null_count:
        row = pc.index(ids.is_null(), True).as_py() + 1
        raise InputError(f"row {row} of {where} has no record id in column {column!r}; fill it, or name another id column")
    if not _is_distinct(ids):
        codes = numpy_array(ids.dictionary_encode().indices)
        _, first = np.unique(codes, return_index=True)
        again = np.ones(len(codes), bool)
        again[first] = False
        row = int(np.argmax(again))
        earlier = int(first[codes[row]])
        raise InputError(
            f"record id {ids[row].as_py()!r} in column {column!r} of {where} comes twice, in rows {earlier + 1} and {row + 1} "
            f"({int(again.sum())} such rows in all); drop one, or name another id column"
        )
    return ids


def content_ids(columns: Mapping[str, Entries], n_rows: int) -> pa.LargeStringArray:
    """Ids made of what the records say: 16 hexadecimal digits, and "-2", "-3" … for records that say the same.

    They depend on the values and the names of their columns alone, not on the order of rows or columns, and a column that a
    record lacks adds nothing.

    Parameters
    ----------
    columns
        Column name → entries ordered by row.
    n_rows
        Number of records.

    Returns
    -------
    pyarrow.LargeStringArray
        One distinct id per row.

    Examples
    --------
    >>> from omniid.frames.encoded import encode
    >>> mails = encode(pa.array(["a@x.com", "b@x.com", "a@x.com"], pa.large_string()))
    >>> content_ids({"mail": mails}, 3).to_pylist()
    ['c2ba95c737e4c793', 'e68dbf255688f3f4', 'c2ba95c737e4c793-2']
    """
    hashes = _row_hashes(columns, n_rows, 0)
    ids = hexadecimal(hashes)
    order = np.argsort(hashes, kind="stable")
    if n_rows < 2 or not (hashes[order][1:] == hashes[order][:-1]).any():
        return ids
    # Rows of one hash are numbered. A second hash comes before their position, so that even a collision has one order.
    order = np.lexsort((_row_hashes(columns, n_rows, 1), hashes))
    begins = np.append(True, hashes[order][1:] != hashes[order][:-1])
    ordinal = np.empty(n_rows, np.int64)
    ordinal[order] = np.arange(n_rows) - np.maximum.accumulate(np.where(begins, np.arange(n_rows), 0)) + 1
    dash = text_scalar("-")
    numbered = pc.binary_join_element_wise(ids, arrow_array(ordinal).cast(pa.large_string()), dash)
    return pc.if_else(arrow_array(ordinal > 1), numbered, ids)


def _is_key(column: pa.ChunkedArray) -> bool:
    if is_list(column.type) or column.null_count or len(column) == 0:
        return False
    return _is_distinct(column.cast(pa.large_string()).combine_chunks())


def _is_distinct(ids: pa.LargeStringArray) -> bool:
    """Whether no id comes twice; distinct hashes prove it in a third of the time that counting takes."""
    hashes = np.sort(hash_strings(ids))
    return bool((hashes[1:] != hashes[:-1]).all()) or bool(pc.count_distinct(ids).as_py() == len(ids))


def _row_hashes(columns: Mapping[str, Entries], n_rows: int, seed: int) -> npt.NDArray[np.uint64]:
    """One hash per row: the mixed sum of its cells' hashes, each keyed by its column and its place within the cell."""
    total = np.zeros(n_rows, np.uint64)
    for name, entries in columns.items():
        key = int.from_bytes(hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=7).digest())
        words = np.append(hash_strings(entries.vocabulary, key), np.uint64(0))[entries.codes]
        if np.array_equal(entries.rows, np.arange(n_rows)):
            total += words
            continue
        starts = np.searchsorted(entries.rows, np.arange(n_rows + 1))
        place = np.arange(len(words)) - starts[entries.rows]
        words ^= mix(place.astype(np.uint64))  # 0 at the first place: a lone entry hashes like plain text
        running = np.append(np.uint64(0), np.cumsum(words, dtype=np.uint64))  # wraps, and so does the difference
        total += running[starts[1:]] - running[starts[:-1]]
    return mix(total)
