"""Phone numbers of a whole vocabulary: ordinary spellings in one sweep, the others one by one."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import count_bytes, select, string_array, string_bytes
from omniid.normalization.forms import Forms
from omniid.normalization.phone import COUNTED, FEWEST, FLOATED, MOST, normalize_phones, wrong_length
from omniid.normalization.plan_arrays import place_numbers
from omniid.tables import Codes
from omniid.tables.arrays import arrow_array, matches, numpy_array, text_array, text_scalar

__all__ = ["phone_forms"]

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
# A "+" further back than the third place does not say that a country code follows.
PLAIN = r"^(?:[0-9() ./-]{0,2}\+)?[0-9() ./-]+$"
PLAIN_LENGTH = 64
PLUS_WITHIN = 3
TRUNK = r"\( *0 *\)"
# Spaces that do not break a line, and words in front of a number that say nothing about it.
WIDE_SPACES = "[\u00a0\u202f]"
PREFIX = r"^(?i:tel|phone|mob|mobile|cell|fax|sms|whatsapp|wa|viber|telegram|tg|signal|тел|моб|т|ph|p|m|t) *[:.] *"
# An extension behind a number and a gap.
EXTENDED = (
    r"^(?P<number>[0-9() ./+-]*[0-9)])[ ,;.]+(?i:ext(?:ension|n)?|доб(?:авочный)?|внутр?|wewn?|dw|poste|anexo|int(?:erno)?|x|#)"
    r"[ .:#]*(?P<extension>[0-9]{1,7})$"
)


def phone_forms(vocabulary: pa.LargeStringArray, contexts: Codes, regions: Sequence[str | None]) -> Forms:
    """Normalise distinct values, each with its region.

    Equals `normalize_phone` applied to each value.

    Parameters
    ----------
    vocabulary
        Raw values, large_string without nulls.
    contexts
        int32, one per value: a position in `regions`.
    regions
        Two-letter regions whose national format is meant, None where unknown.

    Examples
    --------
    >>> values = pa.array(["+48 501-234-567", "501 234 567"], pa.large_string())
    >>> phone_forms(values, np.array([0, 1], np.int32), [None, "PL"]).value.to_pylist()
    ['+48501234567', '+48501234567']
    """
    trimmed = pc.ascii_trim(vocabulary, " ")
    short = numpy_array(pc.binary_length(vocabulary)) <= PLAIN_LENGTH
    simple, has_plus = _is_simple(trimmed)
    simple &= short
    rows, dressed = np.flatnonzero(simple), np.flatnonzero(~simple)
    bare = select(trimmed, simple)
    found = _placed(_Spelled(rows, bare, bare, has_plus[simple]), contexts, regions)
    if len(dressed):
        found += _placed(_undressed(dressed, select(trimmed, ~simple), short[dressed]), contexts, regions)
    rest = np.ones(len(vocabulary), bool)
    for rows, _ in found:
        rest[rows] = False
    slow = normalize_phones(select(vocabulary, rest).to_pylist(), [regions[context] for context in contexts[rest].tolist()])
    return Forms.joined(*found, (np.flatnonzero(rest), Forms.of(slow)))


class _Spelled(NamedTuple):
    """Values of digits and punctuation, which of all values they are, and whether a country code comes first.

    `shown` is what is shown of those that no plan knows, null where only the scalar function can say; `extension` is null
    where there is none.
    """

    rows: Rows
    text: pa.LargeStringArray
    shown: pa.LargeStringArray
    has_plus: Mask
    extension: pa.LargeStringArray | None = None


def _is_simple(values: pa.LargeStringArray) -> tuple[Mask, Mask]:
    """Whether values are digits and punctuation with nothing to take off, and whether they have a "+"."""
    data, offsets = string_bytes(values)
    found, has_plus = numpy_array(pc.ends_with(values, ".0")), np.zeros(len(values), bool)
    np.logical_not(found, out=found)
    # Between "(" and "9" only "*" and "," do not belong to a number.
    odd = (data - np.uint8(ord("(")) > ord("9") - ord("(")) & (data != ord(" "))
    odd |= (data == ord("*")) | (data == ord(","))
    found[np.searchsorted(offsets, np.flatnonzero(odd), side="right") - 1] = False
    plus = np.flatnonzero(data == ord("+"))
    owner = np.searchsorted(offsets, plus, side="right") - 1
    has_plus[owner] = True
    found[owner[plus - offsets[owner] >= PLUS_WITHIN]] = False
    found[owner[1:][owner[1:] == owner[:-1]]] = False
    bracket = np.flatnonzero(data[:-1] == ord("("))
    trunk = bracket[(data[bracket + 1] == ord("0")) | (data[bracket + 1] == ord(" "))]
    found[np.searchsorted(offsets, trunk, side="right") - 1] = False
    return found, has_plus


def _undressed(rows: Rows, values: pa.LargeStringArray, short: Mask) -> _Spelled:
    """Those of some values that are numbers once "tel." and its like, a last ".0", an extension and "(0)" are taken off."""
    for pattern, by in ((WIDE_SPACES, " "), (PREFIX, "")):
        values = pc.ascii_trim(values, " ")
        found = pc.match_substring_regex(values, pattern)
        if pc.any(found).as_py():
            values = pc.replace_with_mask(values, found, pc.replace_substring_regex(values.filter(found), pattern, by))
    floated = pc.match_substring_regex(values, FLOATED.pattern)
    if pc.any(floated).as_py():
        values = pc.replace_with_mask(values, floated, pc.utf8_slice_codeunits(values.filter(floated), 0, -len(".0")))
    prefixed = pc.or_(found, floated)
    parts = pc.extract_regex(values, EXTENDED)
    extended = parts.is_valid()
    values = pc.if_else(extended, pc.struct_field(parts, "number"), values)
    plain = short & matches(values, PLAIN)
    at = arrow_array(plain)
    shown = pc.if_else(prefixed, text_scalar(None), values).filter(at)
    extension = pc.if_else(extended, pc.struct_field(parts, "extension"), text_scalar(None)).filter(at)
    text = values.filter(at)
    has_plus = numpy_array(pc.match_substring(text, "+"))
    doubtful = pc.or_(arrow_array(has_plus), pc.starts_with(text, "00"))
    text = pc.if_else(doubtful, pc.replace_substring_regex(text, TRUNK, ""), text)
    return _Spelled(rows[plain], text, shown, has_plus, extension)


def _placed(spelled: _Spelled, contexts: Codes, regions: Sequence[str | None]) -> list[tuple[Rows, Forms]]:
    """The forms of those that need no look of their own, with their positions."""
    rows = spelled.rows
    digits, has_plus = _dialled(spelled.text, spelled.has_plus)
    sizes = numpy_array(pc.binary_length(digits))
    fits = (sizes >= FEWEST) & (sizes <= MOST)
    whole = numpy_array(select(digits, fits).cast(pa.int64()))
    genuine = ~_is_stop_value(whole, sizes[fits])
    fits[fits], whole = genuine, whole[genuine]
    placed = place_numbers(select(digits, fits), whole, has_plus[fits], contexts[rows[fits]], regions)
    shown = select(spelled.shown, fits)
    # What is no E.164 shows as it was written, prefix and all: one by one.
    settled = numpy_array(placed.is_valid())
    settled &= numpy_array(pc.starts_with(placed, "+")) | numpy_array(shown.is_valid())
    shown, fits[fits] = select(shown, settled), settled
    extension = None if spelled.extension is None else select(spelled.extension, fits)
    wrong = ((sizes < FEWEST) & (sizes > 0)) | (sizes > MOST)
    return [(rows[fits], _quick(select(placed, settled), shown, extension)), (rows[wrong], _wrong(sizes[wrong]))]


def _dialled(text: pa.LargeStringArray, has_plus: Mask) -> tuple[pa.LargeStringArray, Mask]:
    """The digits that are dialled, "00" taken off, and whether a country code comes first."""
    data, offsets = string_bytes(text)
    is_digit = data - np.uint8(ord("0")) <= 9
    digits, sizes = data[is_digit], count_bytes(is_digit, offsets)
    starts = np.cumsum(sizes) - sizes
    zeros = np.append(digits, np.zeros(2, np.uint8)) == ord("0")
    abroad = zeros[starts] & zeros[starts + 1] & (sizes > 1)
    if abroad.any():
        kept, row = np.ones(len(digits), bool), np.flatnonzero(abroad)
        ends = starts + sizes
        while len(row):
            kept[starts[row]] = False
            starts[row] += 1
            row = row[(starts[row] < ends[row]) & zeros[starts[row]]]
        digits, sizes = digits[kept], ends - starts
    return string_array(digits, np.concatenate([[0], np.cumsum(sizes)])), has_plus | abroad


def _is_stop_value(whole: npt.NDArray[np.int64], sizes: npt.NDArray[np.signedinteger]) -> Mask:
    """Whether digits, read as one number, are one digit repeated, counted up or down, or end in seven zeros."""
    repeated = np.array([(10**size - 1) // 9 for size in range(MOST + 1)])[sizes]
    found: Mask = (whole % repeated == 0) & (whole < 10 * repeated)
    found |= (whole % 10**FEWEST == 0) & (sizes > FEWEST)
    counted = _counted()
    found |= counted[np.minimum(np.searchsorted(counted, whole), len(counted) - 1)] == whole
    return found


@cache
def _counted() -> npt.NDArray[np.int64]:
    """All numbers counted up or down, whose zeros in front may be missing."""
    runs = (COUNTED[at : at + size] for size in range(FEWEST, MOST + 1) for at in range(len(COUNTED) - size + 1))
    return np.array(sorted({int(turned) for run in runs for turned in (run, run[::-1])}))


def _quick(value: pa.LargeStringArray, shown: pa.LargeStringArray, extension: pa.LargeStringArray | None) -> Forms:
    """Forms of placed numbers: E.164 shows as it is, bare digits as they were written, an extension behind its number."""
    bare = pc.invert(pc.starts_with(value, "+"))
    display = value
    if pc.any(bare).as_py():
        display = pc.replace_with_mask(value, bare, pc.replace_substring_regex(shown.filter(bare), " +", " "))
    if extension is not None and extension.null_count < len(extension):
        extended = pc.binary_join_element_wise(value, extension, text_scalar(" ext. "))
        display = pc.if_else(extension.is_valid(), extended, display)
    return Forms(value, display, pa.nulls(len(value), pa.large_string()))


def _wrong(sizes: npt.NDArray[np.signedinteger]) -> Forms:
    """Forms of numbers that are too short or too long."""
    reasons = text_array([wrong_length(size) for size in range(PLAIN_LENGTH + 1)])
    nothing = pa.nulls(len(sizes), pa.large_string())
    return Forms(nothing, nothing, reasons.take(arrow_array(sizes)))
