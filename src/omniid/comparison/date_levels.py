"""Comparison levels for dates in the normal form YYYY-MM-DD, or YYYY-MM or YYYY where no more is known."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple

import numpy as np

from omniid.comparison.bounds import code_points
from omniid.comparison.levels import check_count
from omniid.comparison.values import Bools, ValuePairs, Values
from omniid.errors import SpecError
from omniid.tables import Codes

__all__ = ["DateDifference", "DateParts", "DayMonthExchanged", "Partial", "SameDate", "SameYear"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY, _MONTH = 127, 127 << 7


class _DatePairs(NamedTuple):
    """Both dates of each pair as numbers: year, month and day plus one, 0 where unknown, in 14, 7 and 7 bits."""

    left: Codes
    right: Codes
    differ: Codes

    @property
    def full(self) -> Bools:
        """Whether both days are known."""
        found: Bools = ((self.left & _DAY) > 0) & ((self.right & _DAY) > 0)
        return found

    @property
    def same_year(self) -> Bools:
        """Whether both years are known, and equal."""
        found: Bools = (self.differ <= (_DAY | _MONTH)) & (self.left > 0)
        return found


def _date_pairs(pairs: ValuePairs) -> _DatePairs:
    parts = pairs.values.derived("date parts", _parsed)

    def gather() -> _DatePairs:
        left, right = parts.take(pairs.left), parts.take(pairs.right)
        return _DatePairs(left, right, left ^ right)

    return pairs.once(("dates", "value"), gather)


def _parsed(values: Values) -> Codes:
    """Each value as one number; 0 for what is no date."""
    letters, starts = code_points(values.array())
    lengths = np.diff(starts)
    packed = np.zeros(len(values), np.int32)
    for form in ("dddd", "dddd-dd", "dddd-dd-dd"):
        rows = np.flatnonzero(lengths == len(form))
        texts = letters.take(starts[rows, None] + np.arange(len(form))).astype(np.int32)
        digit = np.array([letter == "d" for letter in form])
        dates = np.all((texts[:, digit] >= 48) & (texts[:, digit] <= 57), axis=1) & np.all(texts[:, ~digit] == 45, axis=1)
        rows, numbers = rows[dates], texts[dates] - 48
        packed[rows] = (numbers[:, :4] @ [1000, 100, 10, 1] + 1) << 14
        for shift, at in zip((7, 0), range(5, len(form), 3), strict=False):
            packed[rows] |= (numbers[:, at : at + 2] @ [10, 1] + 1) << shift
    return packed


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
        dates = _date_pairs(pairs)
        found: Bools = pairs.equal() & dates.full
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
        dates = _date_pairs(pairs)
        month = ((dates.differ & _MONTH) == 0) | ((dates.left & _MONTH) == 0) | ((dates.right & _MONTH) == 0)
        found: Bools = dates.same_year & month & ~dates.full
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
        return _date_pairs(pairs).same_year


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
        dates = _date_pairs(pairs)
        equal = dates.same_year.astype(np.int8) + ((dates.differ & _MONTH) == 0) + ((dates.differ & _DAY) == 0)
        found: Bools = dates.full & (equal >= self.at_least)
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
        dates = _date_pairs(pairs)
        exchanged = ((dates.right & _DAY) << 7) | ((dates.right & _MONTH) >> 7)
        found: Bools = dates.full & dates.same_year & ((dates.left & (_DAY | _MONTH)) == exchanged)
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
        return float(date.fromisoformat(text).toordinal()) if _DATE.fullmatch(text) else float("nan")
    except ValueError:
        return float("nan")
