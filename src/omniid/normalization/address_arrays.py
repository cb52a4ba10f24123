"""Whole addresses of a vocabulary: postcodes are found and parts are told apart on arrays, distinct parts are read once."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import Bytes, Offsets, select, string_array, string_bytes
from omniid.normalization.address import normalize_country, split_street
from omniid.normalization.address_shapes import read_postcodes, read_streets, read_towns
from omniid.normalization.folding import UNSEEN_MARKS, is_composed, single_spaced
from omniid.normalization.forms import Forms
from omniid.normalization.full_address import AddressParts, split_address
from omniid.normalization.text import fold, fold_words
from omniid.normalization.words import word_table
from omniid.tables import NormalForm
from omniid.tables.arrays import arrow_array, matches, numpy_array, text_array, text_scalar

__all__ = ["read_addresses", "street_line"]

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

LONGEST = 200
FEW = 64  # values: below, asking about each is quicker
# What tidying leaves as it is, without digits of other scripts.
PLAIN = r"^[\x20-\x7e\pL\pM\pP]*[\pL0-9][\x20-\x7e\pL\pM\pP]*$"
# The patterns of `full_address`, cut into what stands before and behind a postcode, since Arrow knows no lookarounds.
CODE = r"[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{4}\s[A-Z]{2}|\d{2}-\d{3}|\d{6}|\d{5}-\d{4}"
SHAPED = rf"(?:^|[^\pL\pN_])(?:{CODE})(?:$|[^\pL\pN_])"
SHAPED_START = rf"(?s)^(?P<before>.*?)(?P<gap>^|[^\pL\pN_])(?P<code>{CODE})(?:$|[^\pL\pN_])"
FIVE_DIGITS = 5
LINE_END, SPACE, COMMA = b"\n ,"
CAPITAL = np.array([chr(byte).isupper() and byte < 128 for byte in range(256)])
IN_WORD = np.array([chr(byte).isalnum() or byte == ord("_") or byte > 127 for byte in range(256)])
# A code of a shape that may be a part of a longer number after all.
DOUBTFUL_BEHIND = r"^\s*[-/]\d"


def read_addresses(values: pa.LargeStringArray) -> dict[str, Forms]:
    """Take distinct whole addresses apart; the result is that of `split_address` for each.

    Parameters
    ----------
    values
        Distinct raw values, without nulls.

    Returns
    -------
    dict
        Part of the address (street, unit, city, postcode, country) → its forms.

    Examples
    --------
    >>> values = [f"Oak St. {number}, 62704 Springfield, USA" for number in range(99)]
    >>> parts = read_addresses(pa.array(values, pa.large_string()))
    >>> [parts[name].value[12].as_py() for name in ("street", "city", "postcode", "country")]
    ['12 oak st', 'springfield', '62704', 'US']
    """
    text, plain = _tidied(values)
    cut, clear = _postcodes(select(text, plain))
    plain[plain] = clear
    if plain.sum() < FEW:
        return _each(values)
    found = _read(_Cut(*(select(part, clear) for part in cut)))
    if plain.all():
        return found
    slow = _each(select(values, ~plain))
    at, rest = np.flatnonzero(plain), np.flatnonzero(~plain)
    return {name: Forms.joined((at, forms), (rest, slow[name])) for name, forms in found.items()}


def street_line(value: str) -> tuple[NormalForm, NormalForm, NormalForm]:
    """Return a street line, the flat written in it, and something where it holds a house number.

    Examples
    --------
    >>> [form.value for form in street_line("Main St 12 apt 5")]
    ['12 main st', '5', 'numbered']
    """
    street, unit, has_number = split_street(value)
    return street, unit, NormalForm("numbered" if has_number else None)


class _Cut(NamedTuple):
    """Texts cut at their postcodes; where there is none, `code` is empty and all of the text stands in `before`."""

    before: pa.LargeStringArray
    code: pa.LargeStringArray
    after: pa.LargeStringArray


def _each(values: pa.LargeStringArray) -> dict[str, Forms]:
    """Ask about every value."""
    found = [split_address(value) for value in values.to_pylist()]
    return {name: Forms.of([getattr(parts, name) for parts in found]) for name in AddressParts._fields}


def _tidied(values: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Mask]:
    """Values on one line with single spaces, and whether they are plain enough to be cut on arrays."""
    broken = pc.match_substring_regex(values, "[\r\n]")
    lines = values
    if pc.any(broken).as_py():
        lines = pc.replace_with_mask(values, broken, pc.replace_substring_regex(values.filter(broken), "[\r\n]", ", "))
    plain = matches(lines, PLAIN) & (numpy_array(pc.utf8_length(lines)).astype(np.int64) <= LONGEST)
    plain[plain] = is_composed(select(lines, plain)) & ~matches(select(lines, plain), UNSEEN_MARKS)
    text = single_spaced(lines)
    missing = pc.is_in(pc.utf8_lower(text), value_set=text_array(sorted(word_table("general.tsv")["missing"])))
    return text, plain & ~numpy_array(missing)


def _postcodes(text: pa.LargeStringArray) -> tuple[_Cut, Mask]:
    """Cut texts at the first postcode of a shape of its own, else at the first five digits that may be one.

    The mask says where that is certain.
    """
    data, offsets = string_bytes(text)
    shaped = matches(text, SHAPED)
    starts, ends = offsets[1:].copy(), offsets[1:].copy()
    found = pc.extract_regex(select(text, shaped), SHAPED_START)
    before, gap, size = (
        numpy_array(pc.binary_length(pc.struct_field(found, name))).astype(np.int64) for name in ("before", "gap", "code")
    )
    starts[shaped] = offsets[:-1][shaped] + before + gap
    ends[shaped] = starts[shaped] + size
    first, certain = _five_digits(text, offsets)
    five = ~shaped & (first >= 0)
    starts[five], ends[five] = first[five], first[five] + FIVE_DIGITS
    cut = _cut(data, offsets, starts, ends)
    return cut, np.where(shaped, ~matches(cut.after, DOUBTFUL_BEHIND), certain)


def _cut(data: Bytes, offsets: Offsets, starts: Offsets, ends: Offsets) -> _Cut:
    """Cut each text at two places."""
    bounds = np.empty(3 * len(starts) + 1, np.int64)
    bounds[0::3], bounds[1::3], bounds[2::3] = offsets, starts, ends
    pieces = string_array(data, bounds)
    return _Cut(*(pieces.take(arrow_array(np.arange(part, 3 * len(starts), 3))) for part in range(3)))


def _five_digits(text: pa.LargeStringArray, offsets: Offsets) -> tuple[Offsets, Mask]:
    """Where the first five digits begin that may be a postcode, -1 where none do; and whether that is certain."""
    no_text = text_scalar("")
    lines, begins = string_bytes(pc.binary_join_element_wise(no_text, text, no_text, text_scalar("\n")))
    lines = np.concatenate([lines, np.frombuffer(b"\n" * FIVE_DIGITS, np.uint8)])  # so that indices below 0 find a line end
    digit = (lines >= ord("0")) & (lines <= ord("9"))
    edges = np.flatnonzero(digit[1:] != digit[:-1]) + 1  # runs of digits begin and end by turns
    starts, ends = edges[0::2], edges[1::2]
    whole = ends - starts == FIVE_DIGITS
    starts, ends = starts[whole], ends[whole]
    before, behind = lines[starts - 1], lines[ends]
    spaced, closes = before == SPACE, behind == LINE_END
    comma = (before == COMMA) | (spaced & (lines[starts - 2] == COMMA))
    state = spaced & CAPITAL[lines[starts - 2]] & CAPITAL[lines[starts - 3]]
    state &= (lines[starts - 4] == SPACE) & (lines[starts - 5] == COMMA)
    listed = (behind == COMMA) | ((behind == SPACE) & (lines[ends + 1] == COMMA))
    is_code = (comma | state) & ~IN_WORD[behind]
    is_code |= (spaced & (closes | listed)) | ((before == LINE_END) & listed)
    owner = np.searchsorted(begins, starts, side="right") - 1
    first, certain = np.full(len(text), -1, np.int64), np.ones(len(text), bool)
    certain[owner[(comma | state) & (behind > 127)]] = False  # a letter or none
    owner, starts = owner[is_code][::-1], starts[is_code][::-1]  # of several, the first is written last
    first[owner] = starts - begins[owner] - 1 + offsets[owner]
    return first, certain


def _read(cut: _Cut) -> dict[str, Forms]:
    """Tell the parts between commas apart and read each distinct one."""
    text = pc.binary_join_element_wise(cut.before, cut.after, text_scalar(" "))
    lists = pc.split_pattern(text, ",")
    sizes = numpy_array(pc.list_value_length(lists)).astype(np.int64)
    coded = single_spaced(lists.flatten()).dictionary_encode()
    parts, code = coded.dictionary, numpy_array(coded.indices).astype(np.int64)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    kept = _says_something(parts)[code]
    owner, code = owner[kept], code[kept]
    country, by_country = _countries(parts, owner, code, len(sizes))
    owner, code = owner[~by_country], code[~by_country]
    is_street = _is_street(parts)[code]
    first = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]])[: len(owner)])
    has_street = np.bincount(owner[is_street], minlength=len(sizes)) > 0
    is_street[first] |= ~has_street[owner[first]]  # nothing looks like a street: the first part is one
    other = np.flatnonzero(~is_street)
    places = np.full(len(sizes), -1, np.int64)
    places[owner[other][::-1]] = code[other][::-1]  # of several, the first is written last
    ends = np.concatenate([[0], np.cumsum(np.bincount(owner[is_street], minlength=len(sizes)))])
    lines = pa.LargeListArray.from_arrays(arrow_array(ends), parts.take(arrow_array(code[is_street])))
    street, unit, _ = _once(pc.binary_join(lines, text_scalar(", ")), lambda distinct: read_streets(distinct, street_line))
    (postcode,) = _once(cut.code, lambda distinct: [read_postcodes(distinct)])
    (city,) = _once(parts.take(arrow_array(places, present=places >= 0)), lambda distinct: [read_towns(distinct)])
    return {"street": street, "unit": unit, "city": city, "postcode": postcode, "country": country}


def _once(values: pa.LargeStringArray, read: Callable[[pa.LargeStringArray], Sequence[Forms]]) -> list[Forms]:
    """Read each distinct value; null stays null."""
    coded = values.dictionary_encode()
    return [Forms(*(part.take(coded.indices) for part in forms)) for forms in read(coded.dictionary)]


def _countries(parts: pa.LargeStringArray, owner: Ints, code: Ints, count: int) -> tuple[Forms, Mask]:
    """The countries that stand last in addresses of several parts, and which parts these are."""
    last = np.flatnonzero(np.concatenate([owner[1:] != owner[:-1], [True]])[: len(owner)])
    last = last[np.bincount(owner, minlength=count)[owner[last]] > 1]
    distinct, place = np.unique(code[last], return_inverse=True)
    texts = parts.take(arrow_array(distinct)).to_pylist()
    known = word_table("countries.tsv")["country"]
    forms, named = [], np.zeros(len(texts) + 1, bool)
    for number, (text, folded) in enumerate(zip(texts, fold_words(texts), strict=True)):
        if len(folded) > 2 and folded.removeprefix("the ") in known:
            forms.append(normalize_country(text))
            named[number] = forms[-1].value is not None
        else:
            forms.append(NormalForm(None))
    last, place = last[named[place]], place[named[place]]
    by_country = np.zeros(len(code), bool)
    by_country[last] = True
    of_owner = np.full(count, -1, np.int64)
    of_owner[owner[last]] = place
    at = arrow_array(of_owner, present=of_owner >= 0)
    return Forms(*(part.take(at) for part in Forms.of(forms))), by_country


def _says_something(parts: pa.LargeStringArray) -> Mask:
    """Whether anything is left of parts once they are folded."""
    found = matches(parts, "[0-9A-Za-z]")
    if not found.all():
        found[~found] = [bool(fold(part)) for part in select(parts, ~found).to_pylist()]
    return found


def _is_street(parts: pa.LargeStringArray) -> Mask:
    """Whether parts hold a number or a word for a kind of street."""
    found = matches(parts, "[0-9]")
    if found.all():
        return found
    lists = pc.split_pattern(select(parts, ~found), " ")
    coded = lists.flatten().dictionary_encode()
    kinds, words = word_table("addresses.tsv")["street"], coded.dictionary.to_pylist()
    telling = [
        word.lower().strip(".") in kinds or folded in kinds for word, folded in zip(words, fold_words(words), strict=True)
    ]
    marked = np.array(telling, bool)[numpy_array(coded.indices)]
    starts = numpy_array(lists.offsets).astype(np.int64)
    found[~found] = np.logical_or.reduceat(marked, starts[:-1] - starts[0])  # no list is empty
    return found
