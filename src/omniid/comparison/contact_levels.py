"""Comparison levels for e-mail addresses, phone numbers and postal addresses."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from omniid.comparison.bounds import may_be_edits
from omniid.comparison.levels import check_count, check_share
from omniid.comparison.values import Bools, ValuePairs, Values

__all__ = ["AlikeWithoutDifferingNumber", "EmailEdits", "SameEnd", "SameLocalPart", "SameStreet"]

_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")


@dataclass(frozen=True)
class SameLocalPart:
    """The parts before the @ are equal, and long enough to say something.

    Parameters
    ----------
    shortest
        Letters that the local part must have: "info" and "me" recur at every domain.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SameLocalPart(), "anna.k@example.com", "anna.k@example.org")
    True
    """

    by_codes: ClassVar[bool] = True
    shortest: int = field(default=5, kw_only=True)
    name: str = field(default="same local part", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return f"the same local part, of {self.shortest} characters or more"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair with one local part."""
        return pairs.equal("local_part") & (pairs.shortest("local_part") >= self.shortest)


@dataclass(frozen=True)
class EmailEdits:
    """Few edits lie between two whole addresses, and both local parts are long enough for that to say something.

    Parameters
    ----------
    at_most
        Largest number of edits; two neighbours exchanged are one.
    shortest
        Letters that both local parts must have.
    """

    at_most: int = 2
    shortest: int = field(default=4, kw_only=True)
    name: str = field(default="few edits", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_most", self.at_most, 0)

    @property
    def means(self) -> str:
        """In words."""
        return f"at most {self.at_most} edits apart, local parts of {self.shortest} characters or more"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair within the edits."""
        return pairs.within("damerau", self.at_most) & (pairs.shortest("local_part") >= self.shortest)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the addresses have too few letters in common, or their local parts too few at all."""
        return may_be_edits(pairs.common_letters(), self.at_most) & (pairs.shortest("local_part") >= self.shortest)


@dataclass(frozen=True)
class SameEnd:
    """The last characters are equal: a phone number with and without its country code.

    Parameters
    ----------
    length
        Characters that must agree at the end.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SameEnd(9), "+79162000001", "89162000001"), level_holds(SameEnd(9), "2000001", "+79162000001")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    length: int = 9
    name: str = field(default="same end", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "length", self.length, 1)

    @property
    def means(self) -> str:
        """In words."""
        return f"the last {self.length} characters are equal"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair with one ending."""
        part = f"last {self.length}"
        ends = pairs.values.derived(part, lambda v: _codes_of_ends(v, self.length))
        found: Bools = (ends[pairs.left] == ends[pairs.right]) & (pairs.shortest() >= self.length)
        return found


def _codes_of_ends(values: Values, length: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    seen: dict[str, int] = {}
    return np.fromiter((seen.setdefault(text[-length:], len(seen)) for text in values.texts), np.int32, len(values))


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
        counts = pairs.values.word_counts()
        several = np.minimum(counts[pairs.left], counts[pairs.right]) >= 2
        alike = pairs.at_least("ratio", self.at_least)
        alike |= several & pairs.at_least("token_set", self.words)
        return pairs.where(alike, lambda a, b: a <= b or b <= a, pairs.values.derived("house numbers", _numbers))


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
        streets, place = pairs.values.derived("streets", _streets)
        left, right = place[pairs.left], place[pairs.right]
        found: Bools = pairs.equal() | ((left == right) & (left >= 0))
        open_ = np.flatnonzero(~found & (left >= 0) & (right >= 0))
        inner = ValuePairs(streets, left[open_], right[open_])
        several = np.minimum(streets.word_counts()[inner.left], streets.word_counts()[inner.right]) >= 2
        alike = inner.at_least("ratio", self.at_least)
        found[open_] = alike | (several & inner.at_least("token_set", self.words))
        # An ordinal is part of the street's name: 5th and 6th avenue are alike in letters only.
        return found & ~pairs.where(found, lambda a, b: a != b, pairs.values.derived("ordinals", _ordinals))


def _numbers(values: Values) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.fromiter((frozenset(w for w in words if w[0].isdigit()) for words in values.words()), object, len(values))


def _ordinals(values: Values) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.fromiter((frozenset(w for w in words if _ORDINAL.fullmatch(w)) for words in values.words()), object, len(values))


def _streets(values: Values) -> tuple[Values, np.ndarray[tuple[int], np.dtype[np.int32]]]:
    """Distinct streets without house numbers, and each value's street (-1 where nothing is left)."""
    seen: dict[str, int] = {}
    place = np.full(len(values), -1, np.int32)
    for position, words in enumerate(values.words()):
        if street := " ".join(w for w in words if not w[0].isdigit() or _ORDINAL.fullmatch(w)):
            place[position] = seen.setdefault(street, len(seen))
    return Values(list(seen)), place
