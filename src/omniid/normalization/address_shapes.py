"""Which words of street lines and towns mean something to their readers, and which may stand for each other."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.address import normalize_city, normalize_postcode
from omniid.normalization.cities import in_english
from omniid.normalization.folding import composed, fold_clean, is_composed
from omniid.normalization.forms import Forms
from omniid.normalization.shapes import LITERAL, Reader, StandIn, Words, read_by_shape
from omniid.normalization.street import GLUED, NUMBER
from omniid.normalization.text import fold_words, missing_words, tidy
from omniid.normalization.words import word_table
from omniid.tables.arrays import arrow_array, matches, numpy_array, text_array

__all__ = ["classify_places", "read_postcodes", "read_streets", "read_towns"]

Kinds = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Polish, five or six digits, British, Dutch: nothing to strip but a space or hyphen.
PLAIN_POSTCODE = r"^(?:\d\d-\d{3}|\d{4,6}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{4} [A-Z]{2})$"

PLAIN, HYPHENED, GLUED_STREET, DIGITS, LETTERED, NUMBERED, LISTED = range(1, 8)
# Numbers in several parts: of digits, with a letter in front of the last, with one at the end, which a hyphen behind it meets.
SLASHED, DASHED = range(8, 11), range(11, 14)
STAND_INS = (
    StandIn("Qx{a}qk", "qx{a}qk"),
    StandIn("Qx{a}qk-Qx{a}qk", "qx{a}qk qx{a}qk"),
    StandIn("Qx{a}qkstrasse", "qx{a}qk"),
    StandIn("90{n}73", "90{n}73"),
    StandIn("90{n}73A", "90{n}73a"),
    StandIn("Qx{a}qk73", "qx{a}qk73"),
    StandIn("90{n}73،", "90{n}73"),
    *(
        StandIn(f"90{{n}}73{inner}{mark}90{{n}}73{end}", f"90{{n}}73{inner.lower()}{mark}90{{n}}73{end.lower()}")
        for mark in "/-"
        for inner, end in (("", ""), ("A", ""), ("", "A"))
    ),
)
# Numbers of houses as `street` knows them, lower case; letters and hyphens; letters and digits; what takes a letter along.
HOUSE_NUMBER = rf"^(?:{NUMBER.pattern})$"
LETTERS = r"^\pL+(?:-\pL+)?$"
ALPHANUMERIC = r"^\pL[\pL0-9]*[0-9][\pL0-9]*$"
PLAIN_FOLD, HYPHENED_FOLD, NUMBERED_FOLD = "^[a-z]{2,}$", "^[a-z]{2,} [a-z]{2,}$", "^[a-z]{2,}[0-9][a-z0-9]*$"
GLUED_FOLD, BUILDING_FOLD = rf"(?:^| )(?:{GLUED.pattern})(?:$| )", "^bld[0-9]"


def read_streets(values: pa.LargeStringArray, read: Reader) -> list[Forms]:
    """Apply a reader of street lines to distinct values, once per shape.

    Parameters
    ----------
    values
        Distinct raw values, without nulls.
    read
        Value → its parts.

    Examples
    --------
    >>> from omniid.normalization.address import normalize_street
    >>> lines = pa.array([f"Oak St. {number}" for number in range(99)], pa.large_string())
    >>> (street,) = read_streets(lines, lambda value: [normalize_street(value)])
    >>> street.value[12].as_py(), street.display[12].as_py()
    ('12 oak st', 'Oak St. 12')
    """
    return read_by_shape(composed(values), read, classify_places, STAND_INS)


def read_towns(values: pa.LargeStringArray) -> Forms:
    """Normalise distinct names of towns, once per shape.

    Parameters
    ----------
    values
        Distinct raw values, without nulls.

    Examples
    --------
    >>> read_towns(pa.array(["Bad Nauheim"], pa.large_string())).value.to_pylist()
    ['bad nauheim']
    """
    (forms,) = read_by_shape(values, lambda value: (normalize_city(value),), _classify_towns, STAND_INS)
    return forms._replace(value=in_english(forms.value))


def _classify_towns(words: pa.LargeStringArray) -> Words:
    """Kinds of words of towns, where "-strasse" is no kind of street."""
    kind, folded = classify_places(words)
    glued = np.flatnonzero(kind == GLUED_STREET)
    if not len(glued):
        return Words(kind, folded)
    whole = text_array(fold_words(words.take(arrow_array(glued)).to_pylist()))
    folded = pc.replace_with_mask(folded, arrow_array(kind == GLUED_STREET), whole)
    return Words(np.where(kind == GLUED_STREET, PLAIN, kind), folded)


def classify_places(words: pa.LargeStringArray) -> Words:
    """Tell the kinds of distinct words of street lines and towns.

    Examples
    --------
    >>> words = pa.array(["Oak", "St.", "12", "12A", "3/4", "Hauptstr", "Bad-Nauheim"], pa.large_string())
    >>> classify_places(words).kind.tolist()
    [1, 0, 4, 5, 8, 3, 2]
    """
    lower = pc.ascii_lower(words)
    kind, folded = _number_kinds(lower), lower
    spelled = (matches(words, LETTERS) | matches(words, ALPHANUMERIC)) & ~matches(words, "\u0130")
    if spelled.any():
        spelled[spelled] = is_composed(select(words, spelled))
        folded = pc.replace_with_mask(folded, arrow_array(spelled), fold_clean(select(words, spelled)))
        kind[spelled] = _word_kinds(select(words, spelled), select(folded, spelled))
    listed = matches(words, "^[0-9]{1,5}،$")  # a number with an Arabic comma behind it
    if listed.any():
        numbers = pc.replace_substring(select(words, listed), "،", "")
        folded, kind[listed] = pc.replace_with_mask(folded, arrow_array(listed), numbers), LISTED
    if (odd := kind == LITERAL).any():
        texts = select(words, odd).to_pylist()
        found = [_kind(text, fold) for text, fold in zip(texts, fold_words(texts), strict=True)]
        kind[odd] = [number for number, _ in found]
        folded = pc.replace_with_mask(folded, arrow_array(odd), text_array([fold for _, fold in found]))
    return Words(kind, folded)


def _number_kinds(lower: pa.LargeStringArray) -> Kinds:
    """Kinds of house numbers, `LITERAL` for all other words."""
    number, lettered = matches(lower, HOUSE_NUMBER), matches(lower, "[a-z]")
    kinds, ending = np.where(lettered, LETTERED, DIGITS), matches(lower, "[a-z]$")
    for mark, parted in (("/", SLASHED), ("-", DASHED)):
        kinds = np.where(matches(lower, mark), parted[0] + lettered + ending, kinds)
    return np.where(number, kinds, LITERAL).astype(np.int64)


def _word_kinds(words: pa.LargeStringArray, folded: pa.LargeStringArray) -> Kinds:
    """Kinds of tidy words of letters, digits and a hyphen, as far as they are plain; `LITERAL` for the others."""
    telling = text_array(sorted(_telling()))
    plain, hyphened, numbered = (matches(folded, pattern) for pattern in (PLAIN_FOLD, HYPHENED_FOLD, NUMBERED_FOLD))
    hyphened &= matches(words, "-")
    plain &= ~matches(words, "[-0-9]")
    numbered &= ~matches(folded, BUILDING_FOLD)
    kind = np.where(plain | numbered, PLAIN, np.where(hyphened, HYPHENED, LITERAL)).astype(np.int64)
    kind[numbered & matches(words, "[0-9]$")] = NUMBERED
    meant = matches(folded, GLUED_FOLD)
    sides = [pc.replace_substring_regex(folded, pattern, "") for pattern in (" .*", ".* ")]
    for texts in (pc.utf8_lower(words), *sides):
        meant |= numpy_array(pc.is_in(texts, value_set=telling))
    kind[meant] = LITERAL
    return kind


def read_postcodes(values: pa.LargeStringArray) -> Forms:
    """Postcodes, the plain ones all at once.

    Parameters
    ----------
    values
        Distinct raw values, without nulls.

    Examples
    --------
    >>> read_postcodes(pa.array(["00-950", "SW1A 1AA", "D-10115"], pa.large_string())).value.to_pylist()
    ['00950', 'sw1a1aa', '10115']
    """
    trimmed = pc.utf8_trim(values, characters=" ")
    plain = numpy_array(pc.match_substring_regex(trimmed, PLAIN_POSTCODE))
    shown = select(trimmed, plain)
    bare = pc.ascii_lower(pc.replace_substring_regex(shown, "[- ]", ""))
    empty = numpy_array(pc.match_substring_regex(bare, "^0+$"))
    plain[np.flatnonzero(plain)[empty]] = False
    quick = Forms(select(bare, ~empty), select(shown, ~empty), pa.nulls(int(plain.sum()), pa.large_string()))
    slow = Forms.each(normalize_postcode, select(values, ~plain).to_pylist())
    return Forms.joined((np.flatnonzero(plain), quick), (np.flatnonzero(~plain), slow))


def _kind(text: str, folded: str) -> tuple[int, str]:
    """The kind of a word by what the readers look at, and what they make of it."""
    if text.isascii() and NUMBER.fullmatch(lower := text.lower()):
        lettered = any(mark.isalpha() for mark in text)
        if "-" in text or "/" in text:
            return (DASHED if "-" in text else SLASHED)[lettered + text[-1].isalpha()], lower
        return (LETTERED if lettered else DIGITS), lower
    pieces = folded.split(" ")
    telling = _telling()
    if len(pieces) > 2 or text.lower() in telling or tidy(text) != text:
        return LITERAL, folded
    if any(len(piece) < 2 or not piece.isalpha() or piece in telling for piece in pieces):
        return LITERAL, folded
    glued = [GLUED.fullmatch(piece) for piece in pieces]
    if len(pieces) == 2:
        joined = text.count("-") == 1 and text.replace("-", "").isalpha()
        return (HYPHENED if joined and not any(glued) else LITERAL), folded
    if not text.isalpha():
        return LITERAL, folded
    if glued[0]:
        stem = glued[0].group(1)
        return (LITERAL if stem in telling or GLUED.fullmatch(stem) else GLUED_STREET), stem
    return PLAIN, folded


@cache
def _telling() -> frozenset[str]:
    """Words that mean something, alone or in a phrase, as spelled and as they come out."""
    table = word_table("addresses.tsv")
    spelled = {word for group in table.values() for entry in (*group, *group.values()) for word in entry.split()}
    return frozenset(spelled) | missing_words()
