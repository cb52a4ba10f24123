"""Candidate pairs → comparison vectors, chunk by chunk."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from omniid.comparison.comparer import BATCH, PairComparer
from omniid.comparison.comparisons import Comparison
from omniid.errors import CancelledError
from omniid.tables import (
    CandidatePairs,
    Column,
    ComparisonVectors,
    Levels,
    PairChunk,
    Progress,
    RecordTable,
    Rows,
    VectorChunk,
)
from omniid.tables.arrays import distinct

__all__ = ["compare", "compare_pairs", "compare_rows"]


def compare_rows(table: RecordTable, left: Rows, right: Rows, comparisons: Sequence[Comparison], *, workers: int = 1) -> Levels:
    """Levels of given row pairs.

    Only the values of these rows are read, so that explaining one pair of a large table is quick. For many calls on one
    table, make a `PairComparer`.

    Parameters
    ----------
    table
        Records after `normalize`.
    left, right
        Rows of pair i at position i, in any order.
    comparisons
        The columns of the result, in this order.
    workers
        Threads that grade comparisons of many pairs side by side; the levels do not depend on it.

    Returns
    -------
    numpy.ndarray
        int8 of shape (pairs, comparisons): -1 missing, 0 else, higher is closer.

    Raises
    ------
    SpecError
        As `PairComparer`.

    Examples
    --------
    >>> from omniid.comparison import birth_date
    >>> table = RecordTable.of([{"record_id": "1", "born": "1980-05-03"}, {"record_id": "2", "born": "1980-03-05"}])
    >>> comparison = birth_date("born")
    >>> level = compare_rows(table, np.array([0]), np.array([1]), [comparison])[0, 0]
    >>> comparison.traits.levels[level]
    'close'
    """
    rows, inverse = np.unique(np.concatenate([left, right]).astype(np.int32), return_inverse=True)
    needed = {field for comparison in comparisons for field in comparison.reads}
    columns = {name: _compact(column.take(rows)) for name, column in table.columns.items() if name in needed}
    few = RecordTable(
        table.sources,
        table.source[rows],
        table.record_id.take(rows),
        columns,
        columns,
        columns,
        table.time[rows],
        table.rejects,
    )
    return PairComparer(few, comparisons, workers=workers).levels(*np.split(inverse.astype(np.int32), [len(left)]))


def _compact(column: Column) -> Column:
    """The same values with a vocabulary of only those that occur."""
    used = distinct(column.codes[column.codes >= 0])
    renumber = np.full(len(column.vocabulary) + 1, -1, np.int32)
    renumber[used] = np.arange(len(used), dtype=np.int32)
    return Column(renumber[column.codes], column.vocabulary.take(used), column.offsets)


def compare(
    table: RecordTable,
    pairs: CandidatePairs,
    comparisons: Sequence[Comparison],
    *,
    workers: int = 1,
    keep_bytes: int = 256 << 20,
    progress: Progress | None = None,
) -> ComparisonVectors:
    """Comparison vectors of all candidate pairs.

    Nothing is computed before the first iteration. Chunks stay in memory after it if all of them fit into `keep_bytes`;
    otherwise each iteration compares again.

    Parameters
    ----------
    table
        Records after `normalize`.
    pairs
        Candidate pairs of rows of this table.
    comparisons
        Distinct names.
    workers
        Threads that grade comparisons of many pairs side by side; the levels do not depend on it.
    keep_bytes
        Largest memory, in bytes, that kept chunks may take; 0 keeps none.
    progress
        Called as ("compare", pairs done, 0) after each chunk, since the total is not known before; False cancels.

    Returns
    -------
    ComparisonVectors
        The pairs in the order of `pairs`, re-chunked.

    Raises
    ------
    SpecError
        As `PairComparer`.
    CancelledError
        From the iteration, if `progress` returned False.

    Examples
    --------
    >>> from omniid.comparison import phone
    >>> table = RecordTable.of([{"record_id": "1", "phone": "+79162000001"}, {"record_id": "2", "phone": "+79162000001"}])
    >>> chunk = PairChunk(np.array([0], np.int32), np.array([1], np.int32), np.array([0], np.int16))
    >>> vectors = compare(table, CandidatePairs(("phone",), lambda: iter([chunk])), [phone("phone")])
    >>> [chunk.levels.tolist() for chunk in vectors]
    [[[3]]]
    """
    return compare_pairs(PairComparer(table, comparisons, workers=workers), pairs, keep_bytes=keep_bytes, progress=progress)


def compare_pairs(
    comparer: PairComparer,
    pairs: CandidatePairs,
    *,
    keep_bytes: int = 256 << 20,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> ComparisonVectors:
    """Comparison vectors of all candidate pairs, as `compare` gives them, by comparisons that are ready already.

    Parameters
    ----------
    comparer
        Comparisons made ready for the table.
    pairs, keep_bytes, progress
        As for `compare`.
    batch
        About how many pairs to compare at a time; each takes some 150 bytes meanwhile.

    Returns
    -------
    ComparisonVectors
        The pairs in the order of `pairs`, re-chunked.

    Examples
    --------
    >>> from omniid.comparison import device
    >>> table = RecordTable.of([{"record_id": "1", "cookie": "x"}, {"record_id": "2", "cookie": "y"}])
    >>> chunk = PairChunk(np.array([0], np.int32), np.array([1], np.int32), np.array([0], np.int16))
    >>> vectors = compare_pairs(PairComparer(table, [device("cookie")]), CandidatePairs(("all",), lambda: iter([chunk])))
    >>> [chunk.levels.tolist() for chunk in vectors]
    [[[0]]]
    """
    kept: list[VectorChunk] | None = None

    def make() -> Iterator[VectorChunk]:
        nonlocal kept
        if kept is not None:
            yield from kept
            return
        keeping: list[VectorChunk] | None = []
        size = done = 0
        for left, right, rule in _batches(pairs, batch):
            chunk = VectorChunk(left, right, rule, comparer.levels(left, right))
            size += sum(array.nbytes for array in chunk)
            done += len(left)
            keeping = [*keeping, chunk] if keeping is not None and size <= keep_bytes else None
            if progress is not None and progress("compare", done, 0) is False:
                raise CancelledError(f"comparing was cancelled by the progress callback after {done} pairs")
            yield chunk
        kept = keeping

    n_levels = tuple(len(comparison.traits.levels) for comparison in comparer.comparisons)
    return ComparisonVectors(tuple(comparison.name for comparison in comparer.comparisons), n_levels, pairs.rules, make)


def _batches(pairs: Iterable[PairChunk], size: int) -> Iterator[PairChunk]:
    """The same pairs in the same order, small chunks put together to some `size` pairs."""
    waiting: list[PairChunk] = []
    for chunk in pairs:
        waiting.append(chunk)
        if sum(len(part.left) for part in waiting) >= size:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(chunks: list[PairChunk]) -> PairChunk:
    if len(chunks) == 1:
        return chunks[0]
    left, right, rule = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    return PairChunk(left, right, rule)
