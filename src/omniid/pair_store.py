"""Scored pairs on their way from the stages that find them to one sorted table: in memory, or on disk when they outgrow it."""

import mmap
import os
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from omniid.key_order import order_of
from omniid.tables import ScoredPairs

__all__ = ["PairStore", "drop_pages", "sorted_pairs"]

# Columns in the order in which a file holds them, the widest first, so that each begins where its numbers may begin.
COLUMNS = {"weight": np.int64, "left": np.int32, "right": np.int32, "rule": np.int16, "tier": np.int8, "levels": np.int8}
TOGETHER = 3  # times its own bytes that a lot takes while it is sorted: as it came, its order, and sorted
FILES = 64  # runs on disk; so many are merged into one, so that none runs out of file handles
DELETES_MAPPED = os.name == "posix"  # whether a file may be deleted while it is mapped, and lives on until it is let go
Names = tuple[str, ...]


def sorted_pairs(lots: list[ScoredPairs], comparisons: Names, rules: Names) -> ScoredPairs:
    """Return several lots of pairs as one, sorted by (left, right).

    Parameters
    ----------
    lots
        Pairs, no pair twice; the list is emptied, so that each column makes room for the next.
    comparisons, rules
        Names that `levels` and `rule` point to.

    Examples
    --------
    >>> lots = [ScoredPairs.empty(("city",), ("city",))]
    >>> len(sorted_pairs(lots, ("city",), ("city",))), lots
    (0, [])
    """
    lots.append(ScoredPairs.empty(comparisons, rules))
    parts: dict[str, list[npt.NDArray[Any]]] = {name: [getattr(lot, name) for lot in lots] for name in COLUMNS}
    lots.clear()
    order = order_of(np.concatenate(parts["left"]), np.concatenate(parts["right"]))
    columns = {name: np.concatenate(parts.pop(name)).take(order, axis=0) for name in COLUMNS}
    return ScoredPairs(**columns, comparisons=comparisons, rules=rules)


