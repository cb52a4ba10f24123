"""Bounds from letters: most pairs of values are too unlike to be worth an exact look.

Two strings cannot have more letters in common, in any order, than their bags of letters have. A bag is one 64-bit word: a few
bits for each class of letters, filled one by one, so that the bits that two bags share, plus the letters that found their class
full, bound the letters in common from above. Counting bits costs a few nanoseconds a pair, a tenth of comparing the strings,
and nothing that could reach a cut is ever lost. Letters are code points, of any script.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = [
    "Bags",
    "CommonLetters",
    "code_points",
    "common_letters",
    "letter_bags",
    "may_be_edits",
    "may_be_jaro_winkler",
    "may_be_ratio",
    "may_be_token_set",
]

Bools = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int32 | np.intp]
Bags = npt.NDArray[np.uint64]  # (values, 2): the bag; then bytes length, letters beyond the bag, 0, 0 and four first letters
LONG = 63  # a value of so many letters or more always passes: lengths are six bits, so that tables by length stay in the cache
STEP = 1 << 15  # values or pairs at a time: what is computed for them stays in the cache
SLACK = 1e-6  # far above the rounding of a similarity, far below what matters
_LETTERS = (32, 2)  # classes, bits of each: the code point modulo 32 keeps the letters of an alphabet apart
_DIGITS = (10, 6)  # digits recur, so that two bits of each would soon be full
_BOOST_FROM = 0.7  # Winkler adds to a Jaro similarity above this only


class CommonLetters(NamedTuple):
    """Per pair of values: the most letters in common, both lengths as one number, equal first letters (at most four)."""

    most: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.uint16]
    first: npt.NDArray[np.uint8]


def letter_bags(texts: pa.LargeStringArray, *, digits: bool | None = None) -> Bags:
    """Put the letters of each value into its bag.

    Parameters
    ----------
    texts
        n strings without nulls.
    digits
        Whether bags are made for digits; None: if most of the letters are digits. Bags compare only with bags of their kind.

    Returns
    -------
    numpy.ndarray
        uint64 of shape (n, 2).

    Examples
    --------
    >>> bags = letter_bags(pa.array(["anna", "анна"], pa.large_string()))
    >>> np.bitwise_count(bags[:, 0]).tolist()
    [4, 4]
    """
    letters, starts = code_points(texts)
    if digits is None:
        digits = 2 * int(np.count_nonzero((letters >= 48) & (letters <= 57))) > len(letters)
    lengths = np.diff(starts)
    bags = np.zeros((len(lengths), 2), np.uint64)
    for start in range(0, len(lengths), STEP):
        part = slice(start, start + STEP)
        order = np.argsort(-np.minimum(lengths[part], LONG).astype(np.int8), kind="stable")  # those of j letters come first
        bags[start + order] = _some_bags(
            letters, starts[:-1][part][order], lengths[part][order], *(_DIGITS if digits else _LETTERS)
        )
    return bags


def _some_bags(
    letters: npt.NDArray[np.unsignedinteger],
    starts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    classes: int,
    bits: int,
) -> Bags:
    """Bags of values in the order of falling length."""
    bags = np.zeros((len(lengths), 2), np.uint64)
    rest = bags.view(np.uint8).reshape(len(bags), 16)
    bag, at = np.zeros(len(lengths), np.uint64), starts.copy()
    lowest = np.uint64(1) << (np.arange(classes, dtype=np.uint64) * np.uint64(bits))
    full, one = np.uint64((1 << bits) - 1), np.uint64(1)
    with_letter = np.searchsorted(-np.minimum(lengths, LONG), -np.arange(1, LONG + 1), side="right")
    for place, count in enumerate(with_letter.tolist()):
        if not count:
            break
        letter = letters.take(at[:count])
        at += 1
        if place < 4:
            rest[:count, 12 + place] = letter & 0xFF
        bit = lowest.take(letter % classes)
        room, more = bit * full, bag[:count]
        fuller = more & room
        fuller <<= one
        fuller &= room
        fuller |= bit
        more |= fuller
    bags[:, 0] = bag
    rest[:, 8] = np.minimum(lengths, LONG)
    rest[:, 9] = np.minimum(lengths - np.bitwise_count(bag), LONG)
    return bags


def code_points(texts: pa.LargeStringArray) -> tuple[npt.NDArray[np.unsignedinteger], npt.NDArray[np.int64]]:
    """All letters one after the other, and where each value's begin (n + 1 of them)."""
    n = len(texts)
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int64, n + 1, 8 * texts.offset) if offsets else np.zeros(1, np.int64)
    letters = np.frombuffer(data, np.uint8)[starts[0] : starts[-1]] if data else np.zeros(0, np.uint8)
    starts = starts - starts[0]
    if not len(letters) or int(letters.max()) < 128:
        return letters, starts
    begins = np.concatenate([[0], np.cumsum((letters & 0xC0) != 0x80)])  # UTF-8: every byte but 10xxxxxx begins a code point
    points = np.frombuffer(letters.tobytes().decode("utf-8").encode("utf-32-le"), np.uint32)
    return points, begins[starts]


