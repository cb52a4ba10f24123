"""Parts of a postal address: street with house number, postcode, city, region, country."""

import re
from typing import NamedTuple

from omniid.normalization.cities import city_in_english
from omniid.normalization.street import read_street
from omniid.normalization.text import ascii_digits, fold, folded_form, prepare
from omniid.normalization.words import word_table
from omniid.tables import NormalForm

__all__ = [
    "StreetLine",
    "normalize_city",
    "normalize_country",
    "normalize_house_number",
    "normalize_postcode",
    "normalize_region",
    "normalize_street",
    "normalize_unit",
    "split_street",
]

PART_LIMIT = 300
POSTCODE_LIMIT = 40
ZIP_PLUS_FOUR = re.compile(r"(\d{5})-\d{4}")
COUNTRY_BEFORE = re.compile(r"^[a-z]{1,3}-(?=\d)")
FLOATED = re.compile(r"(\d+)\.0+")
NOT_ALNUM = re.compile("[^a-z0-9]+")


def normalize_postcode(value: str | None) -> NormalForm:
    """Return a postcode as lower-case letters and digits without spaces; a ZIP+4 as its first five digits.

    Parameters
    ----------
    value
        A raw value.

    Returns
    -------
    NormalForm
        Rejected if it holds no digit, only zeros, or fewer than 3 or more than 10 characters.

    Examples
    --------
    >>> [normalize_postcode(value).value for value in ("SW1A 1AA", "00-950", "1234 AB", "12345-6789", "D-10115")]
    ['sw1a1aa', '00950', '1234ab', '12345', '10115']
    """
    text = prepare(value, POSTCODE_LIMIT)
    if isinstance(text, NormalForm):
        return text
    code = COUNTRY_BEFORE.sub("", ascii_digits(text).lower())
    if match := ZIP_PLUS_FOUR.fullmatch(code) or FLOATED.fullmatch(code):
        code = match.group(1)
    bare = NOT_ALNUM.sub("", fold(code))
    if not any(mark.isdigit() for mark in bare):
        return NormalForm(None, None, "no digit in a postcode")
    if not bare.strip("0"):
        return NormalForm(None, None, "stop value: only zeros")
    if not 3 <= len(bare) <= 10:
        return NormalForm(None, None, f"{len(bare)} characters: a postcode has 3 to 10")
    return NormalForm(bare, text)


def normalize_city(value: str | None) -> NormalForm:
    """Return a town's name in lower-case Latin letters; saint is st, and words for "town" in front go.

    Large cities have their English name, whatever language they are written in.

    Parameters
    ----------
    value
        A raw value.

    Returns
    -------
    NormalForm
        Rejected if it holds no letter.

    Examples
    --------
    >>> [normalize_city(value).value for value in ("Saint-Étienne", "г. Москва", "Łódź")]
    ['st etienne', 'moscow', 'lodz']
    """
    text = prepare(value, PART_LIMIT)
    if isinstance(text, NormalForm):
        return text
    table = word_table("addresses.tsv")
    words = [word for token in text.split() for word in _city_words(token)]
    while len(words) > 1 and words[0] in table["town"]:
        words = words[1:]
    folded = city_in_english(" ".join(table["city"].get(word, word) for word in words))
    if not folded or folded.replace(" ", "").isdigit():
        return NormalForm(None, None, "no letter in a town's name")
    return folded_form(folded, text)


def _city_words(token: str) -> list[str]:
    """The folded words of a token; a Cyrillic word for "town" as the plain one."""
    town = word_table("addresses.tsv")["town"]
    return ["town"] if not token.isascii() and token.lower().strip(".,") in town else fold(token).split()


def normalize_region(value: str | None) -> NormalForm:
    """Return a state, province or district as folded text.

    Examples
    --------
    >>> normalize_region("Île-de-France").value
    'ile de france'
    """
    text = prepare(value, PART_LIMIT)
    if isinstance(text, NormalForm):
        return text
    return folded_form(fold(text), text)


def normalize_country(value: str | None) -> NormalForm:
    """Return a country as its two-letter code where it is recognised, else as folded text.

    Parameters
    ----------
    value
        A name in one of many languages, or a two- or three-letter code.

    References
    ----------
    ISO 3166-1.

    Examples
    --------
    >>> [normalize_country(value).value for value in ("Polska", "Россия", "ایران", "UK", "DEU", "Narnia")]
    ['PL', 'RU', 'IR', 'GB', 'DE', 'narnia']
    """
    text = prepare(value, PART_LIMIT)
    if isinstance(text, NormalForm):
        return text
    folded = fold(text)
    code = word_table("countries.tsv")["country"].get(folded.removeprefix("the "))
    return NormalForm(code.upper(), text) if code else folded_form(folded, text)


def normalize_house_number(value: str | None) -> NormalForm:
    """Return a house number with its letter: "No. 12 A" is "12a", "10 / 12" is "10/12".

    Examples
    --------
    >>> [normalize_house_number(value).value for value in ("No. 12 A", "д. 5", "10 / 12", "12.0")]
    ['12a', '5', '10/12', '12']
    """
    text = prepare(value, PART_LIMIT)
    if isinstance(text, NormalForm):
        return text
    if floated := FLOATED.fullmatch(text):
        text = floated.group(1)
    street = read_street(text)
    return folded_form(" ".join(filter(None, [street.number, street.name])), text)


def normalize_unit(value: str | None) -> NormalForm:
    """Return a flat, room or suite without the word for it: "Apt. 5B" is "5b".

    Examples
    --------
    >>> [normalize_unit(value).value for value in ("Apt. 5B", "кв. 12", "#7")]
    ['5b', '12', '7']
    """
    text = prepare(value, PART_LIMIT)
    if isinstance(text, NormalForm):
        return text
    units = word_table("addresses.tsv")["unit"]
    words = [word for token in text.split() for word in ([] if token.lower().strip(".") in units else fold(token).split())]
    kept = "".join(word for word in words if word not in units) or fold(text).replace(" ", "")
    return folded_form(kept, text)


def normalize_street(value: str | None) -> NormalForm:
    """Return a street address: house number first, then the name, then the kind of street as one short word.

    So "12 Main St." and "Main Street 12" meet. A flat ("apt 5", "кв. 12") is left out: it has a column of its own.

    Parameters
    ----------
    value
        A raw value.

    Returns
    -------
    NormalForm
        Rejected if it holds no letter or digit.

    Examples
    --------
    >>> [normalize_street(value).value for value in ("12 Main St.", "Main Street 12", "ул. Ленина, д. 5, кв. 7")]
    ['12 main st', '12 main st', '5 lenina st']
    """
    return split_street(value).street


class StreetLine(NamedTuple):
    """A street line's normal form, the flat written in it, and whether it holds a house number."""

    street: NormalForm
    unit: NormalForm
    has_number: bool


def split_street(value: str | None) -> StreetLine:
    """Return a street line and the flat written in it, each as a normal form.

    Examples
    --------
    >>> line = split_street("12 Main St Apt 4B")
    >>> line.street.value, line.unit.value, line.has_number
    ('12 main st', '4b', True)
    """
    text = prepare(value, PART_LIMIT)
    if isinstance(text, NormalForm):
        return StreetLine(text, NormalForm(None), False)
    street = read_street(text)
    form = folded_form(" ".join(filter(None, [street.number, street.name])), text)
    unit = normalize_unit(street.unit) if street.unit and form.value else NormalForm(None)
    return StreetLine(form, unit, bool(street.number))
