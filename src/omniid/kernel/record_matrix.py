"""The record matrix: all that a pair is screened by, row by row, so that one look at a record brings everything.

To fetch a row from memory takes as long as to compare hundreds of codes. A piece of a blocking rule therefore loads each of its
records once, and its pairs look up what they need in the few rows that were loaded.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes, Finder, Rows, Screen

__all__ = ["BYTE", "NearRecords", "RecordMatrix", "Workspace"]

BYTE = 8  # comparisons or rules whose agreements fit one byte
LINE = 64  # bytes of memory that are fetched at a time
AT_HAND = 4096  # rows loaded at a time, so that they stay in the nearest caches until all columns are written
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
# Per eight comparisons a state per pair: bit k, the codes of comparison k are equal; bit 8 + k, one of them is missing; both
# bits: the values differ by more than one edit.
States = list[npt.NDArray[np.uint16]]


class Workspace:
    """Arrays that one thread uses again and again: to ask the system for fresh memory costs more than to fill it."""

    def __init__(self) -> None:
        self._kept: dict[str, npt.NDArray[Any]] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """An array of this shape, holding whatever was left in it."""
        size = math.prod(shape)
        kept = self._kept.get(name)
        if kept is None or len(kept) < size or kept.dtype != dtype:
            kept = self._kept[name] = np.empty(max(size, 1) * 5 // 4, dtype)
        return kept[:size].reshape(shape)


class NearRecords:
    """Records loaded from a matrix, to be looked up by position; they hold until the same thread loads others.

    Parameters
    ----------
    columns
        What was loaded, each column in a place of its own.
    ends
        Per eight comparisons, the bits of those that have hashed ends.
    space
        The thread's own.
    """

    def __init__(self, columns: Mapping[str, npt.NDArray[Any]], ends: Sequence[int], space: Workspace) -> None:
        self._columns, self._ends, self._space = columns, ends, space

    def column(self, name: str) -> npt.NDArray[Any]:
        """One column of the loaded rows."""
        return self._columns[name]

    def states(self, left: Places, right: Places) -> States:
        """Compare the codes of pairs by all comparisons.

        Parameters
        ----------
        left, right
            Positions of pair i's records among those loaded.
        """
        states = []
        for byte, ends in enumerate(self._ends):
            same = self._equal(f"codes {byte}", left, right)[:, 0]
            missing = self._either(f"absent {byte}", left, right)
            if ends:
                near_one = self._equal(f"ends {byte}", left, right)
                loose = self._either(f"loose {byte}", left, right)
                far = ~(near_one[:, 0] | near_one[:, 1] | loose | missing | same) & np.uint8(ends)
                missing, same = missing | far, same | far
            states.append((missing.astype(np.uint16) << np.uint16(BYTE)) | same)
        return states

    def rules(self, byte: int, left: Places, right: Places) -> Bytes:
        """Which of eight rules hold for pairs, by the codes of those that have one: bit j for rule j."""
        return self._equal(f"keys {byte}", left, right)[:, 0]

    def _either(self, name: str, left: Places, right: Places) -> Bytes:
        """The bits that one of two records has."""
        values = self.column(name)
        found: Bytes = values.take(left, mode="clip") | values.take(right, mode="clip")
        return found

    def _equal(self, name: str, left: Places, right: Places) -> Bytes:
        """Which entries of a column's rows agree: a bit each, eight to a byte."""
        values = self.column(name)
        shape = len(left), values.shape[1]
        one, other = (self._space.array(f"{side} {values.dtype}", shape, values.dtype) for side in ("one", "other"))
        values.take(left, axis=0, out=one, mode="clip")
        values.take(right, axis=0, out=other, mode="clip")
        equal = self._space.array("equal", shape, np.bool_)
        np.equal(one, other, out=equal)
        return np.packbits(equal.ravel(), bitorder="little").reshape(shape[0], shape[1] // BYTE)


class RecordMatrix:
    """One row per record: codes of all comparisons and of all rules that one code expresses, and further numbers.

    A missing code is a negative number of the record's own, so that equality needs no mask.

    Parameters
    ----------
    n_rows
        Number of records.
    screens
        One per comparison.
    finders
        The blocking rules; only those with a `key` get a column.
    numbers
        Further columns, one int32 per row.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> screen = SimpleNamespace(codes=np.array([4, 4, -1], np.int32), ends=None)
    >>> matrix = RecordMatrix(3, [screen], [], {"size": np.array([7, 8, 9], np.int32)})
    >>> near = matrix.load(np.array([2, 0, 1], np.int32), Workspace())
    >>> [bin(state & 0b1_0000_0001) for state in near.states(np.array([1, 1]), np.array([2, 0]))[0].tolist()]
    ['0b1', '0b100000000']
    >>> near.column("size").tolist()
    [9, 7, 8]
    """

    def __init__(
        self, n_rows: int, screens: Sequence[Screen], finders: Sequence[Finder], numbers: Mapping[str, npt.NDArray[np.int32]]
    ) -> None:
        keys = [finder.key for finder in finders]
        self.rule_column = _columns(keys)
        eights = [screens[first : first + BYTE] for first in range(0, max(len(screens), 1), BYTE)]
        self._ends = [sum(1 << bit for bit, screen in enumerate(some) if screen.ends is not None) for some in eights]
        n_key_bytes = -(-sum(key is not None for key in keys) // BYTE)
        self._rows = np.zeros(n_rows, _layout(self._ends, n_key_bytes, numbers))
        for start in range(0, n_rows, AT_HAND):
            part = slice(start, start + AT_HAND)
            for byte, some in enumerate(eights):
                self._fill(byte, some, part)
            for key, place in zip(keys, self.rule_column, strict=True):
                if key is not None and place is not None:
                    self._rows[f"keys {place // BYTE}"][part, place % BYTE] = key[part]
            for name, values in numbers.items():
                self._rows[name][part] = values[part]

    def load(self, rows: Rows, space: Workspace) -> NearRecords:
        """Fetch records, and put each column into a place of its own while their rows are still at hand."""
        whole = self._rows.dtype
        kinds = {name: whole[name] for name in whole.names or ()}
        near = {name: space.array(f"near {name}", (len(rows), *kind.shape), kind.base) for name, kind in kinds.items()}
        for start in range(0, len(rows), AT_HAND):
            part = rows[start : start + AT_HAND]
            taken = space.array("taken", (len(part),), whole)
            self._rows.take(part, out=taken, mode="clip")
            for name, column in near.items():
                column[start : start + AT_HAND] = taken[name]
        return NearRecords(near, self._ends, space)

    def _fill(self, byte: int, screens: Sequence[Screen], part: slice) -> None:
        """Write down what up to eight comparisons are screened by, for some rows, while these are at hand."""
        rows = self._rows[part]
        absent = np.zeros(len(rows), np.uint8)
        alone = np.arange(-1 - part.start, -1 - part.start - len(rows), -1, dtype=np.int32)
        for bit, screen in enumerate(screens):
            sent = screen.codes[part]
            missing = sent < 0
            rows[f"codes {byte}"][:, bit] = np.where(missing, alone, sent)
            absent |= missing.astype(np.uint8) << np.uint8(bit)
            if screen.ends is not None:
                ends = rows[f"ends {byte}"]
                ends[:, bit], ends[:, BYTE + bit] = screen.ends.codes[part].T
                rows[f"loose {byte}"] |= screen.ends.loose[part].astype(np.uint8) << np.uint8(bit)
        rows[f"absent {byte}"] = absent


def _layout(ends: Sequence[int], n_key_bytes: int, numbers: Mapping[str, Any]) -> np.dtype[np.void]:
    """Where everything stands in a row; rows begin where lines of memory do."""
    fields: list[tuple[str, str, tuple[int, ...]]] = [(f"codes {byte}", "i4", (BYTE,)) for byte in range(len(ends))]
    fields += [(name, "i4", ()) for name in numbers]
    fields += [(f"ends {byte}", "u1", (2 * BYTE,)) for byte, there in enumerate(ends) if there]
    fields += [(f"{name} {byte}", "u1", ()) for byte in range(len(ends)) for name in ("absent", "loose")]
    fields += [(f"keys {byte}", "i4", (BYTE,)) for byte in range(n_key_bytes)]
    names, kinds = [field[0] for field in fields], [np.dtype(field[1:]) for field in fields]
    starts = np.cumsum([0, *(-(-kind.itemsize // 4) * 4 for kind in kinds)]).tolist()
    size = -(-starts[-1] // LINE) * LINE
    return np.dtype({"names": names, "formats": kinds, "offsets": starts[:-1], "itemsize": size})


def _columns(keys: Sequence[Codes | None]) -> list[int | None]:
    """The column of each rule among those that have one."""
    columns: list[int | None] = []
    for key in keys:
        columns.append(None if key is None else sum(column is not None for column in columns))
    return columns
