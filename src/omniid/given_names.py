"""Given names as the world knows them: which are forms of one name, and which are names of different people.

The table `data/given_names.csv` is this project's own compilation (gender; forms of one name in several languages, in normal
form). A slip of the pen makes of a name no other name, mostly: Paul is no misspelled Paula, Jan no misspelled Jana, Goran no
misspelled Zoran, however alike they are spelled. Names that are forms of one name, or nicknames of each other, are related;
two names that are both known and not related are different names.
"""

import csv
import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.nicknames import nickname_families
from omniid.tables import Codes
from omniid.tables.arrays import arrow_array, matches, numpy_array, text_array

__all__ = [
    "are_different_names",
    "are_related_names",
    "different_names",
    "given_name_codes",
    "is_given_name",
    "is_known_name",
    "is_womans_form",
    "known_names",
    "womans_and_mans_names",
]

Pairs = npt.NDArray[np.int64]

# What a woman's name has where the man's has something else: Samir, Samira; Mario, Maria; Johan, Johanna; Hamid, Hamideh.
ENDINGS = (
    *(("a", end) for end in ("", "o", "os", "us", "is", "as", "i")),
    *(
        (end, "")
        for end in ("na", "ina", "ia", "ya", "iya", "ita", "e", "ine", "ette", "elle", "eh", "ye", "iye", "ne", "le", "ka")
    ),
    *(("ra", end) for end in ("er", "ar")),
    *(("la", end) for end in ("el", "il")),
    *(("e", end) for end in ("as", "us", "ius", "is")),
    ("ka", "ek"),
    ("que", "c"),
    ("lle", "l"),
)
STEM = 3  # letters that stay, so that Or is not Ora's man
# Chinese names in pinyin: one syllable, or two of which one is of a kind that no other language's names are made of.
_INITIALS = "b|p|m|f|d|t|n|l|g|k|h|j|q|x|zh|ch|sh|r|z|c|s|y|w|"
_FINALS = "iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ue|ui|a|e|i|o|u"
_SYLLABLE = f"(?:{_INITIALS})(?:{_FINALS})"
_OWN = f"(?:(?:zh|x|q|z|c)(?:{_FINALS})|(?:{_INITIALS})(?:iang|iong|uang|ang|eng|ing|ong|iao|uai|uan|ao|ue|uo|iu))"
PINYIN = f"{_SYLLABLE}|{_OWN}{_SYLLABLE}|{_SYLLABLE}{_OWN}"


