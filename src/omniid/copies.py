"""Exact copies: records equal in all that matching reads are compared once and joined by one pair each."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from omniid.hashing import mix
from omniid.tables import CandidatePairs, Column, PairChunk, RecordTable, Rows, ScoredPairs

__all__ = ["IDENTICAL", "find_originals", "only_originals", "pairs_of_originals", "share_with_copies"]

IDENTICAL = "identical records"
CHUNK = 65_536


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
    _, first, group = np.unique(mixed, return_index=True, return_inverse=True)
    original = first[group].astype(np.int32)
    same = np.ones(len(table), bool)
    for codes in cells:
        same &= codes == codes[original]
    return np.where(same, original, np.arange(len(table))).astype(np.int32)  # a 64-bit collision costs a saving, not a mistake


def _cell_codes(column: Column) -> npt.NDArray[np.int64]:
    """One number per row that is equal for equal cells; a cell of several values counts as the values in their order."""
    if column.offsets is None:
        return column.codes.astype(np.int64)
    size = np.diff(column.offsets)
    out = np.full(column.n_rows, -1, np.int64)
    for width in np.unique(size[size > 0]).tolist():  # few widths: as many as the longest cell has values
        rows = np.flatnonzero(size == width)
        cells = column.codes[column.offsets[rows][:, None] + np.arange(width)]
        _, group = np.unique(cells, axis=0, return_inverse=True)
        out[rows] = group.reshape(-1).astype(np.int64) * int(size.max() + 1) + width
    return out


def only_originals(table: RecordTable, originals: Rows) -> RecordTable:
    """Return the records that equal no earlier one."""
    return table.take(np.flatnonzero(originals == np.arange(len(originals))).astype(np.int32))


def pairs_of_originals(pairs: CandidatePairs, originals: Rows) -> CandidatePairs:
    """Map pairs found among originals back to rows of the whole table, and add one pair per copy.

    Parameters
    ----------
    pairs
        Candidate pairs of the table of originals, in its own row numbers.
    originals
        What `find_originals` gave.

    Returns
    -------
    CandidatePairs
        The same pairs in rows of the whole table, then (original, copy) pairs under the rule "identical records".
    """
    rows = np.flatnonzero(originals == np.arange(len(originals))).astype(np.int32)
    copies = np.flatnonzero(originals != np.arange(len(originals))).astype(np.int32)

    def make() -> Iterator[PairChunk]:
        for chunk in pairs:
            yield PairChunk(rows[chunk.left], rows[chunk.right], chunk.rule)
        for start in range(0, len(copies), CHUNK):
            part = copies[start : start + CHUNK]
            yield PairChunk(originals[part], part, np.full(len(part), len(pairs.rules), np.int16))

    return CandidatePairs((*pairs.rules, IDENTICAL), make)


def share_with_copies(scores: ScoredPairs, originals: Rows, link_at: int) -> ScoredPairs:
    """Give copies that do not link to their original the original's other pairs: equal records have equal evidence.

    Examples
    --------
    >>> import numpy as np
    >>> scores = ScoredPairs(np.array([0, 0], np.int32), np.array([1, 2], np.int32), np.array([5, 9]), np.zeros(2, np.int8),
    ...                      np.array([1, 0], np.int16), np.zeros((2, 1), np.int8), ("city",), ("city", IDENTICAL))
    >>> shared = share_with_copies(scores, np.array([0, 0, 2], np.int32), link_at=8)
    >>> list(zip(shared.left.tolist(), shared.right.tolist(), shared.weight.tolist()))
    [(0, 1, 5), (0, 2, 9), (1, 2, 9)]
    """
    copies = np.flatnonzero(originals != np.arange(len(originals)))
    own = scores.rule == len(scores.rules) - 1
    linked = np.zeros(len(originals), bool)
    linked[scores.right[own & (scores.weight >= link_at)]] = True
    lonely = copies[~linked[copies]]
    if not len(lonely):
        return scores
    pair_of, other = _incident(scores, own)
    order = np.argsort(pair_of, kind="stable")
    pair_of, other, at = pair_of[order], other[order], np.tile(np.flatnonzero(~own), 2)[order]
    start, stop = np.searchsorted(pair_of, originals[lonely]), np.searchsorted(pair_of, originals[lonely], side="right")
    count = stop - start
    take = np.repeat(start, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    copy, partner = np.repeat(lonely, count), other[take]
    extra = scores.take(at[take])
    left, right = np.minimum(copy, partner).astype(np.int32), np.maximum(copy, partner).astype(np.int32)
    joined = ScoredPairs(
        np.concatenate([scores.left, left]),
        np.concatenate([scores.right, right]),
        np.concatenate([scores.weight, extra.weight]),
        np.concatenate([scores.tier, extra.tier]),
        np.concatenate([scores.rule, extra.rule]),
        np.concatenate([scores.levels, extra.levels]),
        scores.comparisons,
        scores.rules,
    )
    return joined.take(np.lexsort((joined.right, joined.left)))


def _incident(scores: ScoredPairs, own: npt.NDArray[np.bool_]) -> tuple[Rows, Rows]:
    """(row, partner) both ways for all pairs that are no copies."""
    left, right = scores.left[~own], scores.right[~own]
    return np.concatenate([left, right]), np.concatenate([right, left])
