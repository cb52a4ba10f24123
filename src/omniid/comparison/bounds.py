"""Bounds from letter counts: most pairs of values are too unlike to be worth an exact look.

Two strings cannot have more letters in common, in any order, than the sum of the smaller counts. Adding those up costs a tenth
of comparing the strings, and nothing that could reach a cut is ever lost.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes

__all__ = ["LetterCounts", "letter_counts", "may_be_edits", "may_be_jaro_winkler", "may_be_ratio"]

Bools = npt.NDArray[np.bool_]
BUCKETS = 32  # a byte modulo 32 keeps letters apart from each other, and digits from each other
LONGEST = 120  # eight counts are added up within one byte of a 64-bit word, so their sum must stay below 256
STEP = 1 << 15  # values or pairs at a time: their counts stay in the cache
SLACK = 1e-6  # far above the rounding of the bound, far below what matters
_ADD_BYTES = np.uint64(0x0101010101010101)


class LetterCounts(NamedTuple):
    """Letters of each value by bucket; `known` is False where a value is empty, long or not ASCII, and nothing can be said."""

    counts: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.int32]
    first: npt.NDArray[np.uint8]
    known: Bools


class _Common(NamedTuple):
    """Per pair: the most letters in common, both lengths, and whether both values are known."""

    letters: npt.NDArray[np.int32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    known: Bools


def letter_counts(texts: npt.NDArray[np.object_]) -> LetterCounts:
    """Count the letters of each value.

    Parameters
    ----------
    texts
        n strings.

    Returns
    -------
    LetterCounts
        Arrays of length n, counts of shape (n, 32).

    Examples
    --------
    >>> letter_counts(np.array(["anna"], object)).counts[0, [1, 14]].tolist()
    [2, 2]
    """
    counts = np.zeros((len(texts), BUCKETS), np.uint8)
    lengths = np.fromiter(map(len, texts), np.int32, len(texts))
    first = np.zeros(len(texts), np.uint8)
    known = (lengths > 0) & (lengths <= LONGEST) & np.fromiter(map(str.isascii, texts), bool, len(texts))
    for start in range(0, len(texts), STEP):
        rows = start + np.flatnonzero(known[start : start + STEP])
        letters = np.frombuffer("".join(texts[rows]).encode("ascii"), np.uint8)
        row = np.repeat(np.arange(len(rows)), lengths[rows])
        counted = np.bincount(row * BUCKETS + letters % BUCKETS, minlength=len(rows) * BUCKETS)
        counts[rows] = counted.reshape(len(rows), BUCKETS)
        first[rows] = letters[np.cumsum(lengths[rows]) - lengths[rows]]
    return LetterCounts(counts, lengths, first, known)


def may_be_jaro_winkler(values: LetterCounts, left: Codes, right: Codes, floor: float) -> Bools:
    """Whether each pair's Jaro–Winkler similarity may reach `floor`; where False it does not.

    Parameters
    ----------
    values
        Letter counts of the values.
    left, right
        Positions of pair i's values.
    floor
        Similarity in (0, 1].

    Examples
    --------
    >>> values = letter_counts(np.array(["anna", "hanna", "boris"], object))
    >>> may_be_jaro_winkler(values, np.array([0, 0]), np.array([1, 2]), 0.7).tolist()
    [True, False]
    """
    common = _common(values, left, right)
    shares = common.letters / np.maximum(common.left, 1) + common.letters / np.maximum(common.right, 1)
    jaro = np.where(common.letters > 0, (shares + 1) / 3, 0.0)
    with_prefix = jaro + 0.4 * (1 - jaro)  # a tenth of the rest for each of at most four equal first letters
    highest = np.where(values.first[left] == values.first[right], with_prefix, jaro)
    may: Bools = ~common.known | (highest >= floor - SLACK)
    return may


def may_be_ratio(values: LetterCounts, left: Codes, right: Codes, floor: float) -> Bools:
    """Whether each pair's `similarity.ratio` may reach `floor`; where False it does not.

    Parameters
    ----------
    values
        Letter counts of the values.
    left, right
        Positions of pair i's values.
    floor
        Similarity in (0, 1].

    Examples
    --------
    >>> values = letter_counts(np.array(["main st", "mian st", "oak ave"], object))
    >>> may_be_ratio(values, np.array([0, 0]), np.array([1, 2]), 0.7).tolist()
    [True, False]
    """
    common = _common(values, left, right)
    may: Bools = ~common.known | (2 * common.letters >= (floor - SLACK) * (common.left + common.right))
    return may


def may_be_edits(values: LetterCounts, left: Codes, right: Codes, at_most: int) -> Bools:
    """Whether few edits may lie between each pair; where False there are more.

    Parameters
    ----------
    values
        Letter counts of the values.
    left, right
        Positions of pair i's values.
    at_most
        Number of edits. One edit changes the two values' different letters by two at most, an exchange by none.

    Examples
    --------
    >>> values = letter_counts(np.array(["12345", "12354", "67890"], object))
    >>> may_be_edits(values, np.array([0, 0]), np.array([1, 2]), 3).tolist()
    [True, False]
    """
    common = _common(values, left, right)
    may: Bools = ~common.known | (common.left + common.right - 2 * common.letters <= 2 * at_most)
    return may


def _common(values: LetterCounts, left: Codes, right: Codes) -> _Common:
    letters = np.empty(len(left), np.int32)
    for start in range(0, len(left), STEP):
        part = slice(start, start + STEP)
        smaller = np.minimum(values.counts[left[part]], values.counts[right[part]]).view(np.uint64)
        sums = (smaller * _ADD_BYTES) >> np.uint64(56)
        letters[part] = sums[:, 0] + sums[:, 1] + sums[:, 2] + sums[:, 3]
    return _Common(letters, values.lengths[left], values.lengths[right], values.known[left] & values.known[right])
