"""Comparison levels asked about two values: the definitions of `comparison`, in plain Python.

A level of a kind that is not listed in `CLAIMS` is asked by its own `holds`, on arrays of one.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.distance import JaroWinkler as Jaro
from rapidfuzz.distance import Levenshtein as Edits

import omniid.comparison as c
from omniid.comparison import level_holds
from omniid.comparison.levels import Level
from omniid.similarity import EPSILON, qgrams
from omniid.single_record.name_claims import alike_names, initial, nickname, other_spelling, same_family, shared_part
from omniid.single_record.readings import MEMO

__all__ = ["Claim", "Numbered", "claim_of", "jaro_winkler", "local_part"]

Claim = Callable[[str, str], bool]
Numbered = Callable[[str, str, int], bool]  # part of the value, its letters without digits, numbers that must go with them

ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
WHOLE_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
DIGITS = re.compile("[0-9]+")
DateParts = tuple[str, str | None, str | None]


def claim_of(level: Level, numbered: Numbered) -> Claim:
    """What says whether a level holds of two values that may be equal.

    Parameters
    ----------
    level
        A level on two values, taken out of `AnyOf`, `On` and `Unless`.
    numbered
        Whether a word goes with many numbers among all records, see `UnlessNumbered`.

    Examples
    --------
    >>> claim_of(c.JaroWinkler(0.9), lambda *_: False)("martha", "marhta")
    True
    """
    if isinstance(level, c.UnlessNumbered):
        return _unless_numbered(level, claim_of(level.level, numbered), numbered)
    if isinstance(level, c.AnyOf):
        claims = [claim_of(inner, numbered) for inner in level.levels]
        return lambda one, two: any(claim(one, two) for claim in claims)
    make = CLAIMS.get(type(level))
    return make(level) if make is not None else lambda one, two: level_holds(level, one, two)


def jaro_winkler(one: str, two: str) -> float:
    """The similarity of two different texts, whatever their order.

    Examples
    --------
    >>> round(jaro_winkler("marhta", "martha"), 3)
    0.961
    """
    found: float = Jaro.similarity(one, two) if one < two else Jaro.similarity(two, one)
    return found


def local_part(address: str) -> str:
    """What stands before the first @.

    Examples
    --------
    >>> local_part("ann@example.com")
    'ann'
    """
    return address.split("@", 1)[0]


VIEWS: Mapping[str, Callable[[str], str]] = {
    "value": lambda text: text,
    "local_part": local_part,
    "compact": lambda text: text.replace(" ", ""),
}


def _unless_numbered(level: c.UnlessNumbered, inner: Claim, numbered: Numbered) -> Claim:
    view, of, least = VIEWS[level.of], level.of, level.at_least

    def claim(one: str, two: str) -> bool:
        if not inner(one, two):
            return False
        left, right = view(one), view(two)
        if left == right:
            return True
        word = DIGITS.sub("", left)
        return word != DIGITS.sub("", right) or not numbered(of, word, least)

    return claim


def _jaro_winkler(level: c.JaroWinkler) -> Claim:
    cut, view = level.at_least - EPSILON, VIEWS[level.of]
    if level.of == "value":
        return lambda one, two: one == two or jaro_winkler(one, two) >= cut

    def claim(one: str, two: str) -> bool:
        left, right = view(one), view(two)
        return left == right or jaro_winkler(left, right) >= cut

    return claim


def _ratio(one: str, two: str) -> float:
    return 1.0 if one == two else fuzz.ratio(min(one, two), max(one, two)) / 100.0


def _token_set(one: str, two: str) -> float:
    return 1.0 if one == two else fuzz.token_set_ratio(min(one, two), max(one, two)) / 100.0


def _within(distance: Any, at_most: int, shortest: int, view: Callable[[str], str]) -> Claim:
    def claim(one: str, two: str) -> bool:
        if abs(len(one) - len(two)) > at_most or min(len(view(one)), len(view(two))) < shortest:
            return False
        near: bool = distance(one, two, score_cutoff=at_most) <= at_most
        return near

    return claim


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return float("nan")
    return found if abs(found) < float("inf") else float("nan")


def _numeric(level: c.Numeric) -> Claim:
    def claim(one: str, two: str) -> bool:
        left, right = _number(one), _number(two)
        allowed = level.at_most * (max(abs(left), abs(right)) if level.relative else 1.0)
        return left == left and right == right and abs(left - right) <= allowed + EPSILON

    return claim


@lru_cache(MEMO)
def _date_parts(text: str) -> DateParts | None:
    found = DATE.fullmatch(text)
    return None if found is None else (found[1], found[2], found[3])


def _same_date(_: c.SameDate) -> Claim:
    return lambda one, two: one == two and (parts := _date_parts(one)) is not None and parts[2] is not None


def _partial(_: c.Partial) -> Claim:
    def claim(one: str, two: str) -> bool:
        left, right = _date_parts(one), _date_parts(two)
        if left is None or right is None or left[0] != right[0] or (left[2] and right[2]):
            return False
        return left[1] is None or right[1] is None or left[1] == right[1]

    return claim


def _same_year(_: c.SameYear) -> Claim:
    def claim(one: str, two: str) -> bool:
        left, right = _date_parts(one), _date_parts(two)
        return left is not None and right is not None and left[0] == right[0]

    return claim


def _equal_parts(level: c.DateParts) -> Claim:
    def claim(one: str, two: str) -> bool:
        left, right = _date_parts(one), _date_parts(two)
        if left is None or right is None or left[2] is None or right[2] is None:
            return False
        return (left[0] == right[0]) + (left[1] == right[1]) + (left[2] == right[2]) >= level.at_least

    return claim


def _exchanged(_: c.DayMonthExchanged) -> Claim:
    def claim(one: str, two: str) -> bool:
        left, right = _date_parts(one), _date_parts(two)
        if left is None or right is None or left[2] is None or right[2] is None:
            return False
        return left[0] == right[0] and left[1] == right[2] and left[2] == right[1]

    return claim


def _ordinal(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() if WHOLE_DATE.fullmatch(text) else None
    except ValueError:
        return None


def _days_apart(level: c.DateDifference) -> Claim:
    def claim(one: str, two: str) -> bool:
        left, right = _ordinal(one), _ordinal(two)
        return left is not None and right is not None and abs(left - right) <= level.days

    return claim


def _same_local_part(level: c.SameLocalPart) -> Claim:
    def claim(one: str, two: str) -> bool:
        left = local_part(one)
        return len(left) >= level.shortest and left == local_part(two)

    return claim


def _same_end(level: c.SameEnd) -> Claim:
    size = level.length
    return lambda one, two: one[-size:] == two[-size:] and min(len(one), len(two)) >= size


@lru_cache(MEMO)
def _street(text: str) -> tuple[tuple[str, ...], str, frozenset[str], frozenset[str]]:
    """Words of the street without house numbers, the same as text, its ordinals, and all words that begin with a digit."""
    words = text.split()
    street = tuple(word for word in words if not word[0].isdigit() or ORDINAL.fullmatch(word))
    ordinals = frozenset(word for word in words if ORDINAL.fullmatch(word))
    return street, " ".join(street), ordinals, frozenset(word for word in words if word[0].isdigit())


def _alike_lines(one: str, two: str, sizes: tuple[int, int], at_least: float, words: float) -> bool:
    return _ratio(one, two) >= at_least - EPSILON or (min(sizes) >= 2 and _token_set(one, two) >= words - EPSILON)


def _alike_street(level: c.AlikeWithoutDifferingNumber) -> Claim:
    def claim(one: str, two: str) -> bool:
        left, right = _street(one)[3], _street(two)[3]
        if not (left <= right or right <= left):
            return False
        sizes = one.count(" ") + 1, two.count(" ") + 1
        return _alike_lines(one, two, sizes, level.at_least, level.words)

    return claim


def _same_street(level: c.SameStreet) -> Claim:
    def claim(one: str, two: str) -> bool:
        left, right = _street(one), _street(two)
        if left[2] != right[2]:
            return False
        if one == two:
            return True
        if not left[0] or not right[0]:
            return False
        return left[1] == right[1] or _alike_lines(
            left[1], right[1], (len(left[0]), len(right[0])), level.at_least, level.words
        )

    return claim


CLAIMS: Mapping[type, Callable[[Any], Claim]] = {
    c.Exact: lambda _: str.__eq__,
    c.Overlap: lambda level: lambda one, two: level.at_least == 1 and one == two,
    c.Custom: lambda level: lambda one, two: bool(level.claim(min(one, two), max(one, two))),
    c.JaroWinkler: _jaro_winkler,
    c.TokenSet: lambda level: lambda one, two: _token_set(one, two) >= level.at_least - EPSILON,
    c.QGrams: lambda level: lambda one, two: qgrams(one, two) >= level.at_least - EPSILON,
    c.Levenshtein: lambda level: _within(Edits.distance, level.at_most, level.shortest, VIEWS["value"]),
    c.DamerauLevenshtein: lambda level: _within(OSA.distance, level.at_most, level.shortest, VIEWS["value"]),
    c.EmailEdits: lambda level: _within(OSA.distance, level.at_most, level.shortest, local_part),
    c.Numeric: _numeric,
    c.SameDate: _same_date,
    c.Partial: _partial,
    c.SameYear: _same_year,
    c.DateParts: _equal_parts,
    c.DayMonthExchanged: _exchanged,
    c.DateDifference: _days_apart,
    c.SameLocalPart: _same_local_part,
    c.SameEnd: _same_end,
    c.AlikeWithoutDifferingNumber: _alike_street,
    c.SameStreet: _same_street,
    c.OtherSpelling: lambda _: other_spelling,
    c.Nickname: lambda _: nickname,
    c.Initial: lambda _: initial,
    c.AlikeNames: lambda level: alike_names(level.at_least - EPSILON),
    c.SharedPart: lambda level: shared_part(level.shortest),
    c.SameFamily: lambda _: same_family,
}
