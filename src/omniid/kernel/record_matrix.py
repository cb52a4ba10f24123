"""The record matrix: the codes that a pair is screened by, row by row, so that one look at a record brings them all.

To fetch a value from memory takes as long as to compare hundreds of codes. A piece of a blocking rule therefore loads each of
its records once, and its pairs look up what they need in the few rows that were loaded. The matrix has 4 bytes per code and
nothing else.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes, Ends, Finder, Rows, Screen

__all__ = ["BYTE", "NearRecords", "RecordMatrix", "ShortCodes", "Workspace"]

BYTE = 8  # comparisons or rules whose agreements fit one byte
AT_HAND = 4096  # rows loaded at a time, so that they stay in the nearest caches until all their columns are written
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


class ShortCodes(NamedTuple):
    """Hashed codes of a few records: different ones may be equal here, equal ones are.

    Parameters
    ----------
    codes
        uint8 of shape (comparisons, rows), 0 where the code is missing, and only there.
    ends
        uint8 of shape (2 x comparisons with ends, rows): of each its first end, then its last one.
    loose
        bool of shape (comparisons with ends, rows): they tell nothing.
    """

    codes: Bytes
    ends: Bytes
    loose: npt.NDArray[np.bool_]


class NearRecords(NamedTuple):
    """The matrix of a few records, to be looked up by position; it holds until the same thread loads others.

    Parameters
    ----------
    codes
        int32 of shape (rows, 8 x bytes): per comparison a code; a missing one is a negative number of the row's own, so that
        equality needs no mask.
    absent
        uint8 of shape (rows, bytes): the bits of the comparisons whose code is missing.
    ends, loose
        uint8 of shapes (rows, 16 x bytes) and (rows, bytes): hashed ends, the first ones of eight comparisons before their last
        ones, and the bits of those that tell nothing.
    keys
        int32 of shape (rows, 8 x bytes of rules): a code per rule that one code expresses.
    with_ends
        Per byte, the bits of the comparisons that have ends.
    space
        The thread's own.
    """

    codes: Codes
    absent: Bytes
    ends: Bytes
    loose: Bytes
    keys: Codes
    with_ends: Bytes
    space: Workspace

    def states(self, left: Places, right: Places) -> States:
        """Compare the codes of pairs by all comparisons.

        Parameters
        ----------
        left, right
            Positions of pair i's records among those loaded.
        """
        same = self._equal(self.codes, left, right)
        missing = _either(self.absent, left, right)
        if self.with_ends.any():
            near = self._equal(self.ends, left, right)
            far = ~(near[:, ::2] | near[:, 1::2] | _either(self.loose, left, right) | missing | same) & self.with_ends
            missing, same = missing | far, same | far
        found = (missing.astype(np.uint16) << np.uint16(BYTE)) | same
        return list(np.ascontiguousarray(found.T))

    def rules(self, left: Places, right: Places) -> Bytes:
        """Which rules hold for pairs, by the codes of those that have one: bit j of byte k for rule 8 k + j."""
        return self._equal(self.keys, left, right)

    def _equal(self, values: npt.NDArray[Any], left: Places, right: Places) -> Bytes:
        """Which entries of two rows agree: a bit each, eight to a byte."""
        shape = len(left), values.shape[1]
        one, other = (self.space.array(f"{side} {values.dtype}", shape, values.dtype) for side in ("one", "other"))
        values.take(left, axis=0, out=one, mode="clip")
        values.take(right, axis=0, out=other, mode="clip")
        equal = self.space.array("equal", shape, np.bool_)
        np.equal(one, other, out=equal)
        return np.packbits(equal.ravel(), bitorder="little").reshape(shape[0], shape[1] // BYTE)


class RecordMatrix:
    """Codes of all comparisons and of all rules that one code expresses, to be loaded for a few records.

    Parameters
    ----------
    screens
        One per comparison.
    finders
        The blocking rules; only those with a `key` get a column.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> screen = SimpleNamespace(codes=np.array([4, 4, -1], np.int32), ends=None)
    >>> matrix = RecordMatrix([screen], [])
    >>> near = matrix.load(np.array([2, 0, 1], np.int32), Workspace(), 0)
    >>> [bin(state & 0b1_0000_0001) for state in near.states(np.array([1, 1]), np.array([2, 0]))[0].tolist()]
    ['0b1', '0b100000000']
    """

    def __init__(self, screens: Sequence[Screen], finders: Sequence[Finder]) -> None:
        keys = [finder.key for finder in finders if finder.key is not None]
        self._n_screens, self._n_bytes = len(screens), max(-(-len(screens) // BYTE), 1)
        self._with_ends = np.zeros(self._n_bytes, np.uint8)
        for number, screen in enumerate(screens):
            self._with_ends[number // BYTE] |= np.uint8((screen.ends is not None) << number % BYTE)
        ends = [screen.ends for screen in screens if screen.ends is not None]
        self._first_key, self._first_end = len(screens), len(screens) + len(keys)
        columns = [*(screen.codes for screen in screens), *keys]
        n_rows = max(map(len, columns), default=0)
        own = np.arange(-1, -1 - n_rows, -1, dtype=np.int32)  # a number per row for what it lacks
        self._rows = np.empty((n_rows, len(columns) + len(ends)), np.int32)
        for start in range(0, n_rows, AT_HAND):
            part = slice(start, start + AT_HAND)
            for place, column in enumerate(columns):
                self._rows[part, place] = np.where(column[part] < 0, own[part], column[part])
            for place, end in enumerate(ends, len(columns)):
                self._rows[part, place] = _packed(end, part)

    def load(self, rows: Rows, space: Workspace, rules: int) -> NearRecords:
        """Bring the codes of a few records side by side, and those of the first `rules` rules that one code expresses."""
        n, n_bytes = len(rows), self._n_bytes
        near = NearRecords(
            space.array("codes", (n, n_bytes * BYTE), np.int32),
            space.array("absent", (n, n_bytes), np.uint8),
            space.array("ends", (n, 2 * n_bytes * BYTE), np.uint8),
            space.array("loose", (n, n_bytes), np.uint8),
            space.array("keys", (n, -(-rules // BYTE) * BYTE), np.int32),
            self._with_ends,
            space,
        )
        for start in range(0, n, AT_HAND):
            part = slice(start, min(start + AT_HAND, n))
            taken = space.array("taken", (part.stop - start, self._rows.shape[1]), np.int32)
            self._rows.take(rows[part], axis=0, out=taken, mode="clip")
            self._fill(near, part, taken, rules)
        return near

    def short_codes(self, rows: Rows) -> "ShortCodes":
        """A byte per code and end of a few records, comparison by comparison."""
        taken = self._rows.take(rows, axis=0, mode="clip")
        codes, ends = taken[:, : self._n_screens].T, taken[:, self._first_end :].T
        short = np.maximum(codes.astype(np.uint8), 1)
        short[codes < 0] = 0
        both = np.stack([ends.astype(np.uint8), (ends >> 8).astype(np.uint8)], axis=1).reshape(2 * len(ends), len(rows))
        return ShortCodes(short, both, (ends >> 16).astype(np.bool_))

    def _fill(self, near: NearRecords, part: slice, taken: Codes, rules: int) -> None:
        """Write down what was taken, while it is at hand."""
        codes, ends, loose, keys = near.codes[part], near.ends[part], near.loose[part], near.keys[part]
        codes[:, : self._n_screens] = taken[:, : self._n_screens]
        codes[:, self._n_screens :] = ends[:] = loose[:] = 0
        near.absent[part] = np.packbits((codes < 0).ravel(), bitorder="little").reshape(len(taken), self._n_bytes)
        keys[:, :rules], keys[:, rules:] = taken[:, self._first_key : self._first_key + rules], 0
        place = self._first_end
        for number in range(self._n_screens):
            byte, bit = divmod(number, BYTE)
            if self._with_ends[byte] >> bit & 1:
                both = taken[:, place]
                ends[:, 2 * BYTE * byte + bit] = both & 0xFF
                ends[:, 2 * BYTE * byte + BYTE + bit] = both >> 8 & 0xFF
                loose[:, byte] |= (both >> 16).astype(np.uint8) << np.uint8(bit)
                place += 1


def _packed(ends: Ends, part: slice) -> Codes:
    """Both ends of some rows and whether they are loose, as one number."""
    both = ends.loose[part].astype(np.int32) << np.int32(16)
    both |= ends.codes[part, 1].astype(np.int32) << np.int32(8)
    both |= ends.codes[part, 0]
    return both


def _either(values: Bytes, left: Places, right: Places) -> Bytes:
    """The bits that one of two rows has."""
    found: Bytes = values.take(left, axis=0, mode="clip") | values.take(right, axis=0, mode="clip")
    return found
