"""Distinct values of one field, pairs of them, and what levels derive from them; each derived thing is computed once."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid import similarity
from omniid.comparison.bounds import LetterCounts, letter_counts, may_be_edits, may_be_jaro_winkler, may_be_ratio

__all__ = ["PARTS", "Bools", "Positions", "Texts", "ValuePairs", "Values"]

Bools = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int32]
Texts = npt.NDArray[np.object_]
T = TypeVar("T")
FLOOR = 0.7  # one exact look serves all cuts from here on; hardly a comparison cuts lower
_MAY_REACH = {"jaro_winkler": may_be_jaro_winkler, "ratio": may_be_ratio}


class Values:
    """The distinct values of a field, in code order.

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
        self._vocabulary = vocabulary
        self._derived: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self._vocabulary)

    def derived(self, name: str, make: Callable[["Values"], T]) -> T:
        """What `make` computes from these values; computed at the first call under this name."""
        if name not in self._derived:
            self._derived[name] = make(self)
        kept: T = self._derived[name]
        return kept

    @property
    def texts(self) -> Texts:
        """The values as an object array of strings."""
        return self.derived("texts", _texts)

    def view(self, part: str) -> Texts:
        """The values themselves ("value") or one part of each ("local_part", "compact")."""
        return self.texts if part == "value" else self.derived(part, VIEWS[part])

    def lengths(self, part: str = "value") -> npt.NDArray[np.int32]:
        """Letters per value of a view."""
        return self.derived(f"lengths of {part}", lambda v: np.fromiter(map(len, v.view(part)), np.int32, len(v)))

    def codes(self, part: str) -> npt.NDArray[np.int32]:
        """Equal numbers for equal parts."""
        return self.derived(f"codes of {part}", lambda v: _dense(v.view(part)))

    def letters(self, part: str = "value") -> LetterCounts:
        """Letter counts of a view."""
        return self.derived(f"letters of {part}", lambda v: letter_counts(v.view(part)))

    def words(self) -> Texts:
        """The words of each value as a tuple."""
        return self.derived("words", lambda v: _mapped(v.texts, lambda text: tuple(text.split())))

    def word_counts(self) -> npt.NDArray[np.int32]:
        """Words per value."""
        return self.derived("word counts", lambda v: np.fromiter((t.count(" ") + 1 for t in v.texts), np.int32, len(v)))


class ValuePairs:
    """Pairs of distinct values, as positions; scores that several levels need are computed once.

    Parameters
    ----------
    values
        The values.
    left, right
        Positions of pair i's values; the same length.
    workers
        Threads for string similarities.

    Examples
    --------
    >>> pairs = ValuePairs(Values(["anna", "anne"]), np.array([0], np.int32), np.array([1], np.int32))
    >>> pairs.scores("levenshtein").tolist()
    [0.75]
    """

    def __init__(self, values: Values, left: Positions, right: Positions, *, workers: int = 1) -> None:
        self.values = values
        self.left = left
        self.right = right
        self._workers = workers
        self._kept: dict[tuple[str, str], Any] = {}

    def __len__(self) -> int:
        return len(self.left)

    def scores(self, name: str, part: str = "value") -> npt.NDArray[np.float64]:
        """A similarity of each pair, over a view of the values."""
        return self._once((name, part), lambda: self._scores(name, part, slice(None)))

    def at_least(self, name: str, cut: float, part: str = "value") -> Bools:
        """Whether a similarity reaches a cut, without an exact look at pairs that cannot."""
        if name not in _MAY_REACH or cut < FLOOR + similarity.EPSILON:
            reached: Bools = self.scores(name, part) >= cut - similarity.EPSILON
        else:
            reached = self._once((f"{name} from {FLOOR}", part), lambda: self._likely(name, part)) >= cut - similarity.EPSILON
        return reached

    def within(self, name: str, at_most: int, part: str = "value") -> Bools:
        """Whether an edit distance stays within a number, without an exact look at pairs that cannot."""
        near: Bools = self._once((f"{name} to {at_most}", part), lambda: self._near(name, at_most, part))
        return near

    def _scores(self, name: str, part: str, which: slice | npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        texts = self.values.view(part)
        return similarity.similarities(name, texts[self.left[which]], texts[self.right[which]], workers=self._workers)

    def _likely(self, name: str, part: str) -> npt.NDArray[np.float64]:
        may = np.flatnonzero(_MAY_REACH[name](self.values.letters(part), self.left, self.right, FLOOR))
        scores = np.zeros(len(self))
        scores[may] = self._scores(name, part, may)
        return scores

    def _near(self, name: str, at_most: int, part: str) -> Bools:
        near = may_be_edits(self.values.letters(part), self.left, self.right, at_most)
        may, texts = np.flatnonzero(near), self.values.view(part)
        edits = similarity.edits(name, texts[self.left[may]], texts[self.right[may]], workers=self._workers)
        near[may] = edits <= at_most
        return near

    def shortest(self, part: str = "value") -> npt.NDArray[np.int32]:
        """Letters of the shorter value of each pair."""
        lengths = self.values.lengths(part)
        return np.minimum(lengths[self.left], lengths[self.right])

    def equal(self, part: str = "value") -> Bools:
        """Whether the two values, or the two parts, are equal."""
        if part == "value":
            same: Bools = self.left == self.right
        else:
            codes = self.values.codes(part)
            same = codes[self.left] == codes[self.right]
        return same

    def where(self, candidates: Bools, claim: Callable[[Any, Any], bool], of: Texts) -> Bools:
        """Whether `claim` holds of each candidate pair, for claims that only a loop can check."""
        found = np.zeros(len(self), bool)
        positions = np.flatnonzero(candidates)
        lefts, rights = of[self.left[positions]], of[self.right[positions]]
        found[positions] = np.fromiter(map(claim, lefts, rights), bool, len(positions))
        return found

    def _once(self, key: tuple[str, str], make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept


def _texts(values: Values) -> Texts:
    vocabulary = values._vocabulary  # noqa: SLF001 - the only reader of the array as it came
    return np.fromiter(vocabulary if isinstance(vocabulary, list) else vocabulary.to_pylist(), object, len(vocabulary))


def _mapped(texts: Texts, function: Callable[[str], Any]) -> Texts:
    return np.fromiter(map(function, texts), object, len(texts))


def _dense(texts: Texts) -> npt.NDArray[np.int32]:
    codes: npt.NDArray[np.int32] = pa.array(texts, pa.large_string()).dictionary_encode().indices.to_numpy().astype(np.int32)
    return codes


VIEWS: dict[str, Callable[[Values], Texts]] = {
    "local_part": lambda values: _mapped(values.texts, lambda text: text.partition("@")[0]),
    "compact": lambda values: _mapped(values.texts, lambda text: text.replace(" ", "")),
}
PARTS = ("value", *VIEWS)  # what a level may look at
