"""Levels as plain data, so that a spec can be saved, read and edited."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from omniid.comparison.alike_names import AlikeNames, SameFamily
from omniid.comparison.contact_levels import EmailEdits, SameEnd, SameLocalPart, UnlessNumbered
from omniid.comparison.date_levels import DateDifference, DateParts, DayMonthExchanged, Partial, SameDate, SameYear
from omniid.comparison.given_parts import GivenParts
from omniid.comparison.levels import AnyOf, Custom, Exact, Level, Numeric, On, Overlap
from omniid.comparison.name_levels import Initial, Nickname, SharedPart
from omniid.comparison.record_levels import RecordLevel, SpelledFromNames, SwappedParts, Unless
from omniid.comparison.spelled_out import SpelledOut
from omniid.comparison.spelling_levels import OtherSpelling
from omniid.comparison.street_levels import AlikeWithoutDifferingNumber, SameStreet
from omniid.comparison.text_levels import DamerauLevenshtein, JaroWinkler, Levenshtein, QGrams, TokenSet
from omniid.errors import SpecError

__all__ = ["LEVELS", "level_from_plain", "level_to_plain"]

LEVELS: Mapping[str, Any] = {
    kind.__name__: kind
    for kind in (
        AlikeNames,
        AlikeWithoutDifferingNumber,
        AnyOf,
        DamerauLevenshtein,
        DateDifference,
        DateParts,
        DayMonthExchanged,
        EmailEdits,
        Exact,
        GivenParts,
        Initial,
        JaroWinkler,
        Levenshtein,
        Nickname,
        Numeric,
        On,
        OtherSpelling,
        Overlap,
        Partial,
        QGrams,
        SameDate,
        SameEnd,
        SameFamily,
        SameLocalPart,
        SameStreet,
        SameYear,
        SharedPart,
        SpelledFromNames,
        SpelledOut,
        SwappedParts,
        TokenSet,
        Unless,
        UnlessNumbered,
    )
}


def level_to_plain(level: Level | RecordLevel) -> dict[str, Any]:
    """A level as a mapping: its class under "kind", then its parameters.

    Raises
    ------
    SpecError
        If the level is a function or class of your own: such a level cannot be written to a file.

    Examples
    --------
    >>> level_to_plain(JaroWinkler(0.9, name="near"))
    {'kind': 'JaroWinkler', 'at_least': 0.9, 'of': 'value', 'name': 'near'}
    """
    kind = type(level)
    if isinstance(level, Custom) or LEVELS.get(kind.__name__) is not kind:
        raise SpecError(f"level {level.name!r} is a {kind.__name__} of your own and cannot be saved; build the spec in Python")
    plain: dict[str, Any] = {"kind": kind.__name__}
    for part in fields(kind):
        plain[part.name] = _to_plain(getattr(level, part.name))
    return plain


def level_from_plain(plain: Mapping[str, Any]) -> Any:
    """The level that `level_to_plain` wrote.

    Raises
    ------
    SpecError
        If the kind of level or one of its parameters is unknown.

    Examples
    --------
    >>> level_from_plain({"kind": "JaroWinkler", "at_least": 0.9})
    JaroWinkler(at_least=0.9, of='value', name='alike')
    """
    rest = {name: _from_plain(value) for name, value in plain.items()}
    kind = rest.pop("kind", None)
    if kind not in LEVELS:
        raise SpecError(f"there is no level {kind!r}; choose one of {', '.join(sorted(LEVELS))}")
    try:
        return LEVELS[kind](**rest)
    except TypeError as error:
        known = ", ".join(part.name for part in fields(LEVELS[kind]))
        raise SpecError(f"level {kind!r} takes {known}: {error}") from error


def _to_plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_to_plain(part) for part in value]
    return value if isinstance(value, str | int | float) else level_to_plain(value)


def _from_plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return level_from_plain(value)
    return tuple(_from_plain(part) for part in value) if isinstance(value, list) else value
