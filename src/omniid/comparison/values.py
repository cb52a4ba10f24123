"""Distinct values of one field, pairs of them, and what levels derive from them; each derived thing is computed once."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid import similarity
from omniid.comparison.bounds import Bags, CommonLetters, common_letters, letter_bags
from omniid.comparison.words import Words, words_of
from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_objects

__all__ = ["PARTS", "Bools", "Positions", "Texts", "ValuePairs", "Values", "dense_codes"]

Bools = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int32 | np.intp]
Texts = npt.NDArray[np.object_]
T = TypeVar("T")
FEW = 1 << 16  # values that may all be kept as objects, since pairs of them recur


class Values:
    """The distinct values of a field, in code order.

    What is derived from them is filled in when first asked for; threads that ask at the same time wait for the first of them.

    Parameters
    ----------
    vocabulary
        The values: position i is code i.

    Examples
    --------
    >>> values = Values(["anna@example.com", "anna@example.org"])
    >>> values.view("local_part").tolist()
    ['anna', 'anna']
    """

    def __init__(self, vocabulary: pa.LargeStringArray | list[str]) -> None:
        array = text_array(vocabulary) if isinstance(vocabulary, list) else vocabulary
        self._arrays = {"value": array}
        self._derived: dict[str, Any] = {}
        self._deriving = threading.RLock()  # what is derived may read what else is derived

    def __len__(self) -> int:
        return len(self._arrays["value"])

    def derived(self, name: str, make: Callable[["Values"], T]) -> T:
        """What `make` computes from these values; computed at the first call under this name."""
        if name not in self._derived:
            with self._deriving:
                if name not in self._derived:
                    self._derived[name] = make(self)
        kept: T = self._derived[name]
        return kept

    @property
    def texts(self) -> Texts:
        """The values as an object array of strings."""
        return self.view("value")

    def array(self, part: str = "value") -> pa.LargeStringArray:
        """The values themselves ("value") or one part of each ("local_part", "compact"), as an Arrow array."""
        if part not in self._arrays:
            self._arrays[part] = VIEWS[part](self._arrays["value"])
        return self._arrays[part]

    def view(self, part: str) -> Texts:
        """The same as an object array of strings."""
        return self.derived(f"texts of {part}", lambda v: text_objects(v.array(part)))

    def some(self, part: str, at: npt.NDArray[np.intp]) -> Texts:
        """Some of them as objects; of many values, all others are left as bytes, as objects they would take 60 more each."""
        if len(self) <= FEW or f"texts of {part}" in self._derived:
            return self.view(part).take(at)
        return text_objects(self.array(part).take(arrow_array(at)))

    def lengths(self, part: str = "value") -> npt.NDArray[np.int32]:
        """Letters per value of a view."""
        return self.derived(f"lengths of {part}", lambda v: numpy_array(pc.utf8_length(v.array(part))).astype(np.int32))

    def codes(self, part: str) -> npt.NDArray[np.int32]:
        """Equal numbers for equal parts."""
        return self.derived(f"codes of {part}", lambda v: dense_codes(v.array(part)))

    def bags(self, part: str = "value", *, digits: bool | None = None) -> Bags:
        """Letter bags of a view."""
        return self.derived(f"bags of {part}, {digits}", lambda v: letter_bags(v.array(part), digits=digits))

    def words(self) -> Words:
        """The words of each value as numbers."""
        return self.derived("words", lambda v: words_of(v.array()))

    def word_counts(self) -> npt.NDArray[np.int32]:
        """Words per value."""
        return self.derived(
            "word counts", lambda v: numpy_array(pc.count_substring(v.array(), " ")).astype(np.int32) + np.int32(1)
        )


class ValuePairs:
    """Pairs of distinct values, as positions; scores that several levels need are computed once.

    Parameters
    ----------
    values
        The values.
    left, right
        Positions of pair i's values; the same length.

    Examples
    --------
    >>> pairs = ValuePairs(Values(["anna", "anne"]), np.array([0], np.int32), np.array([1], np.int32))
    >>> pairs.scores("levenshtein").tolist()
    [0.75]
    """

    def __init__(self, values: Values, left: Positions, right: Positions) -> None:
        self.values = values
        self.left = np.asarray(left, np.intp)  # taking by other integers costs twice as much, at each of some ten takes
        self.right = np.asarray(right, np.intp)
        self._whole: tuple[ValuePairs, npt.NDArray[np.intp]] | None = None
        self._kept: dict[tuple[str, str], Any] = {}

    def __len__(self) -> int:
        return len(self.left)

    def at(self, which: npt.NDArray[np.intp]) -> "ValuePairs":
        """Some of the pairs; what is scored for them is known to these pairs, too."""
        part = ValuePairs(self.values, self.left.take(which), self.right.take(which))
        part._whole = (self, which)
        return part

    def scores(self, name: str, part: str = "value") -> npt.NDArray[np.float64]:
        """A similarity of each pair, over a view of the values."""

        def score(left: Texts, right: Texts) -> npt.NDArray[np.float64]:
            return similarity.similarities(name, left, right)

        return self._scored((name, part), score)

    def at_least(self, name: str, cut: float, part: str = "value") -> Bools:
        """Whether a similarity reaches a cut."""
        reached: Bools = self.scores(name, part) >= cut - similarity.EPSILON
        return reached

    def within(self, name: str, at_most: int, part: str = "value") -> Bools:
        """Whether an edit distance stays within a number."""

        def count(left: Texts, right: Texts) -> npt.NDArray[np.float64]:
            return similarity.edits(name, left, right).astype(np.float64)

        near: Bools = self._scored((f"edits {name}", part), count) <= at_most
        return near

    def _scored(
        self, key: tuple[str, str], score: Callable[[Texts, Texts], npt.NDArray[np.float64]]
    ) -> npt.NDArray[np.float64]:
        whole, which = self._whole or (self, np.arange(len(self)))
        scores = whole.once(key, lambda: np.full(len(whole), np.nan))
        new = which[np.isnan(scores.take(which))]
        if len(new):
            scores[new] = score(self.values.some(key[1], whole.left.take(new)), self.values.some(key[1], whole.right.take(new)))
        return scores.take(which)

    def common_letters(self, part: str = "value", *, first: bool = False) -> CommonLetters:
        """A bound on the letters in common, over a view of the values."""
        bags = self.values.bags(part)
        return self.once((f"common, {first}", part), lambda: common_letters(bags, self.left, self.right, first=first))

    def shortest(self, part: str = "value") -> npt.NDArray[np.int32]:
        """Letters of the shorter value of each pair."""
        lengths = self.values.lengths(part)
        return self.once(("shortest", part), lambda: np.minimum(lengths.take(self.left), lengths.take(self.right)))

    def equal(self, part: str = "value") -> Bools:
        """Whether the two values, or the two parts, are equal."""
        if part == "value":
            same: Bools = self.left == self.right
        else:
            codes = self.values.codes(part)
            same = codes.take(self.left) == codes.take(self.right)
        return same

    def where(self, candidates: Bools, claim: Callable[[Any, Any], bool], of: Texts) -> Bools:
        """Whether `claim` holds of each candidate pair, for claims that only a loop can check."""
        found = np.zeros(len(self), bool)
        positions = np.flatnonzero(candidates)
        lefts, rights = of[self.left[positions]], of[self.right[positions]]
        found[positions] = np.fromiter(map(claim, lefts, rights), bool, len(positions))
        return found

    def once(self, key: tuple[str, str], make: Callable[[], T]) -> T:
        """What `make` computes of these pairs; computed at the first call under this key."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept


def dense_codes(array: pa.LargeStringArray) -> npt.NDArray[np.int32]:
    """Equal numbers for equal values."""
    codes: npt.NDArray[np.int32] = numpy_array(array.dictionary_encode().indices)
    return codes


VIEWS: dict[str, Callable[[pa.LargeStringArray], pa.LargeStringArray]] = {
    "local_part": lambda array: pc.replace_substring_regex(array, "(?s)@.*", ""),
    "compact": lambda array: pc.replace_substring(array, " ", ""),
}
PARTS = ("value", *VIEWS)  # what a level may look at
