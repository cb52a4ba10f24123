"""Pairs of records: candidates, their comparison vectors, their match weights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables.units import Levels, Rows, Weights

__all__ = ["TIERS", "CandidatePairs", "ComparisonTraits", "ComparisonVectors", "PairChunk", "ScoredPairs", "VectorChunk"]

TIERS = ("weighed", "strong", "unique")


class PairChunk(NamedTuple):
    """Candidate pairs: rows `left` < `right`, and the position of the first rule that found each."""

    left: Rows
    right: Rows
    rule: npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class CandidatePairs:
    """Pairs worth comparing, made chunk by chunk each time they are iterated; no pair comes twice.

    Parameters
    ----------
    rules
        Names of the blocking rules, in order.
    make
        Called for each iteration; yields `PairChunk`s of bounded size in a fixed order.
    """

    rules: tuple[str, ...]
    make: Callable[[], Iterator[PairChunk]]

    def __iter__(self) -> Iterator[PairChunk]:
        return self.make()


@dataclass(frozen=True)
class ComparisonTraits:
    """What a matcher must know of a comparison: its levels, and how they behave among strangers and relatives.

    Parameters
    ----------
    name
        The comparison's name.
    levels
        Names of its levels, "else" first, the closest last; level 0 is "else", and -1 (missing) is not listed.
    prior_m
        First guess of m per level, same length as `levels`; sums to 1.
    shared_by_relatives
        Whether relatives and housemates often agree on it (surname, address, phone …), so that their share is learned.
    frequency
        The field whose value frequency adjusts the level "exact", or None.
    swaps_with
        The comparison that is missing where this one has the level "swapped" (first name and surname exchanged), or None.
    equals
        The field whose values are equal at the level "exact", and nowhere else, so that value counts tell its chance; or None.
    within
        A level below "exact" that holds where the values of another field are equal, as of a city, and that field; or None.

    Examples
    --------
    >>> ComparisonTraits("first_name", ("else", "exact", "swapped"), (0.2, 0.7, 0.1), swaps_with="last_name").exact
    1
    """

    name: str
    levels: tuple[str, ...]
    prior_m: tuple[float, ...]
    shared_by_relatives: bool = False
    frequency: str | None = None
    swaps_with: str | None = None
    equals: str | None = None
    within: tuple[int, str] | None = None

    @property
    def exact(self) -> int:
        """Position of the level "exact", or of the closest level where none has that name."""
        return self.levels.index("exact") if "exact" in self.levels else len(self.levels) - 1


class VectorChunk(NamedTuple):
    """Comparison vectors of some pairs: `levels` is int8 of shape (pairs, comparisons), row-major."""

    left: Rows
    right: Rows
    rule: npt.NDArray[np.int16]
    levels: Levels


@dataclass(frozen=True, eq=False)
class ComparisonVectors:
    """Agreement levels of all candidate pairs, re-iterable by chunk.

    Parameters
    ----------
    comparisons
        Names of the comparisons, one per column of `levels`.
    n_levels
        Levels per comparison, "else" included and missing not: valid levels are -1 … n_levels - 1.
    rules
        Names of the blocking rules that `rule` points to.
    make
        Called for each iteration; yields `VectorChunk`s.
    """

    comparisons: tuple[str, ...]
    n_levels: tuple[int, ...]
    rules: tuple[str, ...]
    make: Callable[[], Iterator[VectorChunk]]

    def __iter__(self) -> Iterator[VectorChunk]:
        return self.make()


@dataclass(frozen=True, eq=False)
class ScoredPairs:
    """Pairs with their match weight, sorted by (left, right), each pair once.

    Parameters
    ----------
    left, right
        Rows, left < right.
    weight
        Match weight in millionths of a bit, prior included; the match probability is derived from it.
    tier
        int8 position in `TIERS`: "weighed", or "strong" and "unique" where an identifier links on its own.
    rule
        int16 position in `rules`: the first blocking rule that found the pair.
    levels
        int8 of shape (pairs, comparisons).
    comparisons, rules
        Names that `levels` and `rule` point to.
    """

    left: Rows
    right: Rows
    weight: Weights
    tier: npt.NDArray[np.int8]
    rule: npt.NDArray[np.int16]
    levels: Levels
    comparisons: tuple[str, ...]
    rules: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.left)

    @classmethod
    def empty(cls, comparisons: tuple[str, ...], rules: tuple[str, ...]) -> "ScoredPairs":
        """No pairs, of such comparisons and rules."""
        rows, levels = np.zeros(0, np.int32), np.zeros((0, len(comparisons)), np.int8)
        return cls(rows, rows, np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.int16), levels, comparisons, rules)

    def take(self, positions: npt.NDArray[np.intp]) -> "ScoredPairs":
        """A selection of the pairs, in the order of `positions`."""
        return ScoredPairs(
            self.left[positions],
            self.right[positions],
            self.weight[positions],
            self.tier[positions],
            self.rule[positions],
            self.levels[positions],
            self.comparisons,
            self.rules,
        )
