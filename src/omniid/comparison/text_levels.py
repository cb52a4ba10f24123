"""Comparison levels for text: similarities that reach a cut, edits that stay within a number."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.comparison.bounds import LONG, SLACK, may_be_edits, may_be_jaro_winkler, may_be_token_set
from omniid.comparison.levels import check_count, check_share
from omniid.comparison.values import PARTS, Bools, ValuePairs, Values
from omniid.errors import SpecError
from omniid.tables.arrays import numpy_array

__all__ = ["DamerauLevenshtein", "JaroWinkler", "Levenshtein", "QGrams", "TokenSet", "may_be_alike_in_words"]


@dataclass(frozen=True)
class JaroWinkler:
    """The Jaro–Winkler similarity reaches a cut.

    Parameters
    ----------
    at_least
        Cut in (0, 1]; `EPSILON` below it still counts.
    of
        "value", "local_part" (of an e-mail address) or "compact" (without spaces).

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(JaroWinkler(0.9), "martha", "marhta"), level_holds(JaroWinkler(0.9), "anna", "ivan")
    (True, False)
    """

    at_least: float
    of: str = field(default="value", kw_only=True)
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)
        if self.of not in PARTS:
            raise SpecError(f"JaroWinkler(of={self.of!r}): a value has no such part; use one of {', '.join(PARTS)}")

    @property
    def means(self) -> str:
        """In words."""
        part = "" if self.of == "value" else f" of the {self.of.replace('_', ' ')}"
        return f"Jaro–Winkler similarity{part} at least {self.at_least:g}"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair at or above the cut."""
        return pairs.at_least("jaro_winkler", self.at_least, self.of)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common."""
        return may_be_jaro_winkler(pairs.common_letters(self.of, first=True), self.at_least)


@dataclass(frozen=True)
class TokenSet:
    """The shared words make up most of the text: `similarity.token_set` reaches a cut.

    Parameters
    ----------
    at_least
        Cut in (0, 1].

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(TokenSet(0.9), "blue suede shoes", "shoes of blue suede")
    True
    """

    at_least: float
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)

    @property
    def means(self) -> str:
        """In words."""
        return f"token-set similarity at least {self.at_least:g}"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair at or above the cut."""
        return pairs.at_least("token_set", self.at_least)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common."""
        return may_be_alike_in_words(pairs, self.at_least)


def may_be_alike_in_words(pairs: ValuePairs, floor: float) -> Bools:
    """Whether the token-set similarity of each pair may reach a floor."""
    irregular = pairs.values.derived("irregular", _irregular)
    return may_be_token_set(pairs.common_letters(), floor) | irregular.take(pairs.left) | irregular.take(pairs.right)


def _irregular(values: Values) -> Bools:
    """Values with a word twice or odd spaces: their words have other letters than they."""
    words = values.words().once_each()
    letters = np.zeros(len(values), np.int64)
    there = np.flatnonzero(words.sizes)
    if len(there):
        lengths = numpy_array(pc.utf8_length(words.vocabulary)).take(words.codes) + 1
        letters[there] = np.add.reduceat(lengths, words.starts.take(there))
    found: Bools = letters - 1 != values.lengths()
    return found


@dataclass(frozen=True)
class QGrams:
    """The share of letter pairs in common reaches a cut.

    Parameters
    ----------
    at_least
        Cut in (0, 1].

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(QGrams(0.8), "night", "nights")
    True
    """

    at_least: float
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)

    @property
    def means(self) -> str:
        """In words."""
        return f"at least {self.at_least:.0%} of the letter pairs in common"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair at or above the cut."""
        return pairs.at_least("qgrams", self.at_least)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common: letter pairs in common begin with as many."""
        common = pairs.common_letters()
        grams = pairs.values.derived("letter pairs", _gram_counts)
        needed = self.at_least / (1 + self.at_least) * (grams.take(pairs.left) + grams.take(pairs.right))
        short = (common.lengths >> 6 < LONG) & (common.lengths & LONG < LONG)
        may: Bools = (common.most >= needed - SLACK) | ~short
        return may


def _gram_counts(values: Values) -> npt.NDArray[np.int32]:
    return np.fromiter((len({t[i : i + 2] for i in range(max(len(t) - 1, 1))}) for t in values.texts), np.int32, len(values))


@dataclass(frozen=True)
class Levenshtein:
    """At most some letters inserted, deleted or substituted.

    Parameters
    ----------
    at_most
        Largest number of edits.
    shortest
        Letters that both values must have, since one edit of a short code says little.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(Levenshtein(1), "12345", "12346"), level_holds(Levenshtein(1, shortest=6), "12345", "12346")
    (True, False)
    """

    at_most: int
    shortest: int = field(default=0, kw_only=True)
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_most", self.at_most, 0)

    @property
    def means(self) -> str:
        """In words."""
        return _edit_words(self.at_most, self.shortest, "")

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair within the edits."""
        return pairs.within("levenshtein", self.at_most) & (pairs.shortest() >= self.shortest)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common, or too few at all."""
        return may_be_edits(pairs.common_letters(), self.at_most) & (pairs.shortest() >= self.shortest)


@dataclass(frozen=True)
class DamerauLevenshtein:
    """At most some edits, where two neighbouring letters exchanged are one edit.

    Parameters
    ----------
    at_most
        Largest number of edits.
    shortest
        Letters that both values must have, since one edit of a short code says little.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(DamerauLevenshtein(1), "brian", "brain"), level_holds(Levenshtein(1), "brian", "brain")
    (True, False)
    """

    at_most: int
    shortest: int = field(default=0, kw_only=True)
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_most", self.at_most, 0)

    @property
    def means(self) -> str:
        """In words."""
        return _edit_words(self.at_most, self.shortest, " (an exchange of neighbours is one)")

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair within the edits."""
        return pairs.within("damerau", self.at_most) & (pairs.shortest() >= self.shortest)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common, or too few at all."""
        return may_be_edits(pairs.common_letters(), self.at_most) & (pairs.shortest() >= self.shortest)


def _edit_words(at_most: int, shortest: int, remark: str) -> str:
    return f"at most {at_most} edit{'s' * (at_most != 1)}{remark}" + (
        f", both of {shortest} characters or more" * (shortest > 0)
    )