class PairStore:
    """Collects lots of scored pairs and hands them out as one sorted table.

    While they fit, they stay in memory. Beyond that they are sorted and written to a temporary folder run by run; in the end
    the runs are merged piece by piece, and the table comes back mapped from disk. Both ways give the same table. Nothing stays
    on disk once the store is closed and the table is let go, also after an error.

    Parameters
    ----------
    comparisons, rules
        Names that the levels and rules of the pairs point to.
    at_most
        Bytes of memory; None keeps everything in memory.

    References
    ----------
    Sorted runs and their merge are external sorting: Knuth, "The Art of Computer Programming" vol. 3, section 5.4.

    Attributes
    ----------
    most
        Pairs that fit into `at_most`; None without it.
    spilled
        Bytes of pairs that went to disk.

    Examples
    --------
    >>> rows, none = np.array([1, 0], np.int32), np.zeros(2, np.int8)
    >>> lot = ScoredPairs(rows, rows + 1, np.array([5, 9]), none, none.astype(np.int16), none[:, None], ("city",), ("city",))
    >>> with PairStore(("city",), ("city",), at_most=1) as store:
    ...     store.add(lot)
    ...     found = store.joined()
    >>> found.left.tolist(), found.weight.tolist(), store.spilled
    ([0, 1], [9, 5], 40)
    """

    def __init__(self, comparisons: Names, rules: Names, *, at_most: int | None = None) -> None:
        self._names = (comparisons, rules)
        width = sum(np.dtype(kind).itemsize for kind in COLUMNS.values()) + len(comparisons) - 1
        self._n_files = 0
        self.most = None if at_most is None else max(at_most // (TOGETHER * width), 1)
        self._waiting: list[ScoredPairs] = []
        self._n_waiting = 0
        self._runs: list[ScoredPairs] = []
        self._folder: TemporaryDirectory[str] | None = None
        self.spilled = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._waiting, self._runs = [], []
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, pairs: ScoredPairs) -> None:
        """Take in some pairs, none of which was there before."""
        if not len(pairs):
            return
        self._waiting.append(pairs)
        self._n_waiting += len(pairs)
        if self.most is not None and self._n_waiting >= self.most:
            self._spill()

    def lots(self) -> list[ScoredPairs]:
        """All pairs taken in so far, lot by lot, in no particular order; once some are on disk, all are put there."""
        if self._runs and self._waiting:
            self._spill()
        return [*self._runs, *self._waiting]

    def joined(self) -> ScoredPairs:
        """All pairs, sorted by (left, right); the store is empty then."""
        if not self._runs:
            self._n_waiting = 0
            return sorted_pairs(self._waiting, *self._names)
        if self._waiting:
            self._spill()
        table = self._runs[0] if len(self._runs) == 1 else self._merged()
        self._runs = []
        self._let_go(table)
        return table

    def _spill(self) -> None:
        """Write what waits as a sorted run."""
        run = sorted_pairs(self._waiting, *self._names)
        self._n_waiting = 0
        if len(self._runs) == FILES:
            self._runs = [self._merged()]
        self._runs.append(self._written(len(run), [run]))
        self.spilled += sum(getattr(run, name).nbytes for name in COLUMNS)

    def _merged(self) -> ScoredPairs:
        """The runs as one, made piece by piece: from each run the pairs between the same two keys."""
        return self._written(sum(map(len, self._runs)), self._pieces())

    def _pieces(self) -> Iterator[ScoredPairs]:
        begin = [0] * len(self._runs)
        for end in [*_cuts(self._runs, self.most or 1), [len(run) for run in self._runs]]:
            spans = zip(self._runs, begin, end, strict=True)
            yield sorted_pairs([_part(run, *span) for run, *span in spans if span[0] < span[1]], *self._names)
            for run in self._runs:
                drop_pages(run)
            begin = end

    def _written(self, size: int, pieces: Iterable[ScoredPairs]) -> ScoredPairs:
        """Pairs that follow each other, written to one file, column after column, and mapped."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="omniid-", ignore_cleanup_errors=True)
        path = Path(self._folder.name, f"{self._n_files}.pairs")
        self._n_files += 1
        comparisons, rules = self._names
        shapes = {name: (size, len(comparisons)) if name == "levels" else (size,) for name in COLUMNS}
        begins, at, written = dict[str, int](), 0, 0
        for name, kind in COLUMNS.items():
            begins[name], at = at, at + int(np.prod(shapes[name])) * np.dtype(kind).itemsize
        with path.open("wb") as file:
            file.truncate(max(at, 1))
            for piece in pieces:
                for name, begin in begins.items():
                    column = np.ascontiguousarray(getattr(piece, name))
                    file.seek(begin + written * (column.nbytes // max(len(piece), 1)))
                    column.tofile(file)
                written += len(piece)
        held = np.memmap(path, np.uint8, "r")
        columns = {
            name: np.frombuffer(held, kind, int(np.prod(shapes[name])), begins[name]).reshape(shapes[name])
            for name, kind in COLUMNS.items()
        }
        return ScoredPairs(**columns, comparisons=comparisons, rules=rules)

    def _let_go(self, table: ScoredPairs) -> None:
        """Leave the folder to a table that is mapped from it: it goes when the table goes."""
        folder, self._folder = self._folder, None
        held = _mapped(table)
        if folder is None or held is None:
            return
        if DELETES_MAPPED:
            folder.cleanup()
        else:
            weakref.finalize(held, folder.cleanup)


def drop_pages(pairs: ScoredPairs) -> None:
    """Let go of what has been read of pairs that are mapped from disk; what is read again is read from there again."""
    held = _mapped(pairs)
    if held is not None and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def _mapped(pairs: ScoredPairs) -> mmap.mmap | None:
    """What maps the pairs from disk; None where they are in memory."""
    base: Any = pairs.weight
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    return base if isinstance(base, mmap.mmap) else None


def _keys(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """One integer per pair, in the order of (left, right)."""
    return np.asarray((left.astype(np.int64) << 32) | right, np.int64)


def _part(pairs: ScoredPairs, start: int, stop: int) -> ScoredPairs:
    """Some of the pairs, not copied."""
    columns = {name: getattr(pairs, name)[start:stop] for name in COLUMNS}
    return ScoredPairs(**columns, comparisons=pairs.comparisons, rules=pairs.rules)


def _cuts(runs: list[ScoredPairs], most: int) -> list[list[int]]:
    """Positions in each of the sorted runs, the same key in all, between which lie at most about `most` pairs together."""
    step = max(most // (2 * len(runs)), 1)
    sampled = np.sort(np.concatenate([_keys(run.left[::step], run.right[::step]) for run in runs]))
    return [[_place(run, key) for run in runs] for key in sampled[len(runs) :: len(runs)].tolist()]


def _place(run: ScoredPairs, key: int) -> int:
    """How many pairs of a sorted run come before a key."""
    left, right = key >> 32, key & 0xFFFFFFFF
    start, stop = (int(np.searchsorted(run.left, np.int32(left), side)) for side in ("left", "right"))
    return start + int(np.searchsorted(run.right[start:stop], np.int32(right)))
