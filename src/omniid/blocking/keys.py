"""Blocking keys: which part of which field two records must share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from omniid.errors import SpecError

__all__ = [
    "Key",
    "field",
    "first_words",
    "initial",
    "key_from_dict",
    "local_part",
    "month_day",
    "prefix",
    "sorted_name",
    "sound_of_words",
    "soundex",
    "spelling",
    "year",
    "year_month",
]

# Kind of key → how many fields it reads, and whether it takes a number.
KINDS = {
    "field": (1, False),
    "first_words": (1, True),
    "initial": (1, False),
    "local_part": (1, True),
    "month_day": (1, False),
    "prefix": (1, True),
    "sorted_name": (2, False),
    "sound_of_words": (1, True),
    "soundex": (1, False),
    "spelling": (1, False),
    "year": (1, False),
    "year_month": (1, False),
}


@dataclass(frozen=True, order=True)
class Key:
    """A blocking key: a field, or something derived from one or two fields.

    Made by the functions of this module (`soundex`, `prefix`, `year` …), not directly.

    Parameters
    ----------
    kind
        Which derivation: "field" is the normal form itself.
    fields
        The fields that it reads.
    n
        Its number (characters, words), 0 where it takes none.

    Raises
    ------
    SpecError
        If the kind is unknown, or the number of fields or the number `n` does not fit it.

    Examples
    --------
    >>> str(prefix("postcode", 3)), str(field("email"))
    ('prefix(postcode, 3)', 'email')
    """

    kind: str
    fields: tuple[str, ...]
    n: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SpecError(f"blocking key {self.kind!r} is unknown; use one of {', '.join(sorted(KINDS))}")
        n_fields, takes_number = KINDS[self.kind]
        if len(self.fields) != n_fields or not all(isinstance(name, str) and name for name in self.fields):
            raise SpecError(f"blocking key {self.kind} takes {n_fields} field name(s), not {list(self.fields)!r}")
        if takes_number and not (type(self.n) is int and self.n >= 1):
            raise SpecError(f"blocking key {self.kind}({self.fields[0]}) takes a whole number of at least 1, not {self.n!r}")
        if not takes_number and self.n != 0:
            raise SpecError(f"blocking key {self.kind}({self.fields[0]}) takes no number, but got {self.n!r}")

    def __str__(self) -> str:
        if self.kind == "field":
            return self.fields[0]
        return f"{self.kind}({', '.join([*self.fields, *([str(self.n)] if self.n else [])])})"

    def to_dict(self) -> str | dict[str, Any]:
        """The key as plain data: a field name, or a mapping with "key", "fields" and perhaps "n".

        Examples
        --------
        >>> prefix("postcode", 3).to_dict()
        {'key': 'prefix', 'fields': ['postcode'], 'n': 3}
        """
        if self.kind == "field":
            return self.fields[0]
        return {"key": self.kind, "fields": list(self.fields)} | ({"n": self.n} if self.n else {})


def key_from_dict(data: str | Mapping[str, Any]) -> Key:
    """Read a key that `Key.to_dict` wrote.

    Raises
    ------
    SpecError
        If the data describes no key.

    Examples
    --------
    >>> key_from_dict({"key": "soundex", "fields": ["last_name"]}) == soundex("last_name")
    True
    """
    if isinstance(data, str):
        return field(data)
    try:
        return Key(str(data["key"]), tuple(data["fields"]), data.get("n", 0))
    except (KeyError, TypeError, AttributeError) as error:
        raise SpecError(f"{data!r} is no blocking key; write a field name or {{key, fields, n}}") from error


def field(name: str) -> Key:
    """The field's normal form itself.

    Examples
    --------
    >>> str(field("email"))
    'email'
    """
    return Key("field", (name,))


def soundex(field: str) -> Key:
    """How a name sounds: its first letter and three consonant groups.

    Examples
    --------
    >>> str(soundex("last_name"))
    'soundex(last_name)'
    """
    return Key("soundex", (field,))


def spelling(field: str) -> Key:
    """The spelling keys of a name, under which its usual spellings meet; a name has several.

    Examples
    --------
    >>> str(spelling("first_name"))
    'spelling(first_name)'
    """
    return Key("spelling", (field,))


def sound_of_words(field: str, n: int = 2) -> Key:
    """How the first `n` words that begin with a letter sound: street names without their number.

    Examples
    --------
    >>> str(sound_of_words("street"))
    'sound_of_words(street, 2)'
    """
    return Key("sound_of_words", (field,), n)


def prefix(field: str, n: int) -> Key:
    """The first `n` characters; a shorter value stands for itself.

    Examples
    --------
    >>> str(prefix("postcode", 3))
    'prefix(postcode, 3)'
    """
    return Key("prefix", (field,), n)


def initial(field: str) -> Key:
    """The first character.

    Examples
    --------
    >>> str(initial("first_name"))
    'initial(first_name)'
    """
    return Key("initial", (field,))


def year(field: str) -> Key:
    """The year of a date ("1984" of "1984-02-29"); partial dates have one too.

    Examples
    --------
    >>> str(year("birth_date"))
    'year(birth_date)'
    """
    return Key("year", (field,))


def month_day(field: str) -> Key:
    """Month and day of a whole date ("02-29" of "1984-02-29"); a partial date has none.

    Examples
    --------
    >>> str(month_day("birth_date"))
    'month_day(birth_date)'
    """
    return Key("month_day", (field,))


def year_month(field: str) -> Key:
    """Year and month of a date ("1984-02" of "1984-02-29"); a lone year has none.

    Examples
    --------
    >>> str(year_month("birth_date"))
    'year_month(birth_date)'
    """
    return Key("year_month", (field,))


def sorted_name(first: str, last: str) -> Key:
    """All words of both name fields in any order, so that swapped names meet; a record needs both.

    Examples
    --------
    >>> str(sorted_name("first_name", "last_name"))
    'sorted_name(first_name, last_name)'
    """
    return Key("sorted_name", (first, last))


def local_part(field: str, n: int = 6) -> Key:
    """What stands before the @ of an e-mail address, if it has at least `n` characters.

    Shorter local parts ("info", "anna") are too common across mail providers to be worth a block.

    Examples
    --------
    >>> str(local_part("email"))
    'local_part(email, 6)'
    """
    return Key("local_part", (field,), n)


def first_words(field: str, n: int = 2) -> Key:
    """The first `n` words: house number and first word of a street.

    Examples
    --------
    >>> str(first_words("street", 2))
    'first_words(street, 2)'
    """
    return Key("first_words", (field,), n)
