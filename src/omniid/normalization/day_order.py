"""Day first or month first? Decided for a whole column, as one value alone cannot tell."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from omniid.normalization.date import DATE_LIMIT, TIME_TAIL, YEAR_LAST
from omniid.normalization.text import ascii_digits

__all__ = ["DateOrder", "Votes", "date_order", "decide_order", "order_votes"]

# (whether dots part the numbers, the order) → how many values say so.
Votes = Mapping[tuple[bool, str], int]
ORDERS = ("day-first", "month-first")


@dataclass(frozen=True)
class DateOrder:
    """Which part of a numeric date comes first, and why that is believed.

    Parameters
    ----------
    order
        "day-first" or "month-first", for dates with slashes, hyphens or spaces.
    reason
        Why, in a few plain words.
    dotted
        The order for dates with dots, which hardly anybody writes month first.
    """

    order: str
    reason: str
    dotted: str = "day-first"

    def for_value(self, value: str) -> str:
        """The order that a value of this column is read in.

        Examples
        --------
        >>> DateOrder("month-first", "declared").for_value("03.04.1990")
        'day-first'
        """
        return self.dotted if "." in value and "/" not in value else self.order


def date_order(values: Iterable[str | None], *, region: str | None = None) -> DateOrder:
    """Decide from all values of a column whether the day or the month comes first.

    A value with a number above 12 decides; where such values contradict each other, the majority does. If nothing decides,
    the region does: month first in the US, day first everywhere else.

    Parameters
    ----------
    values
        The distinct raw values of one column of one source.
    region
        The source's region, if it declares one.

    Returns
    -------
    DateOrder
        The order and the reason for it.

    Examples
    --------
    >>> date_order(["03/04/1990", "12/25/1990"])
    DateOrder(order='month-first', reason='1 value can only be month first, 0 only day first', dotted='day-first')
    >>> date_order(["03/04/1990"]).reason
    'no value tells day from month; day first is the usual order'
    """
    return decide_order(order_votes(values), region)


def order_votes(values: Iterable[str | None]) -> Votes:
    """Count the values that can be read in one order only, with dots and without.

    Examples
    --------
    >>> order_votes(["24.06.1971", "6/24/71"])[True, "day-first"]
    1
    """
    votes = dict.fromkeys(itertools.product((True, False), ORDERS), 0)
    for value in values:
        if value is None or len(value) > DATE_LIMIT or value[:4].isdecimal():  # year first: no question of order
            continue
        match = YEAR_LAST.fullmatch(TIME_TAIL.sub("", ascii_digits(value.strip())))
        if not match:
            continue
        one, two = int(match.group(1)), int(match.group(3))
        if one > 12 >= two:
            votes[match.group(2) == ".", "day-first"] += 1
        elif two > 12 >= one:
            votes[match.group(2) == ".", "month-first"] += 1
    return votes


def decide_order(votes: Votes, region: str | None) -> DateOrder:
    """Decide the order of day and month by votes, else by the region.

    Examples
    --------
    >>> decide_order(order_votes([]), "US").order
    'month-first'
    """
    dotted = "month-first" if votes[True, "month-first"] > votes[True, "day-first"] else "day-first"
    day, month = votes[False, "day-first"], votes[False, "month-first"]
    if day or month:
        order, often, seldom = ("month-first", month, day) if month > day else ("day-first", day, month)
        this, other = ("month", "day") if month > day else ("day", "month")
        said = f"{often} value{'s' * (often != 1)} can only be {this} first, {seldom} only {other} first"
        return DateOrder(order, said, dotted)
    if region == "US":
        return DateOrder("month-first", "no value tells day from month; the region is US", dotted)
    return DateOrder("day-first", "no value tells day from month; day first is the usual order", dotted)
