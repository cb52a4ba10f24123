"""Comparison levels: ordered outcomes of comparing two values, each a frozen declaration that says in words what it means.

A level answers one question on pairs of distinct values (`holds`), symmetric in the two; which level counts when several hold
is the comparison's business: the first one declared. Nothing here ever sees a missing value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from omniid.comparison.values import Bools, ValuePairs, Values
from omniid.errors import SpecError
from omniid.similarity import EPSILON

__all__ = [
    "AnyOf",
    "Custom",
    "Exact",
    "Level",
    "Numeric",
    "On",
    "Overlap",
    "is_by_codes",
    "level_holds",
    "may_hold",
]


@runtime_checkable
class Level(Protocol):
    """One outcome of a comparison.

    A level has a `name` (short, unique within its comparison), says in words what it `means`, and `holds` of some value pairs.

    Two more attributes are welcome and save most of the time. `by_codes = True` says that `holds` needs no look at strings pair
    by pair, only at numbers derived once per value. Other levels may have a method `may_hold(pairs)`, a cheap condition that is
    true of each pair of which the level holds, and of as few others as possible.

    Examples
    --------
    >>> isinstance(Exact(), Level)
    True
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - explained above

    @property
    def means(self) -> str: ...  # noqa: D102 - explained above

    def holds(self, pairs: ValuePairs) -> Bools: ...  # noqa: D102 - explained above


def is_by_codes(level: Level) -> bool:
    """Whether a level's `holds` is cheap, and its own necessary condition."""
    return bool(getattr(level, "by_codes", False))


def may_hold(level: Level, pairs: ValuePairs) -> Bools:
    """A cheap necessary condition of `holds`; where False the level does not hold.

    Parameters
    ----------
    level
        Any level on values; one that tells no condition may always hold.
    pairs
        Pairs of values.

    Examples
    --------
    >>> from omniid.comparison import JaroWinkler
    >>> pairs = ValuePairs(Values(["anna", "hanna", "boris"]), np.array([0, 0], np.int32), np.array([1, 2], np.int32))
    >>> may_hold(JaroWinkler(0.8), pairs).tolist()
    [True, False]
    """
    if is_by_codes(level):
        return level.holds(pairs)
    condition = getattr(level, "may_hold", None)
    may: Bools = np.ones(len(pairs), bool) if condition is None else condition(pairs)
    return may


def level_holds(level: Level, left: str, right: str) -> bool:
    """Whether a level holds of one pair of values.

    Parameters
    ----------
    level
        Any level on values.
    left, right
        Two normal forms, in any order.

    Examples
    --------
    >>> from omniid.comparison import JaroWinkler
    >>> level_holds(JaroWinkler(0.9), "martha", "marhta")
    True
    """
    values = Values([left] if left == right else [left, right])
    return bool(level.holds(ValuePairs(values, np.array([0], np.int32), np.array([len(values) - 1], np.int32)))[0])


def check_share(level: object, value: float) -> None:
    """Refuse a similarity cut outside (0, 1]."""
    if not 0 < value <= 1:
        raise SpecError(
            f"{type(level).__name__}(at_least={value}) can never tell pairs apart; use a number above 0 and up to 1"
        )


def check_count(level: object, name: str, value: float, least: float) -> None:
    """Refuse a count or distance below the least that makes sense."""
    if not value >= least:
        raise SpecError(f"{type(level).__name__}({name}={value}) can never hold; use {least} or more")


@dataclass(frozen=True)
class Exact:
    """The two normal forms are equal.

    Examples
    --------
    >>> level_holds(Exact(), "anna", "anna"), level_holds(Exact(), "anna", "anne")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="exact", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "equal"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of equal values."""
        return pairs.equal()


