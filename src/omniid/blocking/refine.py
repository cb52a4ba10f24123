"""Oversized blocks: split by further keys, and what still is too large into short overlapping windows."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.blocking.codes import Int64s, KeyCodes, KeyReader, dense, distinct_entries, pair_count
from omniid.blocking.keys import Key, field, initial, prefix, soundex, year
from omniid.tables import Column, RecordTable, Rows

__all__ = ["WINDOW", "Refined", "refining_keys", "split_oversized"]

WINDOW = 20  # records per window of a block that no key splits: about 15 pairs a record, whatever the block's size


class Refined(NamedTuple):
    """Key codes without oversized blocks, and what that took."""

    key: KeyCodes
    oversized: int
    windowed: int
    pairs: int
    left_out: int


def refining_keys(fields: Collection[str]) -> tuple[Key, ...]:
    """Further keys that split oversized blocks, in the order in which they are tried, of those whose field exists.

    Coarse keys come first: they survive typing errors, and a block is split no finer than it must be.

    Examples
    --------
    >>> [str(key) for key in refining_keys(["last_name", "postcode"])]
    ['soundex(last_name)', 'prefix(postcode, 3)', 'last_name', 'postcode']
    """
    coarse = (year("birth_date"), initial("first_name"), soundex("last_name"), prefix("postcode", 3), soundex("first_name"))
    names = ("last_name", "first_name", "birth_date", "city", "postcode", "street", "email", "phone")
    return tuple(key for key in (*coarse, *map(field, names)) if key.fields[0] in fields)


def split_oversized(key: KeyCodes, read: KeyReader, refine: Sequence[Key], max_block: int, *, leave: bool = False) -> Refined:
    """Split blocks of more than `max_block` records by further keys until they are small enough.

    Records that lack a further key stay together in a part of their own. A block that no key splits is sorted by all its
    records' normal forms, then record key, and cut into windows of `WINDOW` records that overlap by half: equal records so
    remain connected, and a million of them make fifteen million pairs, not half a billion.

    Parameters
    ----------
    key
        Key codes as a rule made them.
    read
        Reads the further keys.
    refine
        Further keys, in the order in which they are tried.
    max_block
        Largest allowed block, in records.
    leave
        Make no pairs of oversized blocks instead.
    """
    sizes = np.bincount(key.codes[key.codes >= 0], minlength=1).astype(np.int64)
    big = sizes > max_block
    if not big.any():
        return Refined(key, 0, 0, pair_count(sizes), 0)
    rows = np.arange(len(key.codes), dtype=np.int32) if key.rows is None else key.rows
    chosen = big[key.codes] & (key.codes >= 0)
    small = (key.codes >= 0) & ~chosen
    kept = [(rows[small], key.codes[small].astype(np.int64))]
    pairs, n_keys, windowed = pair_count(sizes[~big]), key.n_keys, 0
    distinct_pairs = pairs
    if not leave:
        rest = _Rest(rows[chosen], key.codes[chosen].astype(np.int64), np.ones(int(chosen.sum()), bool))
        for further in refine:
            rest, done = _split(rest, read(further), max_block, len(read.table))
            kept.append((done.rows, done.codes + np.int64(n_keys)))
            n_keys, pairs, distinct_pairs = n_keys + done.n_keys, pairs + done.pairs, distinct_pairs + done.distinct_pairs
            if not len(rest.rows):
                break
        if len(rest.rows):
            windows, windowed = _windows(rest, read.table, max_block)
            kept.append((windows.rows, windows.codes + np.int64(n_keys)))
            n_keys, pairs, distinct_pairs = (
                n_keys + windows.n_keys,
                pairs + windows.pairs,
                distinct_pairs + windows.distinct_pairs,
            )
    split = _gather(kept, n_keys, len(read.table))
    return Refined(split, int(big.sum()), windowed, pairs, max(pair_count(sizes) - distinct_pairs, 0))


class _Rest(NamedTuple):
    """Entries of blocks that are still too large; `first` marks one entry per record and original block."""

    rows: Rows
    codes: Int64s
    first: npt.NDArray[np.bool_]


class _Entries(NamedTuple):
    """Entries that are done. Pairs that meet under several values of a further key count once in `distinct_pairs`, or not."""

    rows: Rows
    codes: Int64s
    n_keys: int
    pairs: int
    distinct_pairs: int


def _split(rest: _Rest, further: KeyCodes, max_block: int, n_rows: int) -> tuple[_Rest, _Entries]:
    """Split blocks by one further key: the entries that are still too large, and those that are done."""
    rows, codes, first = rest
    if further.rows is None:
        value = further.codes.take(rows)
    else:
        per_row = np.bincount(further.rows, minlength=n_rows)
        start = np.append(np.cumsum(per_row) - per_row, 0)
        times = per_row.take(rows)
        repeat = np.maximum(times, 1)
        entry = np.repeat(np.arange(len(rows)), repeat)
        within = np.arange(len(entry)) - np.repeat(np.cumsum(repeat) - repeat, repeat)
        value = np.where(
            times[entry] > 0, np.append(further.codes, -1)[(start.take(rows)[entry] + within).clip(0, len(further.codes))], -1
        )
        rows, codes, first = rows[entry], codes[entry], first[entry] & (within == 0)
    blocks, size = dense(codes, int(codes.max()) + 1)
    joined, n_keys = dense(blocks.astype(np.int64) * (further.n_keys + 1) + value + 1, size * (further.n_keys + 1))
    sizes = np.bincount(joined, minlength=n_keys).astype(np.int64)
    large = (sizes > max_block)[joined]
    surely = pair_count(np.bincount(joined[~large & first], minlength=1).astype(np.int64))
    done = _Entries(rows[~large], joined[~large].astype(np.int64), n_keys, pair_count(sizes[sizes <= max_block]), surely)
    return _Rest(rows[large], joined[large].astype(np.int64), first[large]), done


def _windows(rest: _Rest, table: RecordTable, max_block: int) -> tuple[_Entries, int]:
    """Cut blocks into overlapping windows: entries, number of blocks."""
    rows, codes, first = rest
    width = max(2, min(WINDOW, max_block) // 2 * 2)
    step = width // 2
    order = np.lexsort([rows.astype(np.int64), *_content_ranks(rows, table), codes])
    rows, blocks = rows[order], codes[order]
    starts = np.flatnonzero(np.concatenate([[True], blocks[1:] != blocks[:-1]]))
    sizes = np.diff(np.append(starts, len(blocks)))
    place = np.arange(len(blocks)) - np.repeat(starts, sizes)
    half = place // step  # record i stands in windows half and half - 1; a block's last, short window lies inside its neighbour
    steps = -(-sizes // step)
    n_windows = np.maximum(steps - 1, 1)
    base = np.repeat(np.cumsum(n_windows) - n_windows, sizes)
    last = np.repeat(n_windows, sizes) - 1
    upper, lower = np.minimum(half, last), np.maximum(half - 1, 0)
    entries = distinct_entries(np.concatenate([rows, rows]), np.concatenate([base + upper, base + lower]), int(n_windows.sum()))
    meetings = pair_count(np.bincount(entries.codes).astype(np.int64))
    # Pairs in the overlap of two windows meet twice: all of its `step` records but for the block's end stand in both.
    doubled = int((n_windows - 1).sum()) * (step * (step - 1) // 2)
    found_rows = entries.rows if entries.rows is not None else rows
    pairs = meetings - doubled
    done = _Entries(found_rows, entries.codes.astype(np.int64), int(n_windows.sum()), pairs, pairs if first.all() else 0)
    return done, len(sizes)


def _content_ranks(rows: Rows, table: RecordTable) -> list[Int64s]:
    """Sort keys of the rows' normal forms, least important field first; the first entry stands for several."""
    return [_rank(rows, table.columns[name]) for name in sorted(table.columns, reverse=True)]


def _rank(rows: Rows, column: Column) -> Int64s:
    """Position of each row's (first) value in the order of code points, -1 where it has none."""
    if column.offsets is None:
        codes = column.codes.take(rows)
    else:
        first, stop = column.offsets[:-1].take(rows), column.offsets[1:].take(rows)
        codes = np.where(first < stop, np.append(column.codes, np.int32(-1)).take(first), -1)
    used = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=1))
    rank = np.empty(len(used), np.int64)
    rank[pc.array_sort_indices(column.vocabulary.take(used)).to_numpy()] = np.arange(len(used))
    ranks = np.full(len(rows), -1, np.int64)
    ranks[codes >= 0] = rank[np.searchsorted(used, codes[codes >= 0])]
    return ranks


def _gather(kept: list[tuple[Rows, Int64s]], n_keys: int, n_rows: int) -> KeyCodes:
    """All entries as key codes, one per record where no record has two."""
    rows = np.concatenate([rows for rows, _ in kept])
    codes = np.concatenate([codes for _, codes in kept])
    if np.bincount(rows, minlength=1).max() <= 1:
        single = np.full(n_rows, -1, np.int32)
        single[rows] = codes
        return KeyCodes(single, None, n_keys)
    return distinct_entries(rows, codes, n_keys)
