"""The record matrix: every code that a pair is compared by, row by row, so that one look a side tells all agreements."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes, Finder, Rows, Screen

__all__ = ["BYTE", "Agreements", "RecordMatrix", "Workspace"]

BYTE = 8  # comparisons or rules whose agreements fit one byte
Bytes = npt.NDArray[np.uint8]


class Agreements(NamedTuple):
    """What the codes of pairs tell: per eight comparisons a state, per eight rules a byte.

    Parameters
    ----------
    states
        uint16 per pair: bit k, the codes of comparison k are equal; bit 8 + k, one of them is missing; both bits: the values
        differ by more than one edit.
    rules
        uint8 per pair: bit j, rule j holds.
    """

    states: list[npt.NDArray[np.uint16]]
    rules: list[Bytes]


class Workspace:
    """Arrays that one thread uses again and again: to ask the system for fresh memory costs more than to fill it."""

    def __init__(self) -> None:
        self._kept: dict[str, npt.NDArray[Any]] = {}

    def array(self, name: str, shape: tuple[int, int], dtype: type[np.generic]) -> npt.NDArray[Any]:
        """An array of this shape, holding whatever was left in it."""
        kept = self._kept.get(name)
        size = shape[0] * shape[1]
        if kept is None or len(kept) < size:
            kept = self._kept[name] = np.empty(max(size, 1) * 5 // 4, dtype)
        return kept[:size].reshape(shape)

    def equal_columns(
        self, values: npt.NDArray[Any], rows: Rows, left: npt.NDArray[np.intp], right: npt.NDArray[np.intp]
    ) -> Bytes:
        """Which columns of a matrix agree, for pairs of positions in `rows`: a bit each, eight to a byte."""
        width, kind = values.shape[1], values.dtype
        near, one, other = (
            self.array(f"{name} {kind}", (size, width), kind.type)
            for name, size in (("near", len(rows)), ("one", len(left)), ("other", len(left)))
        )
        values.take(rows, axis=0, out=near, mode="clip")
        near.take(left, axis=0, out=one, mode="clip")
        near.take(right, axis=0, out=other, mode="clip")
        equal = self.array("equal", (len(left), width), np.bool_)
        np.equal(one, other, out=equal)
        return np.packbits(equal.ravel(), bitorder="little").reshape(len(left), width // BYTE)


class RecordMatrix:
    """Codes of all comparisons and of all rules that one code expresses, one int32 row per record.

    A missing code is a negative number of the record's own, so that equality needs no mask.

    Parameters
    ----------
    n_rows
        Number of records.
    screens
        One per comparison.
    finders
        The blocking rules; only those with a `key` get a column.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> screen = SimpleNamespace(codes=np.array([4, 4, -1], np.int32), ends=None)
    >>> matrix = RecordMatrix(3, [screen], [])
    >>> rows, left, right = np.arange(3, dtype=np.int32), np.array([0, 0]), np.array([1, 2])
    >>> [bin(state & 0b1_0000_0001) for state in matrix.agreements(rows, left, right, Workspace()).states[0].tolist()]
    ['0b1', '0b100000000']
    """

    def __init__(self, n_rows: int, screens: Sequence[Screen], finders: Sequence[Finder]) -> None:
        keys = [finder.key for finder in finders]
        self.rule_column = _places(keys)
        self.n_states = max(-(-len(screens) // BYTE), 1)
        self._values = np.zeros((n_rows, BYTE * self.n_states), np.int32)
        self._absent = [np.zeros(n_rows, np.uint8) for _ in range(self.n_states)]
        alone = np.arange(-1, -n_rows - 1, -1, dtype=np.int32)
        for number, screen in enumerate(screens):
            missing = screen.codes < 0
            self._values[:, number] = np.where(missing, alone, screen.codes)
            self._absent[number // BYTE] |= missing.astype(np.uint8) << np.uint8(number % BYTE)
        self._ends = [_end_bytes(screens[first : first + BYTE], n_rows) for first in range(0, BYTE * self.n_states, BYTE)]
        self._keys = [np.zeros((n_rows, BYTE), np.int32) for _ in range(-(-sum(key is not None for key in keys) // BYTE))]
        for key, place in zip(keys, self.rule_column, strict=True):
            if key is not None and place is not None:
                self._keys[place // BYTE][:, place % BYTE] = key

    def agreements(
        self, rows: Rows, left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], space: Workspace, *, rule_bytes: int = 0
    ) -> Agreements:
        """Compare the codes of pairs.

        Parameters
        ----------
        rows
            Records that the pairs are made of.
        left, right
            Positions in `rows`.
        space
            The calling thread's own.
        rule_bytes
            Of how many rules to compare the codes, in eights.
        """
        packed = space.equal_columns(self._values, rows, left, right)
        states = []
        for byte, absent in enumerate(self._absent):
            missing, same = absent.take(rows), packed[:, byte]
            missing = missing.take(left) | missing.take(right)
            if (ends := self._ends[byte]) is not None:
                far = ends.far(rows, left, right, space) & ~(missing | same)
                missing, same = missing | far, same | far
            states.append((missing.astype(np.uint16) << np.uint16(BYTE)) | same)
        return Agreements(states, [space.equal_columns(keys, rows, left, right)[:, 0] for keys in self._keys[:rule_bytes]])


class _EndBytes(NamedTuple):
    """Hashed ends for up to eight comparisons: first the beginnings of all, then the ends; which have them; loose rows."""

    codes: Bytes
    loose: Bytes
    present: np.uint8

    def far(self, rows: Rows, left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], space: Workspace) -> Bytes:
        """Per pair, the comparisons of which both ends differ."""
        packed = space.equal_columns(self.codes, rows, left, right)
        loose = self.loose.take(rows)
        near_one = packed[:, 0] | packed[:, 1] | loose.take(left) | loose.take(right)
        return np.asarray(~near_one & self.present, np.uint8)


def _end_bytes(screens: Sequence[Screen], n_rows: int) -> _EndBytes | None:
    """The hashed ends of up to eight comparisons; None where none has any."""
    codes, loose, present = np.zeros((n_rows, 2 * BYTE), np.uint8), np.zeros(n_rows, np.uint8), 0
    for bit, screen in enumerate(screens):
        if screen.ends is not None:
            codes[:, bit], codes[:, BYTE + bit] = screen.ends.codes.T
            loose |= screen.ends.loose.astype(np.uint8) << np.uint8(bit)
            present |= 1 << bit
    return _EndBytes(codes, loose, np.uint8(present)) if present else None


def _places(keys: Sequence[Codes | None]) -> list[int | None]:
    """The column of each rule among those that have one."""
    places: list[int | None] = []
    for key in keys:
        places.append(None if key is None else sum(place is not None for place in places))
    return places
