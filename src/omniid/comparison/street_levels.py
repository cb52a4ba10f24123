"""Comparison levels for street lines: alike, and no house number that differs; the same street."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from omniid.comparison.bounds import may_be_ratio
from omniid.comparison.levels import check_share
from omniid.comparison.text_levels import may_be_alike_in_words
from omniid.comparison.values import Bools, ValuePairs, Values, dense_codes
from omniid.comparison.words import Words
from omniid.tables import Codes
from omniid.tables.arrays import numpy_array

__all__ = ["AlikeWithoutDifferingNumber", "SameStreet"]

_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")


@dataclass(frozen=True)
class AlikeWithoutDifferingNumber:
    """Two street lines are alike, and neither has a number that speaks against the other's.

    Numbers are words that begin with a digit. One side's numbers must all stand on the other side too: "12 main st" and
    "12 main st 4" may be one address; flats 4 and 5 of one house are two.

    Parameters
    ----------
    at_least
        Cut of `similarity.ratio`.
    words
        Cut of `similarity.token_set`, where both sides have two words or more.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level = AlikeWithoutDifferingNumber()
    >>> level_holds(level, "12 main st", "12 mian st"), level_holds(level, "12 main st", "14 main st")
    (True, False)
    """

    at_least: float = 0.85
    words: float = field(default=0.95, kw_only=True)
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)
        check_share(self, self.words)

    @property
    def means(self) -> str:
        """In words."""
        return f"alike ({self.at_least:g} of the letters, or the same words) and no house number differs"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair that is alike and has no differing number."""
        near = np.flatnonzero(_nested_numbers(pairs))
        found = np.zeros(len(pairs), bool)
        found[near] = _alike(pairs.at(near), self.at_least, self.words)
        return found

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where numbers differ, or too few letters are in common."""
        near = np.flatnonzero(_nested_numbers(pairs))
        found = np.zeros(len(pairs), bool)
        found[near] = _may_be_alike(pairs.at(near), self.at_least, self.words)
        return found


@dataclass(frozen=True)
class SameStreet:
    """Two street lines name one street, whatever the house number.

    Parameters
    ----------
    at_least
        Cut of `similarity.ratio` on the lines without house numbers.
    words
        Cut of `similarity.token_set` there, where both sides have two words or more.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SameStreet(), "12 main st", "140 main st"), level_holds(SameStreet(), "12 5th ave", "12 6th ave")
    (True, False)
    """

    at_least: float = 0.85
    words: float = field(default=0.95, kw_only=True)
    name: str = field(default="same street", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)
        check_share(self, self.words)

    @property
    def means(self) -> str:
        """In words."""
        return "the same street but for the house number"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of lines with one street."""
        return self._over_streets(pairs, _alike)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where ordinals differ, or too few letters of the streets are in common."""
        return self._over_streets(pairs, _may_be_alike)

    def _over_streets(self, pairs: ValuePairs, alike: Callable[[ValuePairs, float, float], Bools]) -> Bools:
        streets, place = pairs.values.derived("streets", _streets)
        # An ordinal is part of the street's name: 5th and 6th avenue are alike in letters only.
        ordinals = pairs.values.derived(
            "ordinals", lambda v: dense_codes(_of_words(v, _ORDINAL.fullmatch).once_each().joined())
        )
        left, right = place.take(pairs.left), place.take(pairs.right)
        found: Bools = pairs.equal() | ((left == right) & (left >= 0))
        same_ordinals = ordinals.take(pairs.left) == ordinals.take(pairs.right)
        open_ = np.flatnonzero(~found & same_ordinals & (left >= 0) & (right >= 0))
        found[open_] = alike(ValuePairs(streets, left[open_], right[open_]), self.at_least, self.words)
        together: Bools = found & same_ordinals
        return together


def _alike(pairs: ValuePairs, at_least: float, words: float) -> Bools:
    """Whether the letters are alike, or the words where both sides have several."""
    found = pairs.at_least("ratio", at_least)
    rest = np.flatnonzero(~found & _several_words(pairs))
    rest = rest[may_be_alike_in_words(pairs.at(rest), words)]
    found[rest] = pairs.at(rest).at_least("token_set", words)
    return found


def _may_be_alike(pairs: ValuePairs, at_least: float, words: float) -> Bools:
    return may_be_ratio(pairs.common_letters(), at_least) | (_several_words(pairs) & may_be_alike_in_words(pairs, words))


def _several_words(pairs: ValuePairs) -> Bools:
    counts = pairs.values.word_counts()
    several: Bools = np.minimum(counts.take(pairs.left), counts.take(pairs.right)) >= 2
    return several


def _nested_numbers(pairs: ValuePairs) -> Bools:
    """Whether the numbers of one side all stand on the other side, too."""
    numbers = pairs.values.derived("house numbers", lambda v: _of_words(v, _is_number).once_each())
    fewer = np.minimum(numbers.sizes.take(pairs.left), numbers.sizes.take(pairs.right))
    nested: Bools = fewer == 0
    open_ = np.flatnonzero(~nested)
    nested[open_] = numbers.shared(pairs.left[open_], pairs.right[open_]) == fewer[open_]
    return nested


def _is_number(word: str) -> bool:
    return word[0].isdigit()


def _of_words(values: Values, wanted: Callable[[str], Any]) -> Words:
    """The words of which something is true."""
    words = values.words()
    return words.only(np.fromiter((bool(wanted(word)) for word in words.vocabulary.to_pylist()), bool, len(words.vocabulary)))


def _streets(values: Values) -> tuple[Values, Codes]:
    """Distinct streets without house numbers, and each value's street (-1 where nothing is left)."""
    streets = _of_words(values, lambda word: not _is_number(word) or _ORDINAL.fullmatch(word))
    encoded = streets.joined().dictionary_encode()
    place = numpy_array(encoded.indices).astype(np.int32)
    place[streets.sizes == 0] = -1
    return Values(encoded.dictionary), place
