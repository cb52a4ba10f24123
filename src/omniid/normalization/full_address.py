"""Whole addresses in one cell: postcode, country, town and flat told apart as far as they are clear."""

import re
from functools import cache
from typing import NamedTuple

from omniid.normalization.address import normalize_city, normalize_country, normalize_postcode, split_street
from omniid.normalization.text import fold, prepare
from omniid.normalization.words import word_table
from omniid.tables import NormalForm

__all__ = ["AddressParts", "split_address"]

FULL_LIMIT = 600
# British, Canadian, Dutch and Polish postcodes have a shape of their own; six digits in a row are hardly a house number.
SHAPED = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{4}\s[A-Z]{2}|\d{2}-\d{3}|\d{6}|\d{5}-\d{4})\b(?!\s*[-/]\d)"
)
# Five digits are a postcode behind a comma or at the end, not in front of a street: "12345 Main St".
FIVE = re.compile(r"(?<=,)\s*(\d{5})\b|(?<=\s)(\d{5})\s*$|(?<=\s)(\d{5})(?=\s*,)|^(\d{5})(?=\s*,)|(?<=,\s[A-Z]{2}\s)(\d{5})\b")
NOTHING = NormalForm(None)


class AddressParts(NamedTuple):
    """The parts of a whole address, each a normal form or a missing part.

    Examples
    --------
    >>> AddressParts().city.value is None
    True
    """

    street: NormalForm = NOTHING
    unit: NormalForm = NOTHING
    city: NormalForm = NOTHING
    postcode: NormalForm = NOTHING
    country: NormalForm = NOTHING


def split_address(value: str | None) -> AddressParts:
    """Tell the parts of a whole address apart; what is not clear stays with the street.

    Parameters
    ----------
    value
        A whole address, its parts between commas or line ends.

    Returns
    -------
    AddressParts
        If the whole address is unusable, the reason stands in `street`.

    Examples
    --------
    >>> parts = split_address("12 Main Street, Apt 4, Springfield, 62704, USA")
    >>> [part.value for part in parts]
    ['12 main st', '4', 'springfield', '62704', 'US']
    """
    lines = None if value is None else value.replace("\r", "\n").replace("\n", ", ")
    text = prepare(lines, FULL_LIMIT)
    if isinstance(text, NormalForm):
        return AddressParts(street=text)
    postcode = NOTHING
    if match := SHAPED.search(text) or FIVE.search(text):
        postcode = normalize_postcode(match.group())
        text = f"{text[: match.start()]} {text[match.end() :]}"
    parts = [part for part in (" ".join(piece.split()) for piece in text.split(",")) if fold(part)]
    country = NOTHING
    if len(parts) > 1 and (code := normalize_country(parts[-1])).value in _codes() and len(fold(parts[-1])) > 2:
        country, parts = code, parts[:-1]
    marked = [_is_street(part) for part in parts]
    lines_of_street = [part for part, is_street in zip(parts, marked, strict=True) if is_street]
    others = [part for part, is_street in zip(parts, marked, strict=True) if not is_street]
    if not lines_of_street:
        lines_of_street, others = others[:1], others[1:]
    line = ", ".join(lines_of_street)
    city = normalize_city(others[0]) if others else NOTHING
    rest = others[1:] if city.value else others
    found = split_street(line or ", ".join(rest))
    return AddressParts(found.street, found.unit, city, postcode, country)


@cache
def _codes() -> frozenset[str]:
    return frozenset(code.upper() for code in word_table("countries.tsv")["country"].values())


def _is_street(part: str) -> bool:
    """Whether a part between commas holds a number or a word for a kind of street."""
    if any(mark.isdecimal() for mark in part):
        return True
    kinds = word_table("addresses.tsv")["street"]
    return any(word.lower().strip(".") in kinds or fold(word) in kinds for word in part.split())
