"""Agreement patterns: distinct comparison vectors with the number of pairs that have each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.errors import CancelledError
from omniid.tables import ComparisonVectors, Levels, Progress, Rows

__all__ = ["CompareRows", "Multiplicity", "Patterns", "count_patterns", "distinct_patterns", "self_pairs"]

CompareRows = Callable[[Rows, Rows], Levels]  # (left rows, right rows) -> levels, int8 of shape (pairs, comparisons)
Multiplicity = npt.NDArray[np.int64]  # how many identical records each row stands for

MERGE_AT = 500_000  # patterns of several chunks waiting to be merged: bounds memory, not the result
LARGEST_CODE = 2**62


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

    Each row becomes one integer, column by column; codes are made dense before they could overflow.

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
    if counts is None:
        _, first, number = np.unique(code, return_index=True, return_counts=True)
        return Patterns(levels[first], number.astype(np.int64))
    _, first, where = np.unique(code, return_index=True, return_inverse=True)
    total = np.zeros(len(first), np.int64)
    np.add.at(total, where, counts)
    return Patterns(levels[first], total)


def count_patterns(
    vectors: ComparisonVectors,
    *,
    multiplicity: Multiplicity | None = None,
    compare_rows: CompareRows | None = None,
    progress: Progress | None = None,
) -> Patterns:
    """Count the agreement patterns of all candidate pairs, chunk by chunk.

    Parameters
    ----------
    vectors
        Comparison vectors of the candidate pairs.
    multiplicity
        int64 per row: identical records that it stands for. A pair then counts left × right times, and a row that stands
        for c records adds its c(c-1)/2 pairs with itself, which `compare_rows` compares.
    compare_rows
        Compares given rows; needed with `multiplicity`.
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
    parts, waiting, done = [Patterns(np.zeros((0, width), np.int8), np.zeros(0, np.int64))], 0, 0
    for chunk in vectors:
        counts = None if multiplicity is None else multiplicity[chunk.left] * multiplicity[chunk.right]
        parts.append(distinct_patterns(chunk.levels, counts))
        waiting, done = waiting + len(parts[-1].counts), done + len(chunk.left)
        if waiting > MERGE_AT:
            parts, waiting = [_merge(parts)], 0
        if progress is not None and progress("fit", done, 0) is False:
            raise CancelledError(f"fitting was cancelled by the progress callback after {done:,} pairs")
    if multiplicity is not None and compare_rows is not None:
        rows, counts = self_pairs(multiplicity)
        if len(rows):
            parts.append(distinct_patterns(compare_rows(rows, rows), counts))
    return _merge(parts)


def self_pairs(multiplicity: Multiplicity) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Rows that stand for c > 1 identical records, and the c(c-1)/2 pairs among them.

    Examples
    --------
    >>> rows, pairs = self_pairs(np.array([1, 3, 2]))
    >>> rows.tolist(), pairs.tolist()
    ([1, 2], [3, 1])
    """
    rows = np.flatnonzero(multiplicity > 1).astype(np.int32)
    copies = multiplicity[rows]
    return rows, copies * (copies - 1) // 2


def _merge(parts: Iterable[Patterns]) -> Patterns:
    """Add up the counts of several sets of patterns."""
    parts = list(parts)
    return distinct_patterns(np.concatenate([part.levels for part in parts]), np.concatenate([part.counts for part in parts]))
