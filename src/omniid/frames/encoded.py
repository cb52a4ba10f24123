"""Columns as codes: the entries of each row, and the distinct values they point to."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.frames.text import is_list
from omniid.ordering import rank_values
from omniid.tables import Codes, Column, Rows
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["Entries", "column_of", "encode", "split_cells"]


class Entries(NamedTuple):
    """Values of rows: entry i says that row `rows[i]` holds `vocabulary[codes[i]]` (code -1: missing)."""

    rows: Rows
    codes: Codes
    vocabulary: pa.LargeStringArray


def encode(*columns: pa.Array | pa.ChunkedArray) -> Entries:
    """Give text columns their codes, over one vocabulary: each distinct value is looked up once, however many columns hold it.

    Parameters
    ----------
    *columns
        large_string (one entry a row) or large_list<large_string> (one entry per value in a cell). The rows of a column come
        after those of the one before it.

    Returns
    -------
    Entries
        Ordered by row; the vocabulary in order of first appearance.

    Examples
    --------
    >>> several = pa.array([["b", "a"], None, ["b"]], pa.large_list(pa.large_string()))
    >>> entries = encode(several, pa.array(["c", "a"], pa.large_string()))
    >>> entries.rows.tolist(), entries.codes.tolist()
    ([0, 0, 2, 3, 4], [0, 1, 0, 2, 1])
    """
    rows, cells, start = [], [], 0
    for column in columns:
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        here = np.arange(start, start + len(array), dtype=np.int32)
        start += len(array)
        if is_list(array.type):
            here = np.repeat(here, numpy_array(pc.list_value_length(array)))
            array = array.flatten()
        rows.append(here)
        cells.append(array)
    coded = pa.chunked_array(cells, pa.large_string()).dictionary_encode()
    codes = [np.zeros(0, np.int32)]  # Arrow drops chunks without cells
    codes += [numpy_array(chunk.indices, null=-1) for chunk in coded.chunks]
    vocabulary = coded.chunk(0).dictionary if coded.num_chunks else text_array([])
    return Entries(np.concatenate(rows), np.concatenate(codes).astype(np.int32, copy=False), vocabulary)


def split_cells(entries: Entries, separators: str) -> Entries:
    """Split values at any of the separators: the pieces are stripped, and empty ones left out.

    Parameters
    ----------
    entries
        As of `encode`.
    separators
        Characters, each of which separates.

    Returns
    -------
    Entries
        Values without a separator stay as they are; the others become several entries, in order.

    Examples
    --------
    >>> cells = split_cells(encode(pa.array(["a; b", "c"], pa.large_string())), ";")
    >>> cells.rows.tolist(), [cells.vocabulary[code].as_py() for code in cells.codes]
    ([0, 0, 1], ['a', 'b', 'c'])
    """
    vocabulary = entries.vocabulary
    split = np.zeros(len(vocabulary) + 1, bool)  # one more, for the code -1 of missing entries
    for separator in separators:
        split[:-1] |= numpy_array(pc.match_substring(vocabulary, separator))
    cells = np.flatnonzero(split)
    if not len(cells):
        return entries
    table = str.maketrans(separators, separators[0] * len(separators))
    pieces = [
        [piece.strip() for piece in cell.translate(table).split(separators[0]) if piece.strip()]
        for cell in vocabulary.take(arrow_array(cells)).to_pylist()
    ]
    sizes = np.ones(len(split), np.int64)
    sizes[cells] = [len(entry) for entry in pieces]
    starts = np.arange(len(split), dtype=np.int64)
    starts[cells] = len(vocabulary) + np.concatenate([[0], np.cumsum(sizes[cells])[:-1]])
    starts[-1] = -1
    flat = text_array([piece for entry in pieces for piece in entry])
    whole = pa.concat_arrays([vocabulary, flat]).dictionary_encode()
    renumber = numpy_array(whole.indices).astype(np.int32, copy=False)
    per_entry = sizes[entries.codes]
    firsts = np.cumsum(per_entry) - per_entry
    within = np.arange(per_entry.sum()) - np.repeat(firsts, per_entry)
    positions = np.repeat(starts[entries.codes], per_entry) + within
    return Entries(np.repeat(entries.rows, per_entry), _through(renumber, positions), whole.dictionary)


def column_of(entries: Entries, n_rows: int) -> Column:
    """The column of a record table: missing entries left out, a value twice in a row kept once, the vocabulary sorted.

    Parameters
    ----------
    entries
        In the order in which each row's values were sent; rows may come in any order.
    n_rows
        Number of records.

    Returns
    -------
    Column
        With offsets only if a row has more than one entry; codes ordered as the values are by code point, so that they don't
        depend on the order of rows.

    Examples
    --------
    >>> column = column_of(encode(pa.array(["b", None, "a"], pa.large_string())), 3)
    >>> column.codes.tolist(), column.vocabulary.to_pylist()
    ([1, -1, 0], ['a', 'b'])
    """
    here = entries.codes >= 0
    rows, codes = (entries.rows, entries.codes) if here.all() else (entries.rows[here], entries.codes[here])
    codes, vocabulary = _sorted_vocabulary(codes, entries.vocabulary)
    if len(rows) and np.bincount(rows).max() > 1:
        order = np.argsort(rows, kind="stable")
        rows, codes = rows[order], codes[order]
        _, first = np.unique(rows.astype(np.int64) * len(vocabulary) + codes, return_index=True)
        first.sort()
        rows, codes = rows[first], codes[first]
        sizes = np.bincount(rows, minlength=n_rows)
        if sizes.max() > 1:
            return Column(codes, vocabulary, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))
    dense = np.full(n_rows, -1, np.int32)
    dense[rows] = codes
    return Column(dense, vocabulary)


def _sorted_vocabulary(codes: Codes, vocabulary: pa.LargeStringArray) -> tuple[Codes, pa.LargeStringArray]:
    """Codes into the values that occur, sorted by code point (which UTF-8 bytes are, too)."""
    used = np.zeros(len(vocabulary), bool)
    used[codes] = True
    if not used.all():
        codes = (np.cumsum(used, dtype=np.int32) - np.int32(1))[codes]
        vocabulary = vocabulary.filter(arrow_array(used))
    rank, order = rank_values(vocabulary)
    return rank.take(codes), vocabulary.take(arrow_array(order))


def _through(renumber: Codes, codes: npt.NDArray[np.integer]) -> Codes:
    """New codes for old ones; -1 stays."""
    return np.append(renumber, np.int32(-1)).take(codes)
