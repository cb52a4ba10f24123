"""What the fused kernel reads of the other stages: small protocols, so that rooms stay apart."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from omniid.tables.pairs import ComparisonTraits
from omniid.tables.units import Codes, Levels, Rows, Weights

__all__ = [
    "UNKNOWN",
    "Ends",
    "Finder",
    "KernelPlan",
    "KnownLevels",
    "LocalPairs",
    "OutcomeMasks",
    "PairGrader",
    "PairWeights",
    "Screen",
    "Strip",
]

UNKNOWN = -2  # in place of a level: it has to be worked out

Flags = npt.NDArray[np.bool_]
OutcomeMasks = npt.NDArray[np.uint16]  # bit 0: missing, bit 1 + l: level l may be what a comparison comes to


class LocalPairs(NamedTuple):
    """Pairs as positions `left`, `right` in a short list of `rows`, so that looking up their values stays in the cache."""

    rows: Rows
    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]


class Strip(NamedTuple):
    """Pairs not yet made: record i of a list with each of the next `partners[i]` records of it.

    Parameters
    ----------
    rows
        The records; only the first `len(partners)` of them have partners of their own.
    partners
        How many of the records that follow one are paired with it.
    kept
        Leaves out the pairs, as positions in `rows`, that another strip makes.
    """

    rows: Rows
    partners: npt.NDArray[np.int64]
    kept: Callable[[LocalPairs], LocalPairs]


class Finder(Protocol):
    """A blocking rule made ready for one table.

    `pieces` yields work that makes the rule's pairs, each pair once, left row before right row, about `chunk` at a time; with
    `sample`, a flag per row, only the pairs whose left row is flagged. `strips` are the same pairs in another order, for those
    who can tell which of them are worth making; None where a rule has few pairs a record. `holds` says for which pairs the rule
    holds: exactly those that `pieces` makes. `key` has one code per row that is equal for two rows exactly where the rule holds
    for them, negative and unlike all others where it holds for no other row; None for a rule that no single code expresses.
    """

    @property
    def n_made(self) -> int:
        """Pairs that the pieces go through: the pairs found, plus repeated meetings."""
        ...

    @property
    def key(self) -> Codes | None:
        """One code per row, or None."""
        ...

    def pieces(self, chunk: int, sample: Flags | None = None) -> Iterator[Callable[[], LocalPairs]]:
        """Work that makes the pairs."""
        ...

    def strips(self, chunk: int) -> Iterator[Strip] | None:
        """The rule's pairs as strips of about `chunk` pairs."""
        ...

    def holds(self, pairs: LocalPairs) -> Flags:
        """Whether the rule finds each of these pairs."""
        ...


class Ends(NamedTuple):
    """Two hashed bytes per record, one of which agrees for all pairs that are but one edit apart.

    Parameters
    ----------
    codes
        uint8 of shape (rows, 2).
    loose
        bool per row: its ends tell nothing.
    if_far
        Mask of the outcomes that are possible where the codes of a screen differ, neither is loose, and both ends differ.
    """

    codes: npt.NDArray[np.uint8]
    loose: Flags
    if_far: int


class KnownLevels(NamedTuple):
    """Levels of one comparison that a small number per record finds, for pairs of frequent values.

    Parameters
    ----------
    places
        int32 per row: the place of its value, one beyond all others where it is missing or not frequent.
    levels
        Places of both sides of pairs → int8 levels, `UNKNOWN` where a side has no place. It is the pair's level for certain.
    """

    places: Codes
    levels: Callable[[Codes, Codes], npt.NDArray[np.int8]]


class Screen(Protocol):
    """What one code per record tells of a comparison's outcome, before any value is looked at."""

    @property
    def codes(self) -> Codes:
        """int32 per row, -1 where the field is missing."""
        ...

    @property
    def if_equal(self) -> int:
        """Mask of the outcomes that are possible where both codes are there and equal."""
        ...

    @property
    def if_different(self) -> int:
        """The same where both are there and differ."""
        ...

    @property
    def if_absent(self) -> int:
        """The same where one of them is -1."""
        ...

    @property
    def ends(self) -> Ends | None:
        """What tells most different values apart, where one edit at most is a level; None elsewhere."""
        ...


class PairGrader(Protocol):
    """Comparisons made ready for one table."""

    def screens(self) -> Sequence[Screen]:
        """One per comparison."""
        ...

    def prepare(self, workers: int = 1) -> None:
        """Derive in threads what the other calls need of the values."""
        ...

    def possible(self, number: int, left: Rows, right: Rows, *, differ: bool = False, looked_up: bool = False) -> OutcomeMasks:
        """The outcomes of one comparison that look-up tables leave possible for each pair, before any other silences it.

        `differ` says that the codes of the comparison's screen are there and differ for all pairs, `looked_up` that its
        `known_levels` have been asked for all of them, in vain.
        """
        ...

    def known_levels(self, number: int) -> KnownLevels | None:
        """What finds the levels of one comparison for most pairs of rows at once; None where nothing does."""
        ...

    def silencers(self, number: int) -> Sequence[tuple[int, int]]:
        """Which comparisons silence one, and the mask of their outcomes at which they do."""
        ...

    def grade(self, number: int, left: Rows, right: Rows, among: OutcomeMasks | None = None) -> npt.NDArray[np.int8]:
        """The level of one comparison for each pair, before any other silences it; `among` is what `possible` left."""
        ...

    def silence(self, levels: Levels) -> None:
        """Set to missing, in place, what another comparison has told already."""
        ...


class PairWeights(Protocol):
    """A model compiled to integer tables for one table of records, all in millionths of a bit."""

    @property
    def start(self) -> int:
        """The most that a pair has before its levels count: the prior odds, and what some pairs gain by all levels together."""
        ...

    def best(self, number: int) -> Weights:
        """Per outcome mask, the most that a comparison can add, the value frequency of its exact level apart."""
        ...

    def boost(self, number: int, rows: Rows) -> Weights:
        """Per row, the most that value frequency can add where the comparison is exact."""
        ...

    def score(
        self, left: Rows, right: Rows, levels: Levels, *, at_least: int | None = None
    ) -> tuple[npt.NDArray[np.intp], Weights]:
        """Positions and match weights of the pairs that reach a weight."""
        ...


@dataclass(frozen=True, eq=False)
class KernelPlan:
    """All that the kernel needs to turn the records of one table into scored pairs.

    Parameters
    ----------
    n_rows
        Number of records.
    finders
        Blocking rules made ready, in order.
    rules
        Their names.
    grader
        Comparisons made ready.
    weights
        The model's tables.
    traits
        The comparisons.
    cut
        Pairs below this many millionths of a bit are dropped; None keeps all.
    link_at
        Weight to which a pair is raised for which a link rule holds.
    tiers
        (left, right, levels) → int8 tier per pair, 0 where no link rule holds; None without rules.
    needed
        Per link rule, comparison number → mask of the outcomes of which the pair must have one.
    """

    n_rows: int
    finders: Sequence[Finder]
    rules: tuple[str, ...]
    grader: PairGrader
    weights: PairWeights
    traits: Sequence[ComparisonTraits]
    cut: int | None
    link_at: int = 0
    tiers: Callable[[Rows, Rows, Levels], npt.NDArray[np.int8]] | None = None
    needed: Sequence[Mapping[int, int]] = field(default=())
