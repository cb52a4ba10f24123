"""Names that are spelled alike, but for those that are known to be names of different people."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from omniid import similarity
from omniid.comparison.bounds import may_be_jaro_winkler
from omniid.comparison.levels import check_share
from omniid.comparison.values import Bools, ValuePairs, Values
from omniid.given_names import different_names, given_name_codes, womans_and_mans_names
from omniid.surnames import surname_roots
from omniid.tables import Codes
from omniid.tables.arrays import numpy_array, text_objects

__all__ = ["AlikeNames", "SameFamily"]


@dataclass(frozen=True)
class AlikeNames:
    """The Jaro–Winkler similarity reaches a cut, and nothing says that the two are names of different people.

    Two given names that are both known are slips of each other only where they are forms of one name; a man's name with a
    woman's ending is another's. Compound names that share a word are alike where the words that they do not share are.

    Parameters
    ----------
    at_least
        Cut in (0, 1]; `similarity.EPSILON` below it still counts.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(AlikeNames(0.885), "martha", "marhta"), level_holds(AlikeNames(0.885), "paul", "paula")
    (True, False)
    >>> level_holds(AlikeNames(0.885), "jean pierre", "jean piere"), level_holds(AlikeNames(0.885), "min jun", "min ji")
    (True, False)
    """

    at_least: float
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)

    @property
    def means(self) -> str:
        """In words."""
        return f"Jaro–Winkler similarity at least {self.at_least:g}, and not known as names of different people"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair at or above the cut that nothing tells apart."""
        found = pairs.at_least("jaro_winkler", self.at_least)
        near = np.flatnonzero(found)
        found[near] = ~self._told_apart(pairs.values, pairs.left.take(near), pairs.right.take(near))
        return found

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common."""
        return may_be_jaro_winkler(pairs.common_letters("value", first=True), self.at_least)

    def _told_apart(self, values: Values, left: npt.NDArray[np.intp], right: npt.NDArray[np.intp]) -> Bools:
        known: Codes = values.derived("known given names", lambda v: given_name_codes(v.array()))
        genders = values.derived("women's and men's names", _women_and_men)
        apart = different_names(known.take(left), known.take(right))
        if len(genders):
            keys = np.minimum(left, right) * len(values) + np.maximum(left, right)
            apart |= genders.take(np.searchsorted(genders, keys), mode="clip") == keys
        words = values.word_counts()
        several = np.flatnonzero((words.take(left) > 1) & (words.take(right) > 1))
        if len(several):
            apart[several] = self._other_words(values, left.take(several), right.take(several))
        return apart

    def _other_words(self, values: Values, left: npt.NDArray[np.intp], right: npt.NDArray[np.intp]) -> Bools:
        """Whether compound names share a word, each has others, and none of these is alike one of the other's."""
        words = values.derived("words once", lambda v: v.words().once_each())
        found = words.pairs(left, right)
        n = len(left)
        same = found.left == found.right
        shared = np.bincount(found.pair[same], minlength=n)
        sizes = words.sizes.take(left), words.sizes.take(right)
        doubtful = (shared > 0) & (shared < sizes[0]) & (shared < sizes[1])
        if not doubtful.any():
            return doubtful
        # A word that the other name has, too, is told by (pair, word); the rest are compared with each other.
        width = len(words.vocabulary)
        told = np.sort(found.pair[same] * width + found.left[same])
        rest = np.flatnonzero(doubtful.take(found.pair) & ~same)
        pair, one, two = found.pair[rest], found.left[rest], found.right[rest]
        free = ~(_among(told, pair * width + one) | _among(told, pair * width + two))
        pair, one, two = pair[free], one[free], two[free]
        texts = text_objects(words.vocabulary)
        alike = similarity.similarities("jaro_winkler", texts[one], texts[two]) >= self.at_least - similarity.EPSILON
        known: Codes = values.derived("known words", lambda v: given_name_codes(v.words().vocabulary))
        alike &= ~different_names(known.take(one), known.take(two))
        doubtful[pair[alike]] = False
        return doubtful


@dataclass(frozen=True)
class SameFamily:
    """The two are one surname, with a man's and a woman's ending or in two spellings: Kowalski and Kowalska, Meier and Mayer.

    Spouses and siblings share such a name, and so does one woman whose records abroad lose her ending.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SameFamily(), "kazlauskas", "kazlauskiene"), level_holds(SameFamily(), "kowalska", "kowalczyk")
    (True, False)
    """

    by_codes = True
    name: str = field(default="same family", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "one surname but for its spelling and the endings of men and women"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of surnames with one root."""
        roots: Codes = pairs.values.derived(
            "surname roots", lambda v: numpy_array(surname_roots(v.array()).dictionary_encode().indices)
        )
        same: Bools = roots.take(pairs.left) == roots.take(pairs.right)
        return same


def _women_and_men(values: Values) -> npt.NDArray[np.int64]:
    """Ascending keys of pairs of values of which one is the woman's form of the other."""
    found = np.sort(np.array(womans_and_mans_names(values.array()), np.int64).reshape(-1, 2), axis=1)
    return np.sort(found[:, 0] * len(values) + found[:, 1])


def _among(ascending: npt.NDArray[np.int64], keys: npt.NDArray[np.int64]) -> Bools:
    if not len(ascending):
        return np.zeros(len(keys), bool)
    found: Bools = ascending.take(np.searchsorted(ascending, keys), mode="clip") == keys
    return found