def common_letters(
    bags: Bags, left: Positions, right: Positions, *, others: Bags | None = None, first: bool = True
) -> CommonLetters:
    """Bound the letters that the values of each pair have in common.

    Parameters
    ----------
    bags
        From `letter_bags`.
    left, right
        Positions of pair i's values.
    others
        Bags of the right side's values, made with the same `digits`; None: the same values.
    first
        Whether first letters are compared, too.

    Examples
    --------
    >>> bags = letter_bags(pa.array(["anna", "hanna", "boris"], pa.large_string()))
    >>> common_letters(bags, np.array([0, 0]), np.array([1, 2])).most.tolist()
    [4, 0]
    """
    n = len(left)
    found = CommonLetters(np.empty(n, np.uint8), np.empty(n, np.uint16), np.zeros(n, np.uint8))
    others = bags if others is None else others
    for start in range(0, n, STEP):
        part = slice(start, start + STEP)
        a, b = bags.take(left[part], axis=0), others.take(right[part], axis=0)
        x, y = (side.view(np.uint8).reshape(len(side), 16) for side in (a, b))
        np.add(np.bitwise_count(a[:, 0] & b[:, 0]), np.minimum(x[:, 9], y[:, 9]), out=found.most[part])
        np.bitwise_or(x[:, 8].astype(np.uint16) << 6, y[:, 8], out=found.lengths[part])
        if first:
            differ = a.view(np.uint32).reshape(len(a), 4)[:, 3] ^ b.view(np.uint32).reshape(len(b), 4)[:, 3]
            np.right_shift(np.bitwise_count((differ & (~differ + np.uint32(1))) - np.uint32(1)), 3, out=found.first[part])
    return found


def may_be_jaro_winkler(common: CommonLetters, floor: float) -> Bools:
    """Whether each pair's Jaro–Winkler similarity may reach `floor`; where False it does not.

    Parameters
    ----------
    common
        From `common_letters`, with first letters.
    floor
        Similarity in (0, 1].

    Examples
    --------
    >>> bags = letter_bags(pa.array(["anna", "hanna", "boris"], pa.large_string()))
    >>> may_be_jaro_winkler(common_letters(bags, np.array([0, 0]), np.array([1, 2])), 0.7).tolist()
    [True, False]
    """
    may: Bools = common.most >= _jaro_winkler_needs(floor).take((common.lengths << 3) | common.first)
    return may


def may_be_ratio(common: CommonLetters, floor: float) -> Bools:
    """Whether each pair's `similarity.ratio` may reach `floor`; where False it does not.

    Parameters
    ----------
    common
        From `common_letters`.
    floor
        Similarity in (0, 1].

    Examples
    --------
    >>> bags = letter_bags(pa.array(["main st", "mian st", "oak ave"], pa.large_string()))
    >>> may_be_ratio(common_letters(bags, np.array([0, 0]), np.array([1, 2])), 0.7).tolist()
    [True, False]
    """
    may: Bools = common.most >= _ratio_needs(floor).take(common.lengths)
    return may


def may_be_edits(common: CommonLetters, at_most: int) -> Bools:
    """Whether few edits may lie between each pair; where False there are more.

    Parameters
    ----------
    common
        From `common_letters`.
    at_most
        Number of edits. Each letter of the longer value that the other lacks takes one.

    Examples
    --------
    >>> bags = letter_bags(pa.array(["12345", "12354", "67890"], pa.large_string()))
    >>> may_be_edits(common_letters(bags, np.array([0, 0]), np.array([1, 2])), 3).tolist()
    [True, False]
    """
    may: Bools = common.most >= _edit_needs(at_most).take(common.lengths)
    return may


def may_be_token_set(common: CommonLetters, floor: float) -> Bools:
    """Whether each pair's `similarity.token_set` may reach `floor`; where False it does not.

    Parameters
    ----------
    common
        From `common_letters`, of values that have no word twice and one space between words.
    floor
        Similarity in (0, 1].

    Examples
    --------
    >>> bags = letter_bags(pa.array(["main st", "main st apt 4", "oak ave"], pa.large_string()))
    >>> may_be_token_set(common_letters(bags, np.array([0, 0]), np.array([1, 2])), 0.7).tolist()
    [True, False]
    """
    may: Bools = common.most >= _token_set_needs(floor).take(common.lengths)
    return may


@cache
def _jaro_winkler_needs(floor: float) -> npt.NDArray[np.uint8]:
    """Letters in common that a pair needs, by both lengths and equal first letters."""
    length = np.maximum(np.arange(LONG + 1), 1.0)
    tenths = np.minimum(np.arange(8), 4) / 10
    boosted = np.maximum(_BOOST_FROM, (floor - tenths) / (1 - tenths))  # jaro + tenths * (1 - jaro) reaches the floor
    jaro = np.minimum(floor, boosted) - SLACK  # = (letters / left + letters / right + 1) / 3, and 0 without letters
    needed = (3 * jaro - 1) / (1 / length[:, None, None] + 1 / length[:, None])
    return _table(np.maximum(needed, 1))


@cache
def _ratio_needs(floor: float) -> npt.NDArray[np.uint8]:
    length = np.arange(LONG + 1)
    return _table((floor - SLACK) * (length[:, None] + length) / 2)


@cache
def _token_set_needs(floor: float) -> npt.NDArray[np.uint8]:
    """With s letters in shared words, s against the whole shorter value is the most: 2 s / (s + shorter)."""
    length = np.arange(LONG + 1)
    return _table(np.minimum(length[:, None], length) * (floor - SLACK) / (2 - floor))


@cache
def _edit_needs(at_most: int) -> npt.NDArray[np.uint8]:
    length = np.arange(LONG + 1)
    return _table(np.maximum(length[:, None], length) - at_most)


def _table(needed: npt.NDArray[np.float64 | np.int64]) -> npt.NDArray[np.uint8]:
    table = np.clip(np.ceil(needed - SLACK), 0, 255).astype(np.uint8)
    table[[0, LONG]] = table[:, [0, LONG]] = 0  # of empty and of long values nothing can be said
    return np.ascontiguousarray(table).reshape(-1)
