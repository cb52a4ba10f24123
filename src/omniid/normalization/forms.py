"""Results of a normaliser on distinct values, and columns made of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.ordering import rank_values
from omniid.tables import Codes, Column, NormalForm
from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar

__all__ = ["Entries", "Forms", "aligned", "by_context", "encode"]

Mask = npt.NDArray[np.bool_]

PIECE = 1 << 18  # values read at a time
MOST_FLAGS = 32  # flags per entry: above, sorting the entries is cheaper than a flag for every possible pair


class Forms(NamedTuple):
    """Normal form, display form and reason per distinct value, as nullable large_string arrays of one length."""

    value: pa.LargeStringArray
    display: pa.LargeStringArray
    reason: pa.LargeStringArray

    @classmethod
    def of(cls, forms: Sequence[NormalForm]) -> "Forms":
        """Turn normal forms, one per distinct value, into arrays.

        Examples
        --------
        >>> Forms.of([NormalForm("a", "A"), NormalForm(None)]).display.to_pylist()
        ['A', None]
        """
        return cls(*(text_array([form[part] for form in forms]) for part in range(3)))

    @classmethod
    def each(cls, scalar: Callable[[str], NormalForm], vocabulary: Iterable[str]) -> "Forms":
        """Apply a scalar normaliser to each distinct value.

        Examples
        --------
        >>> Forms.each(lambda value: NormalForm(value.lower(), value), ["A"]).value.to_pylist()
        ['a']
        """
        return cls.of([scalar(value) for value in vocabulary])

    @classmethod
    def in_pieces(cls, read: Callable[[slice], "Forms"], size: int) -> "Forms":
        """The forms of so many values, read some at a time: the memory that a piece takes serves the next one.

        Examples
        --------
        >>> Forms.in_pieces(lambda piece: Forms.of([NormalForm("a"), NormalForm("b")][piece]), 2).value.to_pylist()
        ['a', 'b']
        """
        parts = [read(slice(start, start + PIECE)) for start in range(0, max(size, 1), PIECE)]
        if len(parts) == 1:
            return parts[0]
        value = pa.concat_arrays([part.value for part in parts])
        is_shown = all(part.display is part.value for part in parts)
        display = value if is_shown else pa.concat_arrays([part.display for part in parts])
        return cls(value, display, pa.concat_arrays([part.reason for part in parts]))

    @classmethod
    def joined(cls, *parts: tuple[npt.NDArray[np.int64], "Forms"]) -> "Forms":
        """Put forms together that belong to the given positions, each position once.

        Examples
        --------
        >>> one, two = Forms.of([NormalForm("b"), NormalForm("c")]), Forms.of([NormalForm("a")])
        >>> Forms.joined((np.array([1, 2]), one), (np.array([0]), two)).value.to_pylist()
        ['a', 'b', 'c']
        """
        filled = [(rows, forms) for rows, forms in parts if len(rows)]
        if len(filled) == 1 and (np.diff(filled[0][0]) == 1).all():
            return filled[0][1]
        made: list[pa.LargeStringArray] = []
        for part in range(3):
            same = part == 1 and all(forms.display is forms.value for _, forms in filled)
            made.append(made[0] if same else _spread([(rows, forms[part]) for rows, forms in filled]))
        return cls(*made)

    def replaced(self, mask: pa.BooleanArray, others: "Forms") -> "Forms":
        """These forms, with `others` in order where `mask` is true."""
        return Forms(*(pc.replace_with_mask(mine, mask, other) for mine, other in zip(self, others, strict=True)))


def _spread(parts: Sequence[tuple[npt.NDArray[np.int64], pa.LargeStringArray]]) -> pa.LargeStringArray:
    """Values at their positions; those that are null throughout are not copied."""
    said = [(rows, values) for rows, values in parts if values.null_count < len(values)]
    size = sum(len(rows) for rows, _ in parts)
    if not said:
        return pa.nulls(size, pa.large_string())
    rows = np.concatenate([rows for rows, _ in said])
    order = np.full(size, -1, np.int64)
    order[rows] = np.arange(len(rows))
    pool = pa.concat_arrays([values for _, values in said]) if len(said) > 1 else said[0][1]
    present = None if len(rows) == size else order >= 0
    return pool.take(arrow_array(order, present=present))


def encode(codes: Codes, values: pa.LargeStringArray, offsets: npt.NDArray[np.int64] | None = None) -> Column:
    """Make a column of values that may repeat, be null or go unused.

    Its vocabulary is distinct, used and sorted by code point, so that codes don't depend on the order of rows.

    Parameters
    ----------
    codes
        int32, one per entry: a position in `values`, -1 where missing.
    values
        Nullable large_string array.
    offsets
        As in `Column`.

    Examples
    --------
    >>> column = encode(np.array([2, 0, 1, -1], np.int32), pa.array(["b", None, "a"], pa.large_string()))
    >>> column.codes.tolist(), column.vocabulary.to_pylist()
    ([0, 1, -1, -1], ['a', 'b'])
    """
    used = np.zeros(len(values) + 1, bool)
    used[codes] = True
    used[:-1] &= numpy_array(pc.binary_length(values)) > 0
    at = np.flatnonzero(used[:-1])
    seen = values if len(at) == len(values) else values.take(arrow_array(at))
    target = np.full(len(values) + 1, -1, np.int32)
    if pc.all(pc.less(seen[:-1], seen[1:])).as_py() is not False:  # sorted and distinct, as raw vocabularies mostly are
        target[at] = np.arange(len(at), dtype=np.int32)
        return Column(target[codes], seen, offsets)
    ranks, firsts = rank_values(seen)
    target[at] = ranks
    return Column(target[codes], seen.take(arrow_array(firsts)), offsets)


@dataclass(frozen=True, eq=False)
class Entries:
    """What normalisation found per entry: positions in pools of normal, display and raw forms that belong together.

    Parameters
    ----------
    codes
        int32, one per entry: a position in the pools, -1 where nothing came.
    value, display, raw
        The pools, nullable large_string arrays of one length.
    offsets
        As in `Column`.
    """

    codes: Codes
    value: pa.LargeStringArray
    display: pa.LargeStringArray
    raw: pa.LargeStringArray
    offsets: npt.NDArray[np.int64] | None = None

    @classmethod
    def of(cls, column: Column, forms: Forms) -> "Entries":
        """The entries of a raw column, given the forms of its vocabulary."""
        return cls(column.codes, forms.value, forms.display, column.vocabulary, column.offsets)

    @property
    def known(self) -> Mask:
        """Whether each entry has a normal form."""
        return np.append(numpy_array(self.value.is_valid()), False)[self.codes]

    def of_entries(self) -> pa.LargeStringArray:
        """The normal form of each entry, null where there is none."""
        return self.value.take(arrow_array(self.codes, present=self.codes >= 0))

    def where(self, mask: Mask) -> "Entries":
        """Only the entries where `mask` is true; the others are missing."""
        return Entries(np.where(mask, self.codes, np.int32(-1)), self.value, self.display, self.raw, self.offsets)

    def otherwise(self, other: "Entries") -> "Entries":
        """These entries, and those of `other` where these have no normal form but those do (or nothing came here)."""
        mine, theirs = self.known, other.known
        use_other = ~mine & (theirs | ((self.codes < 0) & (other.codes >= 0)))
        shift = np.int32(len(self.raw))
        codes = np.where(use_other, np.where(other.codes >= 0, other.codes + shift, np.int32(-1)), self.codes).astype(np.int32)
        value, display, raw = (
            pa.concat_arrays([one, two])
            for one, two in ((self.value, other.value), (self.display, other.display), (self.raw, other.raw))
        )
        return Entries(codes, value, display, raw, self.offsets)

    def columns(self) -> tuple[Column, Column, Column]:
        """(raw, normal, display) columns; an entry without a normal form has no display form."""
        shown = self.display
        if self.value.null_count:
            shown = pc.if_else(self.value.is_valid(), shown, text_scalar(None))
        raw = encode(self.codes, self.raw, self.offsets)
        if shown.equals(self.value):
            normal = encode(self.codes, self.value, self.offsets)
            return raw, normal, normal
        other = numpy_array(pc.not_equal(self.value, shown), null=True) & numpy_array(self.value.is_valid())
        if 2 * np.count_nonzero(other) > len(other):
            return raw, encode(self.codes, self.value, self.offsets), encode(self.codes, shown, self.offsets)
        # Forms that mostly agree are ranked together.
        at = np.append(np.where(other, len(other) - 1 + np.cumsum(other), np.arange(len(other))), -1).astype(np.int32)
        both = encode(np.append(self.codes, at[self.codes]), pa.concat_arrays([self.value, select(shown, other)]))
        normal, display = (encode(codes, both.vocabulary, self.offsets) for codes in np.split(both.codes, 2))
        return raw, normal, display


def aligned(columns: Sequence[Column]) -> list[Column]:
    """Give columns one layout: as many entries per row as the fullest has, the others padded with missing ones.

    Entry k of one column then goes with entry k of another: the first first name with the first last name.

    Examples
    --------
    >>> one, two = Column.of(["x", "y"]), Column.of(["a", "b", "c"], np.array([0, 2, 3]))
    >>> [column.codes.tolist() for column in aligned([one, two])]
    [[0, -1, 1], [0, 1, 2]]
    """
    if not any(column.is_multi for column in columns):
        return list(columns)
    sizes = [np.ones(len(c.codes), np.int64) if c.offsets is None else np.diff(c.offsets) for c in columns]
    offsets = np.concatenate([[0], np.cumsum(np.max(sizes, axis=0))]).astype(np.int64)
    padded = []
    for column, size in zip(columns, sizes, strict=True):
        starts = np.concatenate([[0], np.cumsum(size)])[:-1]
        to = np.arange(len(column.codes)) - np.repeat(starts, size) + np.repeat(offsets[:-1], size)
        codes = np.full(offsets[-1], -1, np.int32)
        codes[to] = column.codes
        padded.append(Column(codes, column.vocabulary, offsets))
    return padded


def by_context(column: Column, context: Codes) -> tuple[Column, Codes]:
    """Split distinct values by context (a region, a source), so that each pair is looked at once.

    Parameters
    ----------
    column
        A raw column.
    context
        int32 context per row, ≥ 0.

    Returns
    -------
    Column, numpy.ndarray
        The same entries over a vocabulary in which a value stands once per context it is met in, and the context of each
        of its values.

    Examples
    --------
    >>> column, contexts = by_context(Column.of(["x", "x", "y"]), np.array([0, 1, 1], np.int32))
    >>> column.vocabulary.to_pylist(), contexts.tolist()
    (['x', 'x', 'y'], [0, 1, 1])
    """
    width = max(len(column.vocabulary), 1)
    here = column.codes >= 0
    keys = context[column.rows[here]].astype(np.int64) * width + column.codes[here]
    size = width * (int(context.max(initial=0)) + 1)
    if size <= MOST_FLAGS * (len(keys) + 1):
        met = np.zeros(size, bool)
        met[keys] = True
        distinct, place = np.flatnonzero(met), (np.cumsum(met, dtype=np.int32) - np.int32(1)).take(keys)
    else:
        distinct, place = np.unique(keys, return_inverse=True)
    codes = np.full(len(column.codes), -1, np.int32)
    codes[here] = place
    vocabulary = column.vocabulary.take(arrow_array(distinct % width))
    return Column(codes, vocabulary, column.offsets), (distinct // width).astype(np.int32)