@dataclass(frozen=True)
class Numeric:
    """Two numbers differ by little; a value that is no number is never close to another.

    Parameters
    ----------
    at_most
        Largest absolute difference, or share of the larger number where `relative`.
    relative
        Whether `at_most` is a share.

    Examples
    --------
    >>> level_holds(Numeric(0.1, relative=True), "100", "109"), level_holds(Numeric(5), "100", "109")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    at_most: float
    relative: bool = field(default=False, kw_only=True)
    name: str = field(default="close", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_most", self.at_most, 0)

    @property
    def means(self) -> str:
        """In words."""
        return f"numbers at most {self.at_most:.3%} apart" if self.relative else f"numbers at most {self.at_most:g} apart"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of close numbers."""
        numbers = pairs.values.derived("numbers", lambda v: np.fromiter(map(_number, v.texts), np.float64, len(v)))
        left, right = numbers[pairs.left], numbers[pairs.right]
        allowed = self.at_most * (np.maximum(np.abs(left), np.abs(right)) if self.relative else 1.0)
        return np.abs(left - right) <= allowed + EPSILON


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return float("nan")
    return number if abs(number) < float("inf") else float("nan")


@dataclass(frozen=True)
class Overlap:
    """Records that hold several values have some in common; a record with one value has one.

    Parameters
    ----------
    at_least
        Distinct values that both records must hold.
    """

    by_codes: ClassVar[bool] = True
    at_least: int = 1
    name: str = field(default="overlap", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_least", self.at_least, 1)

    @property
    def means(self) -> str:
        """In words."""
        return f"at least {self.at_least} value{'s' * (self.at_least != 1)} in common"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of equal values if one value in common is enough; `holds_sets` knows the rest."""
        return pairs.equal() if self.at_least == 1 else np.zeros(len(pairs), bool)

    def holds_sets(self, shared: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Bools:
        """True per pair of records that share enough values."""
        return shared >= self.at_least


@dataclass(frozen=True)
class Custom:
    """A claim of your own, checked once per distinct pair of values.

    Parameters
    ----------
    claim
        Called with two different normal forms, the smaller first, or with equal ones; True where the level holds.
    means
        The claim in words, for explanations.
    name
        Short name of the level.

    Examples
    --------
    >>> level_holds(Custom(lambda a, b: a[:3] == b[:3], "same first three letters", name="prefix"), "anna", "anneliese")
    True
    """

    claim: Callable[[str, str], bool]
    means: str
    name: str = field(default="custom", kw_only=True)

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of which the claim is true."""
        return pairs.where(np.ones(len(pairs), bool), lambda a, b: self.claim(min(a, b), max(a, b)), pairs.values.texts)


@dataclass(frozen=True)
class On:
    """A level of another field, for comparisons that read several: `On("city", Exact())`.

    Parameters
    ----------
    field
        Name of the field.
    level
        What must hold of its values.
    """

    field: str
    level: Level

    @property
    def name(self) -> str:
        """The inner level's name."""
        return self.level.name

    @property
    def means(self) -> str:
        """In words."""
        return f"{self.field} {self.level.means}"

    def holds(self, pairs: ValuePairs) -> Bools:
        """As the inner level."""
        return self.level.holds(pairs)


@dataclass(frozen=True)
class AnyOf:
    """One of several levels holds.

    Parameters
    ----------
    levels
        Levels on this or, wrapped in `On`, on other fields.
    name
        Short name of the whole.

    Examples
    --------
    >>> from omniid.comparison import DamerauLevenshtein
    >>> code = AnyOf((DamerauLevenshtein(1, shortest=5), DamerauLevenshtein(2, shortest=8)), name="alike")
    >>> level_holds(code, "12345678", "12345687"), level_holds(code, "123", "124")
    (True, False)
    """

    levels: Sequence[Level]
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", tuple(self.levels))
        if not self.levels:
            raise SpecError(f"AnyOf(name={self.name!r}) lists no level and can never hold; give it at least one")

    @property
    def means(self) -> str:
        """In words."""
        return ", or ".join(level.means for level in self.levels)

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of which some level holds."""
        found: Bools = np.logical_or.reduce([level.holds(pairs) for level in self.levels])
        return found
