"""Whole names of a vocabulary put in order: asked one by one are only those whose words may say where the family name is."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.given_names import known_names
from omniid.normalization.folding import is_composed
from omniid.normalization.name_order import ACCENTS, MAIDEN_WORDS, MARIAS, SON, UPPER, order_tables, rearranged
from omniid.normalization.text import tidy
from omniid.tables.arrays import arrow_array, matches, numpy_array, text_array, text_scalar

__all__ = ["rearranged_all"]

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint16]

# What a word may say; a name has the bits of all its words.
ODD, TELLS, COMMA, CAPITALS, LOWER, INITIALS, LONG = (1 << place for place in range(7))
DOUBLE, EASTERN, VIETNAMESE, MIDDLE, MARIA, DEVOTION, TRAILING, GIVEN, UNSURE = (1 << place for place in range(7, 16))
# Words that tidying may change, so that others stand there: white space but a plain space, marks that nobody sees, joiners
# that do not stand between letters that they join.
UNTIDY = (
    r"[\x00-\x1f\x7f-\xa0\xad\x{61c}\x{1680}\x{180e}\x{2000}-\x{200b}\x{200e}\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}\x{3000}"
    r"\x{fe00}-\x{fe0f}\x{feff}\x{fff9}-\x{fffb}\x{e0000}-\x{e01ef}]"
    r"|(?:^|[^\x{600}-\x{dff}])[\x{200c}\x{200d}]|[\x{200c}\x{200d}](?:$|[^\x{600}-\x{dff}])"
)
# Words that the patterns of `name_order` begin with, or that must follow; dots, brackets, colons and commas part words of the
# first.
MAIDEN_PIECE = rf"(?:^|[()\[\],.:])(?:{'|'.join(sorted(MAIDEN_WORDS))})(?:[()\[\],.:]|$)"
LATIN_PIECE = r"abd(?:al|el|ul|ur|er|as|us|ar)?(?:-|$)|abu(?:-|$)|(?:^|-)(?:al|el|ul|ud|ed|ad)(?:-?d[iıİe]|-|$)"
ARABIC_PIECE = r"عبد(?:-|$)|(?:^|-)ال[دذ][يیى]ن"
# The places of words in the new order, and what stands behind each.
CAPITALS_FIRST = ((0, ", "), (1, ""))
DOUBLE_LAST = ((1, " "), (2, ", "), (0, ""))
PUNCTUATION = r"()\[\],.:'’"
LETTERS_FROM = 4  # letters that a family name before initials, or a given name of two syllables, has more than


def rearranged_all(values: pa.LargeStringArray) -> pa.LargeStringArray:
    """Distinct whole names, each as `rearranged` gives it; those that stay are as they were, untidied.

    Parameters
    ----------
    values
        Distinct names, without nulls.

    Examples
    --------
    >>> rearranged_all(pa.array(["Gabriel García Márquez", "Ewa Nowak"], pa.large_string())).to_pylist()
    ['García Márquez, Gabriel', 'Ewa Nowak']
    """
    if not len(values):
        return values
    names = _read(values)
    may = _may_change(names)
    for told, order in ((_capitals_and_given(names), CAPITALS_FIRST), (_two_family_names(names), DOUBLE_LAST)):
        if told.any():
            values = pc.replace_with_mask(values, arrow_array(told), _in_order(names, told, order))
        may &= ~told
    if may.any():
        values = pc.replace_with_mask(values, arrow_array(may), _each(select(values, may)))
    return values


def _each(values: pa.LargeStringArray) -> pa.LargeStringArray:
    """Ask about every name."""
    found = []
    for value in values.to_pylist():
        text = tidy(value)
        new = rearranged(text)
        found.append(value if new == text else new)
    return text_array(found)


class _Names(NamedTuple):
    """Names as words: their number, the bits of the first, of the last, of all and of those between, and the words."""

    size: Ints
    first: Bits
    last: Bits
    whole: Bits
    inner: Bits
    dots: Ints
    starts: Ints
    words: pa.DictionaryArray


def _read(values: pa.LargeStringArray) -> _Names:
    """Cut names into words, and say what these may tell."""
    pieces = pc.ascii_split_whitespace(pc.ascii_trim_whitespace(values))
    starts = numpy_array(pieces.offsets).astype(np.int64)
    words = pieces.values.slice(starts[0], starts[-1] - starts[0]).dictionary_encode()
    starts -= starts[0]
    codes = numpy_array(words.indices)
    distinct, dotted = _bits(words.dictionary)
    bits = distinct.take(codes)
    begins, ends = starts[:-1], starts[1:] - 1  # no name is without a word, though that may be empty
    inner = bits.copy()
    inner[begins] = inner[ends] = 0
    return _Names(
        np.diff(starts),
        bits.take(begins),
        bits.take(ends),
        np.bitwise_or.reduceat(bits, begins),
        np.bitwise_or.reduceat(inner, begins),
        np.add.reduceat(dotted.take(codes), begins),
        starts,
        words,
    )


def _bits(words: pa.LargeStringArray) -> tuple[Bits, Ints]:
    """What each distinct word may tell, and how many initials it consists of."""
    lower = pc.utf8_lower(words)
    plain = _plain(lower)
    size = numpy_array(pc.utf8_length(words)).astype(np.int64)
    initials = matches(words, r"^(?:[\pL\p{Nl}\p{No}]\.)+$")
    tables = order_tables()
    telling = {
        ODD: matches(words, UNTIDY) | ~is_composed(words),
        TELLS: matches(lower, f"{MAIDEN_PIECE}|{LATIN_PIECE}|{ARABIC_PIECE}"),
        COMMA: matches(words, ","),
        CAPITALS: matches(words, f"^[{UPPER}][{UPPER}'’-]{{2,}}$"),
        LOWER: matches(words, r"[\p{Ll}\p{Lm}\p{Lo}]"),
        INITIALS: initials,
        LONG: (size > LETTERS_FROM) | matches(words, "-"),  # a hyphen parts two syllables, however short
        DOUBLE: _is_among(plain, tables.double | SON),
        EASTERN: _is_among(plain, tables.chinese_korean),
        VIETNAMESE: _is_among(plain, tables.vietnamese | tables.maybe_vietnamese),
        MIDDLE: _is_among(plain, tables.vietnamese_middle),
        MARIA: _is_among(plain, MARIAS),
        DEVOTION: _is_among(plain, tables.devotion),
        TRAILING: _is_among(plain, tables.trailing),
        GIVEN: known_names(plain) & ~_is_among(plain, SON),
        UNSURE: _is_among(plain, tables.titles) | matches(words, "[()\\[\\]:\u0130]"),
    }
    found = np.zeros(len(words), np.uint16)
    for bit, mask in telling.items():
        found |= mask * np.uint16(bit)
    return found, np.where(initials, size // 2, 0)


def _plain(lower: pa.LargeStringArray) -> pa.LargeStringArray:
    """Words without punctuation and accents."""
    marked = matches(lower, f"[{PUNCTUATION}{''.join(ACCENTS.values())}]")
    plain = pc.replace_substring_regex(select(lower, marked), f"[{PUNCTUATION}]", "")
    for letter, accented in ACCENTS.items():
        plain = pc.replace_substring_regex(plain, f"[{accented}]", letter)
    return pc.replace_with_mask(lower, arrow_array(marked), plain)


def _may_change(names: _Names) -> Mask:
    """Whether the words of each name may say where the family name stands; nothing else is rearranged."""
    count, first, last, whole = names.size, names.first, names.last, names.whole
    two, several = count == 2, count > 2
    capitals = _has(whole, CAPITALS) & _has(whole, LOWER)
    initials = _has(last, INITIALS | TRAILING) & (names.dots > 1) & _has(whole, LONG)
    eastern = (two & _has(first, EASTERN) & _has(last, LONG)) | (several & _has(whole, EASTERN))
    eastern |= several & _has(whole, VIETNAMESE) & _has(whole, MIDDLE)
    double = _has(names.inner, DOUBLE) | (several & _has(whole, MARIA) & _has(whole, DEVOTION))
    found = ~_has(whole, COMMA) & (capitals | initials | eastern | double)
    result: Mask = (count > 1) & (found | _has(whole, TELLS)) | _has(whole, ODD)
    return result


def _capitals_and_given(names: _Names) -> Mask:
    """Whether a name is a family name in capitals and a given name, and nothing else can be said of it."""
    found: Mask = (names.size == 2) & _has(names.first, CAPITALS) & ~_has(names.whole, ODD | TELLS | COMMA)
    at = np.flatnonzero(found)
    found[at] = matches(names.words.dictionary, r"\p{Ll}")[numpy_array(names.words.indices)[names.starts[at] + 1]]
    return found


def _two_family_names(names: _Names) -> Mask:
    """Whether a name is a given name and two family names, and nothing else can be said of it."""
    other = ODD | TELLS | COMMA | CAPITALS | EASTERN | VIETNAMESE | MARIA | UNSURE
    found: Mask = (names.size == 3) & _has(names.inner, DOUBLE) & ~_has(names.inner, GIVEN)
    found &= ~_has(names.first, DOUBLE) & ~_has(names.last, TRAILING) & ~_has(names.whole, other)
    return found


def _in_order(names: _Names, mask: Mask, order: Sequence[tuple[int, str]]) -> pa.LargeStringArray:
    """The words of some names in another order, each with what stands behind it."""
    starts, texts = names.starts[:-1][mask], []
    for place, behind in order:
        texts += [names.words.dictionary.take(names.words.indices.take(arrow_array(starts + place))), text_scalar(behind)]
    return pc.binary_join_element_wise(*texts, text_scalar(""))


def _has(bits: Bits, wanted: int) -> Mask:
    found: Mask = (bits & np.uint16(wanted)) != 0
    return found


def _is_among(texts: pa.LargeStringArray, known: frozenset[str]) -> Mask:
    return numpy_array(pc.is_in(texts, value_set=text_array(sorted(known))))
