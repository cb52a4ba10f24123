"""Oversized blocks: split by further keys, and what still is too large into short overlapping windows."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.blocking.codes import KeyCodes, KeyReader, Wide, distinct_entries
from omniid.blocking.groups import Int64s, dense, group, pair_count
from omniid.blocking.keys import Key, field, initial, prefix, soundex, year
from omniid.tables import Codes, Column, RecordTable, Rows
from omniid.tables.arrays import new_values, numpy_array

__all__ = ["WINDOW", "Refined", "SharedKeys", "gather_blocks", "refining_keys", "shared_keys", "split_oversized"]

ODD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: spreads integers over all 64 bits
WINDOW = 20  # records per window of a block that no key splits: about 15 pairs a record, whatever the block's size


class SharedKeys(NamedTuple):
    """Blocks of at least two records: their rows block by block, ascending, and their sizes."""

    rows: Rows
    sizes: Int64s


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


def shared_keys(joined: Wide) -> SharedKeys:
    """Keep the keys that at least two records have.

    Examples
    --------
    >>> shared_keys(Wide(np.array([7, 3, 7]), np.arange(3, dtype=np.int32), 8)).rows.tolist()
    [0, 2]
    """
    codes, rows = _not_alone(joined.codes, joined.rows)
    groups = group(codes, joined.size)
    sizes = groups.sizes
    several = sizes > 1
    return SharedKeys(rows.take(groups.order[np.repeat(several, sizes)]), sizes[several])


def _not_alone(codes: Int64s, rows: Rows) -> tuple[Int64s, Rows]:
    """Leave out most entries that share their code with no other: counting hashes costs less than sorting codes."""
    bits = len(codes).bit_length()
    place = (codes.view(np.uint64) * ODD >> np.uint64(64 - bits)).view(np.int64)
    here = np.flatnonzero((np.bincount(place, minlength=1) > 1).take(place))
    return codes.take(here), rows.take(here)


def split_oversized(
    shared: SharedKeys, read: KeyReader, refine: Sequence[Key], max_block: int, *, leave: bool = False
) -> Refined:
    """Split blocks of more than `max_block` records by further keys until they are small enough.

    Records that lack a further key stay together in a part of their own. A block that no key splits is sorted by all its
    records' normal forms, then record key, and cut into windows of `WINDOW` records that overlap by half: equal records so
    remain connected, and a million of them make fifteen million pairs, not half a billion.

    Parameters
    ----------
    shared
        Blocks as a rule made them.
    read
        Reads the further keys.
    refine
        Further keys, in the order in which they are tried.
    max_block
        Largest allowed block, in records.
    leave
        Make no pairs of oversized blocks instead.
    """
    n_rows, sizes = len(read.table), shared.sizes
    big = sizes > max_block
    chosen = np.repeat(big, sizes)
    done = [_Entries(shared.rows[~chosen], sizes[~big], pair_count(sizes[~big]))]
    windowed = 0
    if big.any() and not leave:
        codes = np.repeat(np.arange(int(big.sum())), sizes[big])
        rest = _Rest(shared.rows[chosen], codes, np.ones(len(codes), bool))
        for further in refine:
            rest, split = _split(rest, read(further), max_block, n_rows)
            done.append(split)
            if not len(rest.rows):
                break
        if len(rest.rows):
            windows, windowed = _windows(rest, read.table, max_block)
            done.append(windows)
    pairs = sum(pair_count(part.sizes) - part.doubled for part in done)
    left_out = pair_count(sizes) - sum(part.distinct_pairs for part in done)
    rows, all_sizes = np.concatenate([part.rows for part in done]), np.concatenate([part.sizes for part in done])
    key = gather_blocks(rows, all_sizes, n_rows)
    if key.rows is None and not windowed:
        key = key._replace(order=rows)
    return Refined(key, int(big.sum()), windowed, pairs, max(left_out, 0))


class _Rest(NamedTuple):
    """Entries of blocks that are still too large, by block, then row; `first` marks one entry per record and original block."""

    rows: Rows
    codes: Int64s
    first: npt.NDArray[np.bool_]


class _Entries(NamedTuple):
    """Blocks that are done: their rows block by block, and their sizes.

    `distinct_pairs`: pairs that meet under several values of a further key count once there, or not at all. `doubled`: pairs
    that two overlapping windows share.
    """

    rows: Rows
    sizes: Int64s
    distinct_pairs: int
    doubled: int = 0


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
    codes = codes * (further.n_keys + 1)
    codes += value
    codes += 1
    groups = group(codes, int(codes.max()) + 1)
    rows, first, sizes = rows.take(groups.order), first.take(groups.order), groups.sizes
    small, large = (sizes > 1) & (sizes <= max_block), sizes > max_block
    surely = pair_count(np.add.reduceat(first, groups.starts, dtype=np.int64)[small])
    done = _Entries(rows[np.repeat(small, sizes)], sizes[small], surely)
    too_large = np.repeat(large, sizes)
    return _Rest(rows[too_large], np.repeat(np.arange(int(large.sum())), sizes[large]), first[too_large]), done


def _windows(rest: _Rest, table: RecordTable, max_block: int) -> tuple[_Entries, int]:
    """Cut blocks into overlapping windows: entries, number of blocks."""
    step = max(2, min(WINDOW, max_block) // 2 * 2) // 2
    rows = rest.rows.take(_content_order(rest, table))
    starts = np.flatnonzero(new_values(rest.codes))  # the order keeps every block in its place
    sizes = np.diff(starts, append=len(rows))
    steps = -(-sizes // step)
    n_windows = np.maximum(steps - 1, 1)  # of two steps each; a block's last, short window lies inside its neighbour
    block = np.repeat(np.arange(len(sizes)), n_windows)
    begin = (np.arange(len(block)) - np.repeat(np.cumsum(n_windows) - n_windows, n_windows)) * step
    window_sizes = np.minimum(sizes.take(block) - begin, 2 * step)
    entry = np.arange(int(window_sizes.sum())) - np.repeat(np.cumsum(window_sizes) - window_sizes, window_sizes)
    entry += np.repeat(starts.take(block) + begin, window_sizes)
    # Pairs in the overlap of two windows meet twice: all of its `step` records but for the block's end stand in both.
    doubled = int((n_windows - 1).sum()) * (step * (step - 1) // 2)
    pairs = pair_count(window_sizes) - doubled
    return _Entries(rows.take(entry), window_sizes, pairs if rest.first.all() else 0, doubled), len(sizes)


def _content_order(rest: _Rest, table: RecordTable) -> Int64s:
    """Order of the entries by block, then by their records' normal forms field by field, then by row."""
    codes, size = rest.codes, int(rest.codes[-1]) + 1
    for name in sorted(table.columns):
        rank, n_values = _rank(rest.rows, table.columns[name])
        if n_values > 1:
            codes, size = dense(codes * (n_values + 1) + rank + 1, size * (n_values + 1))
        if size == len(codes):  # all differ
            break
    return group(codes, size).order


def _rank(rows: Rows, column: Column) -> tuple[Codes, int]:
    """Position of each row's (first) value in the order of code points, -1 where it has none; and how many values there are."""
    if column.offsets is None:
        codes = column.codes.take(rows)
    else:
        first, stop = column.offsets[:-1].take(rows), column.offsets[1:].take(rows)
        codes = np.where(first < stop, np.append(column.codes, np.int32(-1)).take(first), -1)
    used = np.flatnonzero(np.bincount(codes + 1, minlength=1)[1:])
    rank = np.full(len(column.vocabulary) + 1, -1, np.int32)
    rank[used[numpy_array(pc.array_sort_indices(column.vocabulary.take(used)))]] = np.arange(len(used))
    some_lack_it = bool((codes < 0).any())
    return rank.take(codes, mode="wrap"), len(used) + some_lack_it


def gather_blocks(rows: Rows, sizes: Int64s, n_rows: int) -> KeyCodes:
    """All blocks as key codes, one per record where no record has two."""
    codes = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    single = np.full(n_rows, -1, np.int32)
    single[rows] = codes
    if np.count_nonzero(single >= 0) == len(rows):
        return KeyCodes(single, None, len(sizes))
    return distinct_entries(rows, codes, len(sizes))