@cache
def _table() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(gender, forms of one name) rows of the table."""
    from importlib.resources import files  # here: it loads tempfile and random, and most runs of the core read no names

    with files("omniid").joinpath("data/given_names.csv").open(encoding="utf-8") as lines:
        return tuple((row["gender"], tuple(row["forms"].split())) for row in csv.DictReader(lines))


@cache
def _genders() -> dict[str, str]:
    """Name → m or f, or u where it is both or the table does not say."""
    found: dict[str, set[str]] = {}
    for gender, forms in _table():
        for form in forms:
            found.setdefault(form, set()).add(gender)
    return {name: genders.pop() if len(genders) == 1 else "u" for name, genders in found.items()}


@cache
def _positions() -> dict[str, int]:
    names = {name for family in nickname_families() for name in family} | _genders().keys()
    return {name: position for position, name in enumerate(sorted(names))}


@cache
def _known() -> pa.LargeStringArray:
    return text_array(list(_positions()))


@cache
def _related() -> Pairs:
    """Ascending keys low * names + high of names that are forms or nicknames of one name."""
    at = _positions()
    families = [forms for _, forms in _table() if len(forms) > 1] + list(nickname_families())
    members = np.array([at[name] for family in families for name in family], np.int64)
    sizes = np.array([len(family) for family in families], np.int64)
    starts = np.cumsum(sizes) - sizes
    pairs = np.repeat(np.arange(len(families)), sizes * sizes)  # each member of a family with each
    place = np.arange(len(pairs)) - np.repeat(np.cumsum(sizes * sizes) - sizes * sizes, sizes * sizes)
    one, two = members[starts[pairs] + place // sizes[pairs]], members[starts[pairs] + place % sizes[pairs]]
    keys = np.sort((one * len(at) + two)[one < two])
    fresh = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=fresh[1:])
    return keys[fresh]


def given_name_codes(names: pa.LargeStringArray, *, beside: int = 0) -> Codes:
    """Numbers of known given names; names in pinyin, which no table lists, have numbers of their own beyond the table's.

    Parameters
    ----------
    names
        n distinct names in normal form, without nulls.
    beside
        Names of another list, whose numbers in pinyin no name here shall have.

    Returns
    -------
    numpy.ndarray
        int32 of length n; -1 for a name that nobody knows.

    Examples
    --------
    >>> (given_name_codes(pa.array(["paul", "qwerty", "xiaoming"], pa.large_string())) >= 0).tolist()
    [True, False, True]
    """
    codes = numpy_array(pc.index_in(names, value_set=_known()), null=-1).astype(np.int32)
    pinyin = (codes < 0) & matches(names, f"^(?:{PINYIN})$")
    codes[pinyin] = len(_known()) + beside + np.flatnonzero(pinyin)
    return codes


def is_given_name(name: str) -> bool:
    """Whether the tables know a name as a given name.

    Examples
    --------
    >>> is_given_name("martin"), is_given_name("huang")
    (True, False)
    """
    return name in _positions()


def known_names(names: pa.LargeStringArray) -> npt.NDArray[np.bool_]:
    """Whether the tables know each name as a given name.

    Examples
    --------
    >>> known_names(pa.array(["martin", "huang"], pa.large_string())).tolist()
    [True, False]
    """
    found: npt.NDArray[np.bool_] = numpy_array(pc.is_in(names, value_set=_known()))
    return found


def different_names(left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
    """Whether both names of each pair are known, and neither equal nor related.

    Parameters
    ----------
    left, right
        From one call of `given_name_codes`.

    Examples
    --------
    >>> codes = given_name_codes(pa.array(["paul", "paula", "pavel", "pauul"], pa.large_string()))
    >>> different_names(codes[[0, 0, 0]], codes[[1, 2, 3]]).tolist()
    [True, False, False]
    """
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    keys, related = low * len(_positions()) + high, _related()
    listed = high < len(_positions())
    found: npt.NDArray[np.bool_] = (low >= 0) & (low != high)
    found &= ~(listed & (related.take(np.searchsorted(related, keys), mode="clip") == keys))
    return found


def are_different_names(a: str, b: str) -> bool:
    """Whether two given names are known to be names of different people, however alike.

    Parameters
    ----------
    a, b
        Given names in normal form, of one word.

    Examples
    --------
    >>> are_different_names("jan", "jana"), are_different_names("jon", "john"), are_different_names("jan", "jann")
    (True, False, False)
    """
    if a == b:
        return False
    names = text_array([a, b])
    codes = given_name_codes(names)
    return bool(different_names(codes[:1], codes[1:])[0]) or bool(womans_and_mans_names(names))


def womans_and_mans_names(names: pa.LargeStringArray) -> list[tuple[int, int]]:
    """Pairs of names of which one is a known man's name, and the other the same with a woman's ending.

    The woman's need not be known: the names of a language are more than a table holds.

    Parameters
    ----------
    names
        Distinct names in normal form, without nulls.

    Returns
    -------
    list of (int, int)
        Positions of the woman's and the man's name.

    Examples
    --------
    >>> names = ["samir", "samira", "jessic", "jessica", "helen", "helena"]
    >>> womans_and_mans_names(pa.array(names, pa.large_string()))
    [(1, 0)]
    """
    known = np.flatnonzero(numpy_array(pc.is_in(names, value_set=_mans_names())))
    if not len(known):
        return []
    women = (
        numpy_array(pc.ends_with(names, "a")) | numpy_array(pc.ends_with(names, "e")) | numpy_array(pc.ends_with(names, "h"))
    )
    places = np.flatnonzero(women)
    at = dict(zip(names.take(arrow_array(places)).to_pylist(), places.tolist(), strict=True))
    genders, found = _genders(), []
    for man, position in zip(names.take(arrow_array(known)).to_pylist(), known.tolist(), strict=True):
        for woman in _womans_forms(man):
            place = at.get(woman, position)
            if place != position and genders.get(woman) != "m" and not are_related_names(woman, man):
                found.append((place, position))
    return found


def _womans_forms(man: str) -> list[str]:
    """What a man's name would be with the endings of women's."""
    ends = [(womans, len(man) - len(mans)) for womans, mans in ENDINGS if man.endswith(mans)]
    return [man[:stem] + womans for womans, stem in ends if stem >= STEM]


def is_womans_form(woman: str, man: str) -> bool:
    """Whether one name is a known man's name, and the other the same with a woman's ending.

    Parameters
    ----------
    woman, man
        Names in normal form.

    Examples
    --------
    >>> is_womans_form("samira", "samir"), is_womans_form("samir", "samira"), is_womans_form("pavla", "anna")
    (True, False, False)
    """
    genders = _genders()
    if genders.get(man) != "m" or woman == man or genders.get(woman) == "m" or woman[-1:] not in ("a", "e", "h"):
        return False
    return woman in _womans_forms(man) and not are_related_names(woman, man)


@cache
def _mans_names() -> pa.LargeStringArray:
    return text_array(sorted(name for name, gender in _genders().items() if gender == "m"))


def is_known_name(name: str) -> bool:
    """Whether the tables know a name, or it is one in pinyin: the names that `given_name_codes` numbers.

    Examples
    --------
    >>> is_known_name("paul"), is_known_name("xiaoming"), is_known_name("qwerty")
    (True, True, False)
    """
    return name in _positions() or re.fullmatch(PINYIN, name) is not None


def are_related_names(a: str, b: str) -> bool:
    """Whether two names are forms or nicknames of one name.

    Examples
    --------
    >>> are_related_names("paul", "pavel"), are_related_names("paul", "paula")
    (True, False)
    """
    at = _positions()
    if a not in at or b not in at:
        return False
    low, high = sorted((at[a], at[b]))
    key, related = low * len(at) + high, _related()
    return bool(related[np.searchsorted(related, key) % len(related)] == key)
