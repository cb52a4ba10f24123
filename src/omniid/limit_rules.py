"""Declared limits: what no cluster may hold. `at_most`, `one_per_source`, `disagree` and `unique` make them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from omniid.errors import SpecError

__all__ = [
    "AtMost",
    "Disagree",
    "LimitRule",
    "OnePerSource",
    "Unique",
    "at_most",
    "check_limits",
    "disagree",
    "limit_from_dict",
    "one_per_source",
    "unique",
]

SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
WINDOW = re.compile(r"\s*(\d+)\s*(d|h|min|s)\s*")
EXAMPLES = 'at_most = "passport", n = 1; one_per_source = "crm"; disagree = "first_name"; unique = "national_id"'


@dataclass(frozen=True)
class AtMost:
    """At most n distinct values of a kind, altogether or within any window of time; see `at_most`.

    Parameters
    ----------
    kind
        An identifier kind or a field.
    n
        The largest number of distinct values.
    per
        The window, in whole seconds; None counts all values.

    Examples
    --------
    >>> str(at_most("phone", 2, per="365d"))
    'at_most(phone, 2, per=365d)'
    """

    kind: str
    n: int
    per: timedelta | None = None

    def __post_init__(self) -> None:
        _check_text("at_most", "kind", self.kind)
        if not isinstance(self.n, int) or isinstance(self.n, bool) or self.n < 1:
            raise SpecError(f"at_most({self.kind!r}, {self.n!r}): n must be a whole number of at least 1")
        if self.per is not None and (not isinstance(self.per, timedelta) or self.per <= timedelta() or self.per.microseconds):
            raise SpecError(
                f"at_most({self.kind!r}, {self.n}, per={self.per!r}): a window is a time of whole seconds, at least 1"
            )

    def __str__(self) -> str:
        return f"at_most({self.kind}, {self.n}" + (")" if self.per is None else f", per={_window_text(self.per)})")

    def to_dict(self) -> dict[str, str | int]:
        """Return the limit as plain data.

        Examples
        --------
        >>> at_most("phone", 2, per="48h").to_dict()
        {'at_most': 'phone', 'n': 2, 'per': '2d'}
        """
        data: dict[str, str | int] = {"at_most": self.kind, "n": self.n}
        if self.per is not None:
            data["per"] = _window_text(self.per)
        return data


@dataclass(frozen=True)
class OnePerSource:
    """At most one record of a source; see `one_per_source`.

    Examples
    --------
    >>> str(one_per_source("crm"))
    'one_per_source(crm)'
    """

    source: str

    def __post_init__(self) -> None:
        _check_text("one_per_source", "source", self.source)

    def __str__(self) -> str:
        return f"one_per_source({self.source})"

    def to_dict(self) -> dict[str, str | int]:
        """Return the limit as plain data."""
        return {"one_per_source": self.source}


@dataclass(frozen=True)
class Disagree:
    """No two values that disagree; see `disagree`.

    Examples
    --------
    >>> str(disagree("first_name"))
    'disagree(first_name)'
    """

    field: str

    def __post_init__(self) -> None:
        _check_text("disagree", "field", self.field)

    def __str__(self) -> str:
        return f"disagree({self.field})"

    def to_dict(self) -> dict[str, str | int]:
        """Return the limit as plain data."""
        return {"disagree": self.field}


@dataclass(frozen=True)
class Unique:
    """No two values more than one edit apart; see `unique`.

    Examples
    --------
    >>> str(unique("national_id"))
    'unique(national_id)'
    """

    kind: str

    def __post_init__(self) -> None:
        _check_text("unique", "kind", self.kind)

    def __str__(self) -> str:
        return f"unique({self.kind})"

    def to_dict(self) -> dict[str, str | int]:
        """Return the limit as plain data."""
        return {"unique": self.kind}


LimitRule = AtMost | OnePerSource | Disagree | Unique


def at_most(kind: str, n: int, *, per: str | timedelta | None = None) -> AtMost:
    """Let no cluster hold more than `n` distinct values of a field or identifier kind.

    Parameters
    ----------
    kind
        An identifier kind ("passport"), a kind of field ("email") or a column. All values of a cell count, and all columns of
        the kind.
    n
        The largest number of distinct values; the normal forms count.
    per
        A window of time: "365d", "12h", "30min", "45s" or a `datetime.timedelta`. No span of that length, both ends included,
        may then hold more than `n` distinct values, so that a customer may change the phone but not have many at a time. A
        value without an event time counts in every window.

    Raises
    ------
    SpecError
        If `n` is no whole number of at least 1, or `per` is no window.

    Examples
    --------
    >>> at_most("passport", 1).n
    1
    >>> at_most("phone", 2, per="365d").per
    datetime.timedelta(days=365)
    """
    return AtMost(kind, n, _window(per) if isinstance(per, str) else per)


def one_per_source(source: str) -> OnePerSource:
    """Let no cluster hold two records of a source that has no duplicates.

    Examples
    --------
    >>> one_per_source("crm").source
    'crm'
    """
    return OnePerSource(source)


def disagree(field: str) -> Disagree:
    """Let no cluster hold two values of a field that disagree: none of the levels of the field's comparison holds of them.

    Twins share surname, birth date and address; with ``disagree("first_name")`` Anna and Maria are two people, while Anna,
    Ann and Annna may be one. All values of a cell count.

    Examples
    --------
    >>> disagree("first_name").field
    'first_name'
    """
    return Disagree(field)


def unique(kind: str) -> Unique:
    """Let no cluster hold two values of a kind that are more than one edit apart: a person has one, and a slip is no second.

    An edit is one character more, less or another, or two neighbours exchanged. Where values are short or counted up, so that
    different ones are one edit apart, use ``at_most(kind, 1)``, which forgives nothing.

    Examples
    --------
    >>> unique("national_id").kind
    'national_id'
    """
    return Unique(kind)


def limit_from_dict(data: Mapping[str, Any]) -> LimitRule:
    """Make a limit of plain data; the inverse of `to_dict`.

    Raises
    ------
    SpecError
        If it is no limit.

    Examples
    --------
    >>> limit_from_dict({"at_most": "passport", "n": 2}).n
    2
    >>> limit_from_dict({"disagree": "first_name"})
    Disagree(field='first_name')
    """
    makers: dict[frozenset[str], Callable[[], LimitRule]] = {
        frozenset({"at_most", "n"}): lambda: at_most(data["at_most"], data["n"]),
        frozenset({"at_most", "n", "per"}): lambda: at_most(data["at_most"], data["n"], per=data["per"]),
        frozenset({"one_per_source"}): lambda: one_per_source(data["one_per_source"]),
        frozenset({"disagree"}): lambda: disagree(data["disagree"]),
        frozenset({"unique"}): lambda: unique(data["unique"]),
    }
    make = makers.get(frozenset(data)) if isinstance(data, Mapping) else None
    if make is None:
        raise SpecError(f"limit {data!r} is unknown; write at_most, one_per_source, disagree or unique: {EXAMPLES}")
    return make()


def check_limits(limits: Iterable[LimitRule]) -> None:
    """Refuse what is no limit, a limit given twice, and two that say different numbers of the same thing.

    Raises
    ------
    SpecError
        The message names the limits.

    Examples
    --------
    >>> check_limits([at_most("email", 2), at_most("email", 1, per="30d")])
    """
    counted: dict[tuple[str, timedelta | None], AtMost] = {}
    seen: set[LimitRule] = set()
    for limit in limits:
        if not isinstance(limit, LimitRule):
            raise SpecError(f"limit {limit!r} is none; use at_most, one_per_source, disagree or unique")
        if limit in seen:
            raise SpecError(f"limit {limit} is given twice; leave one out")
        seen.add(limit)
        if isinstance(limit, AtMost):
            other = counted.setdefault((limit.kind, limit.per), limit)
            if other != limit:
                raise SpecError(f"limits {other} and {limit} contradict each other; keep one")


def _check_text(limit: str, what: str, value: object) -> None:
    if not isinstance(value, str):
        raise SpecError(f"{limit}({value!r}): the {what} is a name, written as text")


def _window(text: str) -> timedelta:
    """Read a window such as "365d"."""
    found = WINDOW.fullmatch(text)
    try:
        if found:
            return timedelta(seconds=int(found[1]) * SECONDS[found[2]])
    except OverflowError as error:
        raise SpecError(f"window {text!r} is too long; leave per out to count all values") from error
    raise SpecError(f'window {text!r} is none; write a number and d, h, min or s, such as per="365d"')


def _window_text(window: timedelta) -> str:
    """Write a window in the largest unit that divides it."""
    seconds = window.days * 86_400 + window.seconds
    unit = next(unit for unit, size in SECONDS.items() if seconds % size == 0)
    return f"{seconds // SECONDS[unit]}{unit}"
