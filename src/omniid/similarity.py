"""How alike two strings are: `(a, b) -> float in [0, 1]`, one signature, one scale.

Every similarity is symmetric, 1 exactly when the values are equal in its eyes, and never raises on any string. Thin over
rapidfuzz; `similarities` and `edits` are the batch forms over arrays of value pairs.

::

    jaro_winkler   names: typing slips late in the word cost less than early ones
    levenshtein    1 - insertions, deletions, substitutions / longer length
    damerau        the same, and two neighbouring letters exchanged are one edit
    ratio          1 - insertions and deletions / total length: phrases
    token_sort     ratio of the words in sorted order
    token_set      ratio of the shared words with the rest: extra words cost little
    qgrams         shared letter pairs / all letter pairs
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler, Levenshtein

from omniid.errors import SpecError

__all__ = [
    "EPSILON",
    "SIMILARITIES",
    "damerau",
    "edits",
    "jaro_winkler",
    "levenshtein",
    "qgrams",
    "ratio",
    "similarities",
    "token_set",
    "token_sort",
]

Strings = Sequence[str] | npt.NDArray[np.object_]
Scores = npt.NDArray[np.float64]

# A cut "at least 0.92" accepts 0.92 - EPSILON: sums of fractions such as 1/3 + 1/3 + 1/3 miss their exact value by some 1e-16,
# and no two values that a similarity of short strings can take lie this close together.
EPSILON = 1e-9


def jaro_winkler(a: str, b: str) -> float:
    """Jaro–Winkler similarity, the usual one for names.

    Parameters
    ----------
    a, b
        Two strings in any order.

    Returns
    -------
    float
        1 for equal strings, 0 for strings without a common letter.

    References
    ----------
    Winkler, "String comparator metrics and enhanced decision rules in the Fellegi-Sunter model", 1990.

    Examples
    --------
    >>> round(jaro_winkler("martha", "marhta"), 3)
    0.961
    """
    return float(JaroWinkler.similarity(min(a, b), max(a, b)))


def levenshtein(a: str, b: str) -> float:
    """One minus the edits (insert, delete, substitute) per letter of the longer string.

    Parameters
    ----------
    a, b
        Two strings in any order.

    Examples
    --------
    >>> levenshtein("anna", "anne")
    0.75
    """
    return float(Levenshtein.normalized_similarity(min(a, b), max(a, b)))


def damerau(a: str, b: str) -> float:
    """Like `levenshtein`, but two neighbouring letters exchanged count as one edit.

    Parameters
    ----------
    a, b
        Two strings in any order.

    References
    ----------
    Damerau, "A technique for computer detection and correction of spelling errors", CACM 1964 (here: optimal string
    alignment, which edits no substring twice).

    Examples
    --------
    >>> damerau("brian", "brain"), levenshtein("brian", "brain")
    (0.8, 0.6)
    """
    return float(OSA.normalized_similarity(min(a, b), max(a, b)))


def ratio(a: str, b: str) -> float:
    """One minus the insertions and deletions per letter of both strings.

    Parameters
    ----------
    a, b
        Two strings in any order.

    Examples
    --------
    >>> round(ratio("12 main st", "12 main street"), 3)
    0.833
    """
    return 1.0 if a == b else float(fuzz.ratio(min(a, b), max(a, b))) / 100.0


def token_sort(a: str, b: str) -> float:
    """`ratio` of the words in sorted order, so that word order does not matter.

    Parameters
    ----------
    a, b
        Two strings in any order.

    Examples
    --------
    >>> token_sort("smith john", "john smith")
    1.0
    """
    return 1.0 if a == b else float(fuzz.token_sort_ratio(min(a, b), max(a, b))) / 100.0


def token_set(a: str, b: str) -> float:
    """`ratio` of the shared words with the remaining ones: words that only one side has cost little.

    Parameters
    ----------
    a, b
        Two strings in any order.

    Examples
    --------
    >>> token_set("12 main st", "12 main st apt 4")
    1.0
    """
    return 1.0 if a == b else float(fuzz.token_set_ratio(min(a, b), max(a, b))) / 100.0


def qgrams(a: str, b: str) -> float:
    """Share of distinct letter pairs that both strings have (Jaccard); a string of one letter is its own gram.

    Parameters
    ----------
    a, b
        Two strings in any order.

    Examples
    --------
    >>> qgrams("night", "nights")
    0.8
    """
    if a == b:
        return 1.0
    left, right = _grams(a), _grams(b)
    return len(left & right) / len(left | right)


def _grams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(max(len(text) - 1, 1))}


SIMILARITIES: Mapping[str, Callable[[str, str], float]] = MappingProxyType(
    {f.__name__: f for f in (damerau, jaro_winkler, levenshtein, qgrams, ratio, token_set, token_sort)}
)
_SCORERS: Mapping[str, tuple[Any, float]] = MappingProxyType(
    {
        "damerau": (OSA.normalized_similarity, 1.0),
        "jaro_winkler": (JaroWinkler.similarity, 1.0),
        "levenshtein": (Levenshtein.normalized_similarity, 1.0),
        "ratio": (fuzz.ratio, 100.0),
        "token_set": (fuzz.token_set_ratio, 100.0),
        "token_sort": (fuzz.token_sort_ratio, 100.0),
    }
)
_EDITS: Mapping[str, Any] = MappingProxyType({"damerau": OSA.distance, "levenshtein": Levenshtein.distance})


def similarities(name: str, left: Strings, right: Strings, *, workers: int = 1) -> Scores:
    """One similarity of many pairs at once; the same numbers as the function of that name.

    Parameters
    ----------
    name
        A key of `SIMILARITIES`.
    left, right
        Strings of pair i at position i; same length. Pass distinct pairs: repeats are computed again.
    workers
        Threads; the result does not depend on it.

    Returns
    -------
    numpy.ndarray
        float64 in [0, 1], one per pair.

    Raises
    ------
    SpecError
        If no similarity has that name.

    Examples
    --------
    >>> similarities("levenshtein", ["anna", "bob"], ["anne", "bob"]).tolist()
    [0.75, 1.0]
    """
    if name not in SIMILARITIES:
        raise SpecError(f"there is no similarity {name!r}; choose one of {', '.join(sorted(SIMILARITIES))}")
    if len(left) == 0:
        return np.zeros(0)
    first, second = _ordered(left, right)
    if name not in _SCORERS:
        pure = SIMILARITIES[name]
        return np.array([pure(a, b) for a, b in zip(first, second, strict=True)])
    scorer, scale = _SCORERS[name]
    scores: Scores = process.cpdist(first, second, scorer=scorer, dtype=np.float64, workers=workers) / scale
    scores[np.asarray(first == second, dtype=bool)] = 1.0
    return scores


def edits(name: str, left: Strings, right: Strings, *, workers: int = 1) -> npt.NDArray[np.int32]:
    """Number of edits between the strings of many pairs.

    Parameters
    ----------
    name
        "levenshtein" or "damerau".
    left, right
        Strings of pair i at position i; same length.
    workers
        Threads; the result does not depend on it.

    Returns
    -------
    numpy.ndarray
        int32, one per pair.

    Raises
    ------
    SpecError
        If the name is neither.

    Examples
    --------
    >>> edits("damerau", ["brian"], ["brain"]).tolist(), edits("levenshtein", ["brian"], ["brain"]).tolist()
    ([1], [2])
    """
    if name not in _EDITS:
        raise SpecError(f"there is no edit distance {name!r}; choose damerau or levenshtein")
    if len(left) == 0:
        return np.zeros(0, np.int32)
    counted: npt.NDArray[np.int32] = process.cpdist(
        _objects(left), _objects(right), scorer=_EDITS[name], dtype=np.int32, workers=workers
    )
    return counted


def _objects(strings: Strings) -> npt.NDArray[np.object_]:
    if isinstance(strings, np.ndarray):
        return strings
    array = np.empty(len(strings), object)
    array[:] = strings
    return array


def _ordered(left: Strings, right: Strings) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """The smaller string of each pair first: greedy matching and float sums then cannot depend on the side."""
    first, second = _objects(left), _objects(right)
    turned = np.asarray(first > second, dtype=bool)
    if turned.any():
        first, second = np.where(turned, second, first), np.where(turned, first, second)
    return first, second
