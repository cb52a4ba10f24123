"""Exact copies: records equal in all that matching reads are compared once, and share what that came to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from omniid.hashing import hash_strings, mix
from omniid.pair_store import drop_pages, sorted_pairs
from omniid.tables import Column, RecordTable, Rows, ScoredPairs
from omniid.tables.arrays import distinct

__all__ = ["IDENTICAL", "content_keys", "find_originals", "first_copies", "only_originals", "pairs_of_copies"]

Positions = npt.NDArray[np.int64]
Names = tuple[tuple[str, ...], tuple[str, ...]]

IDENTICAL = "identical records"
SHARED = 100_000  # pairs that copies of one record, too weak to link, get of its other pairs: masses of them say nothing new
SHARING = 4  # times the memory of a scored pair that it takes while copies share it


def find_originals(table: RecordTable, columns: Sequence[str], apart: npt.NDArray[np.bool_]) -> Rows:
    """Return for each row the smallest row that is equal to it in all given columns.

    Parameters
    ----------
    table
        Normalised records.
    columns
        The columns that blocking, comparison and limits read.
    apart
        bool per row: records that keep to themselves, as a decision or a limit reads more of them than these columns.

    Returns
    -------
    numpy.ndarray
        int32 per row; a row that equals no earlier one is its own original.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": str(i), "city": city} for i, city in enumerate(["Omsk", "Perm", "Omsk"])])
    >>> find_originals(table, ["city"], np.zeros(3, bool)).tolist()
    [0, 1, 0]
    """
    cells = [_cell_codes(table.columns[name]) for name in columns if name in table.columns]
    if not cells:
        return np.arange(len(table), dtype=np.int32)  # records that say nothing are not copies of each other
    cells.append(np.where(apart, np.arange(len(table)), -1))
    mixed = np.zeros(len(table), np.uint64)
    for codes in cells:
        mixed = mix(mixed ^ codes.astype(np.int64).view(np.uint64)) + np.uint64(1)
    rows = _with_repeats(mixed)
    _, first, group = np.unique(mixed[rows], return_index=True, return_inverse=True)
    first = rows[first[group]]
    same = np.ones(len(rows), bool)
    for codes in cells:
        same &= codes[rows] == codes[first]  # a 64-bit collision costs a saving, not a mistake
    originals = np.arange(len(table), dtype=np.int32)
    originals[rows[same]] = first[same]
    return originals


def _with_repeats(hashes: npt.NDArray[np.uint64]) -> Positions:
    """The rows whose hash another row may have, too: all that do, and few others. Most rows have a hash of their own."""
    ascending = np.sort(hashes)
    repeated = ascending[1:][ascending[1:] == ascending[:-1]]
    low = np.uint64((1 << max(len(hashes).bit_length() + 2, 8)) - 1)
    there = np.zeros(int(low) + 1, bool)
    there[repeated & low] = True
    return np.flatnonzero(there[hashes & low])


def _cell_codes(column: Column) -> npt.NDArray[np.int64]:
    """One number per row that is equal for equal cells; a cell of several values counts as the values in their order."""
    if column.offsets is None:
        return column.codes.astype(np.int64)
    size = np.diff(column.offsets)
    out = np.full(column.n_rows, -1, np.int64)
    for width in distinct(size[size > 0]).tolist():  # few widths: as many as the longest cell has values
        rows = np.flatnonzero(size == width)
        cells = column.codes[column.offsets[rows][:, None] + np.arange(width)]
        _, group = np.unique(cells, axis=0, return_inverse=True)
        out[rows] = group.reshape(-1).astype(np.int64) * int(size.max() + 1) + width
    return out


def content_keys(table: RecordTable, columns: Sequence[str]) -> tuple[Rows, Positions]:
    """Return a key per record that two records share if they are equal in all given columns, the same in every table.

    Records that say nothing in these columns have none: they are equal, but nothing follows from it.

    Parameters
    ----------
    table
        Normalised records.
    columns
        As for `find_originals`.

    Returns
    -------
    rows, keys
        int32 and int64: per column in the order of their names, present values only, with its place k (of the column among
        `columns`, sorted), ``h = mix(h ^ hash_strings(value, k + 1))`` from h = 0 on, a cell's values in their order; signed.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": str(i), "city": city} for i, city in enumerate(["Omsk", None, "Omsk"])])
    >>> rows, keys = content_keys(table, ["city"])
    >>> rows.tolist(), bool(keys[0] == keys[1])
    ([0, 2], True)
    """
    hashes, said = np.zeros(len(table), np.uint64), np.zeros(len(table), bool)
    for place, name in enumerate(sorted(set(columns))):
        if name not in table.columns:
            continue
        column = table.columns[name]
        content = hash_strings(column.vocabulary, place + 1)
        rows, codes = column.present()
        said[rows] = True
        within = np.arange(len(rows)) - np.searchsorted(rows, rows)
        for turn in range(int(within.max(initial=-1)) + 1):  # as many as the longest cell has values
            now = within == turn
            hashes[rows[now]] = mix(hashes[rows[now]] ^ content[codes[now]])
    found = np.flatnonzero(said).astype(np.int32)
    return found, hashes[found].view(np.int64)


def only_originals(table: RecordTable, originals: Rows) -> RecordTable:
    """Return the records that equal no earlier one."""
    return table.take(np.flatnonzero(originals == np.arange(len(originals))).astype(np.int32))


def first_copies(originals: Rows) -> tuple[Rows, Rows]:
    """Return the originals that have copies, ascending, and the first copy of each: as these two compare, so do all the others.

    Examples
    --------
    >>> own, copy = first_copies(np.array([0, 1, 0, 1, 0], np.int32))
    >>> own.tolist(), copy.tolist()
    ([0, 1], [2, 3])
    """
    copies, own = _by_original(originals)
    first = np.flatnonzero(np.diff(own, prepend=-1))
    return own[first], copies[first]


def pairs_of_copies(
    lots: Sequence[ScoredPairs],
    copied: ScoredPairs,
    originals: Rows,
    link_at: int,
    *,
    most: int | None = None,
    every: bool = False,
) -> Iterator[ScoredPairs]:
    """Give every copy what its original has: equal records have equal evidence.

    The pair of an original with its first copy becomes a pair with each of its copies. If that is no link, as the records say
    too little, the copies get the original's other pairs too: all of them, unless they make more than `SHARED` pairs
    together; then the strongest, and each copy at least one.

    Parameters
    ----------
    lots
        Scored pairs of originals, no pair twice.
    copied
        Scored pairs of originals with their first copies.
    originals
        What `find_originals` gave.
    link_at
        The match weight, in millionths of a bit, from which a pair is a link.
    most
        About how many pairs to look at and make at a time; None: all at once.
    every
        Whether they get all of them however many, so that no pair depends on how many copies there are.

    Yields
    ------
    ScoredPairs
        Pairs that copies have: no pair twice, and none that stands in `lots`.

    Examples
    --------
    >>> import numpy as np
    >>> def pair(left, right, weight, rule):
    ...     rows, of_rule = (np.array([[row]], np.int32) for row in (left, right)), np.array([rule], np.int16)
    ...     return ScoredPairs(*(row[0] for row in rows), np.array([weight]), np.zeros(1, np.int8), of_rule,
    ...                        np.zeros((1, 1), np.int8), ("city",), ("city", IDENTICAL))
    >>> made = pairs_of_copies([pair(0, 2, 9, 0)], pair(0, 1, 5, 1), np.array([0, 0, 2], np.int32), link_at=8)
    >>> [(lot.left.tolist(), lot.right.tolist(), lot.weight.tolist()) for lot in made]
    [([0], [1], [5]), ([1], [2], [9])]
    """
    copies, own = _by_original(originals)
    if not len(copies):
        return
    first = np.searchsorted(own, copied.left)
    which, place = _ranges(first, np.searchsorted(own, copied.left, side="right") - first)
    yield replace(copied.take(which), right=copies[place])
    linked = np.zeros(len(originals), bool)
    linked[copied.left[copied.weight >= link_at]] = True
    weak = np.flatnonzero(~linked[own])
    copies, own, names = copies[weak], own[weak], (copied.comparisons, copied.rules)
    at_most = len(originals) ** 2 if every else SHARED  # more than there are
    for start, stop in _spans(lots, own, len(originals), most, at_most):
        yield _shared(lots, copies[start:stop], own[start:stop], len(originals), names, at_most)


def _spans(lots: Sequence[ScoredPairs], own: Rows, n_rows: int, most: int | None, at_most: int) -> list[tuple[int, int]]:
    """Cut the copies, those of one original together, so that each part has about `most` pairs to look at and to make."""
    if not len(own):
        return []
    if most is None:
        return [(0, len(own))]
    pairs = np.zeros(n_rows, np.int64)
    for lot in lots:
        pairs += np.bincount(lot.left, minlength=n_rows) + np.bincount(lot.right, minlength=n_rows)
        drop_pages(lot)
    starts = np.flatnonzero(np.diff(own, prepend=-1))
    copies = np.diff(starts, append=len(own))
    has = pairs[own[starts]]
    before = np.cumsum(has + copies * np.minimum(has, np.maximum(at_most // copies, 1)))
    new = np.flatnonzero(np.diff(before // max(most // SHARING, 1), prepend=-1))
    begins = starts[new].tolist()
    return list(zip([0, *begins[1:]], [*begins[1:], len(own)], strict=True))


def _shared(lots: Sequence[ScoredPairs], copies: Rows, own: Rows, n_rows: int, names: Names, at_most: int) -> ScoredPairs:
    """The pairs of some originals, as their copies share them; `names` are those of comparisons and rules."""
    sharing = np.zeros(n_rows, bool)
    sharing[own] = True
    near = []
    for lot in lots:
        near.append(lot.take(np.flatnonzero(sharing[lot.left] | sharing[lot.right])))
        drop_pages(lot)
    pairs = sorted_pairs(near, *names)
    at, copy, partner = _partners(pairs, sharing, copies, own, at_most)
    return replace(pairs.take(at), left=np.minimum(copy, partner), right=np.maximum(copy, partner))


def _by_original(originals: Rows) -> tuple[Rows, Rows]:
    """Copies, those of one original together, and the original of each, ascending."""
    copies = np.flatnonzero(originals != np.arange(len(originals))).astype(np.int32)
    copies = copies[np.argsort(originals[copies], kind="stable")]
    return copies, originals[copies]


def _partners(
    pairs: ScoredPairs, sharing: npt.NDArray[np.bool_], copies: Rows, own: Rows, at_most: int
) -> tuple[Positions, Rows, Rows]:
    """Pairs of originals that their copies share: the position of each, the copy, and the other row of the pair.

    Parameters
    ----------
    pairs
        Scored pairs of originals.
    sharing
        bool per row: whether it is one of `own`.
    copies, own
        Copies that are to share, and the original of each, ascending.
    at_most
        How many pairs the copies of one record get.
    """
    at = np.tile(np.arange(len(pairs)), 2)
    row, partner = np.concatenate([pairs.left, pairs.right]), np.concatenate([pairs.right, pairs.left])
    kept = np.flatnonzero(sharing[row])
    at, row, partner = at[kept], row[kept], partner[kept]
    order = np.lexsort((partner, -pairs.weight[at], -pairs.tier[at], row))  # the strongest first
    at, row, partner = at[order], row[order], partner[order]
    first, size = np.searchsorted(row, own), np.searchsorted(row, own, side="right")
    together = np.searchsorted(own, own, side="right") - np.searchsorted(own, own)
    which, place = _ranges(first, np.minimum(size - first, np.maximum(at_most // np.maximum(together, 1), 1)))
    return at[place], copies[which], partner[place]


def _ranges(start: Positions, count: Positions) -> tuple[Positions, Positions]:
    """Runs of consecutive numbers, one after the other: which run each is of, and the number.

    Examples
    --------
    >>> [part.tolist() for part in _ranges(np.array([5, 0]), np.array([2, 1]))]
    [[0, 0, 1], [5, 6, 0]]
    """
    which = np.repeat(np.arange(len(start)), count)
    return which, start[which] + np.arange(len(which)) - (np.cumsum(count) - count)[which]
