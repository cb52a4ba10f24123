"""Agreement patterns: distinct comparison vectors with the number of pairs that have each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.errors import CancelledError
from omniid.tables import ComparisonVectors, Levels, Progress, Rows, VectorChunk

__all__ = ["CompareRows", "Patterns", "count_patterns", "distinct_patterns", "self_pairs"]

CompareRows = Callable[[Rows, Rows], Levels]  # (left rows, right rows) -> levels, int8 of shape (pairs, comparisons)

MERGE_AT = 500_000  # patterns of several chunks waiting to be merged: bounds memory, not the result
LARGEST_CODE = 2**62
COPIES = 120  # identical records that count at most: about as many as blocking lets meet, and a million say no more


@dataclass(frozen=True, eq=False)
class Patterns:
    """Agreement patterns in lexicographic order; all that EM ever sees of the pairs.

    Parameters
    ----------
    levels
        int8 of shape (patterns, comparisons), no row twice.
    counts
        int64, pairs that have each pattern.

    Examples
    --------
    >>> distinct_patterns(np.array([[1, 0], [-1, 2], [1, 0]], np.int8)).counts.tolist()
    [1, 2]
    """

    levels: Levels
    counts: npt.NDArray[np.int64]

    @property
    def pairs(self) -> int:
        """Number of pairs counted."""
        return int(self.counts.sum())


def distinct_patterns(levels: Levels, counts: npt.NDArray[np.int64] | None = None) -> Patterns:
    """Count equal rows of `levels`.

    Each row becomes one integer, column by column, so that sorting integers is all; where no integer could hold so many
    columns, codes are made dense in between.

    Parameters
    ----------
    levels
        int8 of shape (pairs, comparisons), missing as -1.
    counts
        int64 weight per row; None counts each row once.

    Returns
    -------
    Patterns

    Examples
    --------
    >>> distinct_patterns(np.array([[0], [0]], np.int8), np.array([2, 3])).counts.tolist()
    [5]
    """
    code, space = np.zeros(len(levels), np.int64), 1
    for column in levels.T:
        size = int(column.max(initial=-1)) + 2
        if space > LARGEST_CODE // size:
            distinct, code = np.unique(code, return_inverse=True)
            space = len(distinct)
        code = code * size + column + 1
        space *= size
    ordered = np.sort(code)
    start = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    where = np.searchsorted(ordered[start], code)
    example, total = np.zeros(len(start), np.intp), np.diff(np.append(start, len(ordered)))
    example[where] = np.arange(len(code))
    if counts is not None:
        total = np.zeros(len(start), np.int64)
        np.add.at(total, where, counts)
    return Patterns(levels.take(example, axis=0), total.astype(np.int64))


def count_patterns(
    vectors: ComparisonVectors,
    *,
    stands_for: int = 1,
    originals: Rows | None = None,
    compare_rows: CompareRows | None = None,
    progress: Progress | None = None,
) -> Patterns:
    """Count the agreement patterns of all candidate pairs, chunk by chunk.

    Parameters
    ----------
    vectors
        Comparison vectors of the candidate pairs.
    stands_for
        Candidate pairs that each pair of the vectors stands for, where they are a sample.
    originals
        int32 per row: the smallest row that is identical to it. A pair of originals then counts as often as there are pairs
        of records identical to the two, an original with c - 1 copies adds the c(c-1)/2 pairs among them, which
        `compare_rows` compares, and pairs of copies count nothing: as if all of them had been made. At most `COPIES` records
        count as identical, so that one record sent a million times does not drown all others.
    compare_rows
        Compares given rows; needed with `originals`.
    progress
        Called with ("fit", pairs so far, 0) after each chunk; returning False cancels.

    Returns
    -------
    Patterns
        The same for any chunk size and order of chunks.

    Raises
    ------
    CancelledError
        If `progress` returns False.
    """
    width = len(vectors.comparisons)
    records = None if originals is None else np.minimum(np.bincount(originals, minlength=len(originals)), COPIES)
    parts, waiting, done = [_none(width)], 0, 0
    for chunk in vectors:
        parts.append(_count_chunk(chunk, records))
        waiting, done = waiting + len(parts[-1].counts), done + len(chunk.left)
        if waiting > MERGE_AT:
            parts, waiting = [_merge(parts)], 0
        if progress is not None and progress("fit", done, 0) is False:
            raise CancelledError(f"fitting was cancelled by the progress callback after {done:,} pairs")
    made = _merge(parts)
    made = Patterns(made.levels, made.counts * stands_for)
    if records is None or compare_rows is None or not (records > 1).any():
        return made
    rows, counts = self_pairs(records)
    return _merge([made, distinct_patterns(compare_rows(rows, rows), counts)])


def _count_chunk(chunk: VectorChunk, records: npt.NDArray[np.int64] | None) -> Patterns:
    """Count a chunk's patterns; with the number of records behind each row, as often as these form pairs."""
    if records is None:
        return distinct_patterns(chunk.levels)
    counts = records.take(chunk.left) * records.take(chunk.right)
    kept = np.flatnonzero(counts)  # no record stands behind a copy, as its original speaks for it
    return distinct_patterns(chunk.levels[kept], counts[kept]) if len(kept) else _none(chunk.levels.shape[1])


def self_pairs(records: npt.NDArray[np.int64]) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Rows behind which c > 1 identical records stand, and the c(c-1)/2 pairs among them.

    Examples
    --------
    >>> rows, pairs = self_pairs(np.array([1, 3, 2]))
    >>> rows.tolist(), pairs.tolist()
    ([1, 2], [3, 1])
    """
    rows = np.flatnonzero(records > 1).astype(np.int32)
    size = records[rows]
    return rows, size * (size - 1) // 2


def _none(width: int) -> Patterns:
    """No patterns of so many comparisons."""
    return Patterns(np.zeros((0, width), np.int8), np.zeros(0, np.int64))


def _merge(parts: Sequence[Patterns]) -> Patterns:
    """Add up the counts of several sets of patterns."""
    return distinct_patterns(np.concatenate([part.levels for part in parts]), np.concatenate([part.counts for part in parts]))
