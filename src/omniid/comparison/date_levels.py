"""Comparison levels for dates in the normal form YYYY-MM-DD, or YYYY-MM or YYYY where no more is known."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.comparison.levels import check_count
from omniid.comparison.values import Bools, Positions, ValuePairs, Values
from omniid.errors import SpecError

__all__ = ["DateDifference", "DateParts", "DayMonthExchanged", "Partial", "SameDate", "SameYear"]

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


class _Dates(NamedTuple):
    """Parts per value, -1 where unknown; `full` where the day is known."""

    year: npt.NDArray[np.int32]
    month: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    full: Bools

    def at(self, positions: Positions) -> "_Dates":
        return _Dates(self.year[positions], self.month[positions], self.day[positions], self.full[positions])


def _dates(pairs: ValuePairs) -> tuple[_Dates, _Dates]:
    parts = pairs.values.derived("date parts", _parsed)
    return parts.at(pairs.left), parts.at(pairs.right)


def _parsed(values: Values) -> _Dates:
    table = np.full((3, len(values)), -1, np.int32)
    for position, text in enumerate(values.texts):
        if found := _DATE.fullmatch(text):
            table[:, position] = [-1 if part is None else int(part) for part in found.groups()]
    return _Dates(table[0], table[1], table[2], table[2] >= 0)


@dataclass(frozen=True)
class SameDate:
    """Both dates are known to the day, and equal: two bare years that agree are only `Partial`.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SameDate(), "1980-05-03", "1980-05-03"), level_holds(SameDate(), "1980", "1980")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="exact", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "the same day"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of equal full dates."""
        left, _ = _dates(pairs)
        found: Bools = pairs.equal() & left.full
        return found


@dataclass(frozen=True)
class Partial:
    """One date or both lack the day or the month, and what is known of both agrees: no disagreement.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(Partial(), "1980", "1980-05-03"), level_holds(Partial(), "1980-06", "1980-05-03")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="partial", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "one date is known in part only, and that part agrees"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair that agrees as far as both are known."""
        left, right = _dates(pairs)
        month = (left.month == right.month) | (left.month < 0) | (right.month < 0)
        found: Bools = (left.year >= 0) & (left.year == right.year) & month & ~(left.full & right.full)
        return found


@dataclass(frozen=True)
class SameYear:
    """The years are equal.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SameYear(), "1980-05-03", "1980-11-30")
    True
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="same year", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "the same year"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of one year."""
        left, right = _dates(pairs)
        found: Bools = (left.year >= 0) & (left.year == right.year)
        return found


@dataclass(frozen=True)
class DateParts:
    """Some of year, month and day are equal, both dates being known to the day.

    Parameters
    ----------
    at_least
        Parts that agree: 1, 2 or 3.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(DateParts(2), "1980-05-03", "1980-05-28"), level_holds(DateParts(2), "1980-05-03", "1981-06-03")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    at_least: int = 2
    name: str = field(default="two parts", kw_only=True)

    def __post_init__(self) -> None:
        if self.at_least not in (1, 2, 3):
            raise SpecError(f"DateParts(at_least={self.at_least}): a date has year, month and day; use 1, 2 or 3")

    @property
    def means(self) -> str:
        """In words."""
        return f"at least {self.at_least} of year, month and day equal"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair with enough equal parts."""
        left, right = _dates(pairs)
        equal = (left.year == right.year).astype(np.int8) + (left.month == right.month) + (left.day == right.day)
        found: Bools = left.full & right.full & (equal >= self.at_least)
        return found


@dataclass(frozen=True)
class DayMonthExchanged:
    """The years are equal, and the day of one date is the month of the other and the reverse.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(DayMonthExchanged(), "1980-05-03", "1980-03-05")
    True
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="exchanged", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "day and month exchanged"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per exchanged pair."""
        left, right = _dates(pairs)
        crosswise = (left.month == right.day) & (left.day == right.month) & (left.year == right.year)
        found: Bools = left.full & right.full & crosswise
        return found


@dataclass(frozen=True)
class DateDifference:
    """The dates lie few days apart.

    Parameters
    ----------
    days
        Largest difference in days.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(DateDifference(days=2), "2024-02-28", "2024-03-01"), level_holds(DateDifference(days=2), "2024", "2024")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    days: int = field(kw_only=True)
    name: str = field(default="close", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "days", self.days, 0)

    @property
    def means(self) -> str:
        """In words."""
        return f"at most {self.days} day{'s' * (self.days != 1)} apart"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of near dates, both being known to the day."""
        days = pairs.values.derived("days", lambda v: np.fromiter(map(_ordinal, v.texts), np.float64, len(v)))
        return np.abs(days[pairs.left] - days[pairs.right]) <= self.days


def _ordinal(text: str) -> float:
    try:
        return float(date.fromisoformat(text).toordinal()) if _DATE.fullmatch(text) and len(text) == 10 else float("nan")
    except ValueError:
        return float("nan")
