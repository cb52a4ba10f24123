"""Phone numbers of a whole vocabulary: ordinary spellings in one sweep, the others one by one."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import keep_bytes, select
from omniid.normalization.forms import Forms
from omniid.normalization.phone import COUNTED, FEWEST, FLOATED, MOST, normalize_phones, wrong_length
from omniid.normalization.plan_arrays import place_numbers
from omniid.tables import Codes
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["phone_forms"]

Mask = npt.NDArray[np.bool_]
DIGITS = b"0123456789"
# A "+" further back than the third place does not say that a country code follows.
PLAIN = r"^(?:[0-9() ./-]{0,2}\+)?[0-9() ./-]+$"
PLAIN_LENGTH = 64
TRUNK = r"\( *0 *\)"
# Spaces that do not break a line, and words in front of a number that say nothing about it.
WIDE_SPACES = "[\u00a0\u202f]"
PREFIX = r"^(?i:tel|phone|mob|mobile|cell|fax|sms|whatsapp|wa|viber|telegram|tg|signal|тел|моб|т|ph|p|m|t) *[:.] *"


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
    trimmed, prefixed = _undressed(vocabulary)
    plain = numpy_array(pc.match_substring_regex(trimmed, PLAIN))
    plain &= numpy_array(pc.binary_length(vocabulary)) <= PLAIN_LENGTH
    rows, text = np.flatnonzero(plain), select(trimmed, plain)
    digits, has_plus = _dialled(text)
    sizes = numpy_array(pc.binary_length(digits))
    fits = (sizes >= FEWEST) & (sizes <= MOST)
    whole = numpy_array(select(digits, fits).cast(pa.int64()))
    genuine = ~_is_stop_value(whole, sizes[fits])
    fits[fits], whole = genuine, whole[genuine]
    placed = place_numbers(select(digits, fits), whole, has_plus[fits], contexts[rows[fits]], regions)
    # What is no E.164 shows as it was written, prefix and all: one by one.
    settled = numpy_array(placed.is_valid())
    settled &= numpy_array(pc.starts_with(placed, "+")) | ~prefixed[rows[fits]]
    fits[fits], placed = settled, select(placed, settled)
    wrong = ((sizes < FEWEST) & (sizes > 0)) | (sizes > MOST)
    rest = np.ones(len(vocabulary), bool)
    rest[rows[fits | wrong]] = False
    slow = normalize_phones(select(vocabulary, rest).to_pylist(), [regions[context] for context in contexts[rest].tolist()])
    return Forms.joined(
        (rows[fits], _quick(placed, select(text, fits))),
        (rows[wrong], _wrong(sizes[wrong])),
        (np.flatnonzero(rest), Forms.of(slow)),
    )


def _undressed(values: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Mask]:
    """Values without spaces around them, "tel." and its like and a last ".0" taken off; and which of them had such."""
    for pattern, by in ((WIDE_SPACES, " "), (PREFIX, "")):
        values = pc.ascii_trim(values, " ")
        found = pc.match_substring_regex(values, pattern)
        if pc.any(found).as_py():
            values = pc.replace_with_mask(values, found, pc.replace_substring_regex(values.filter(found), pattern, by))
    floated = pc.match_substring_regex(values, FLOATED.pattern)
    if pc.any(floated).as_py():
        values = pc.replace_with_mask(values, floated, pc.utf8_slice_codeunits(values.filter(floated), 0, -len(".0")))
    return values, numpy_array(pc.or_(found, floated))


def _dialled(text: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Mask]:
    """The digits that are dialled, "(0)" and "00" taken off, and whether a country code comes first."""
    has_plus = numpy_array(pc.match_substring(text, "+"))
    doubtful = numpy_array(pc.match_substring_regex(text, TRUNK))
    if doubtful.any():
        doubtful &= has_plus | numpy_array(pc.starts_with(text, "00"))
        mask = arrow_array(doubtful)
        text = pc.replace_with_mask(text, mask, pc.replace_substring_regex(text.filter(mask), TRUNK, ""))
    digits = keep_bytes(text, DIGITS)
    abroad = pc.starts_with(digits, "00")
    if pc.any(abroad).as_py():
        digits = pc.replace_with_mask(digits, abroad, pc.ascii_ltrim(digits.filter(abroad), "0"))
        has_plus = has_plus | numpy_array(abroad)
    return digits, has_plus


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


def _quick(value: pa.LargeStringArray, text: pa.LargeStringArray) -> Forms:
    """Forms of placed numbers: E.164 shows as it is, bare digits as they were written."""
    bare = pc.invert(pc.starts_with(value, "+"))
    shown = value
    if pc.any(bare).as_py():
        shown = pc.replace_with_mask(value, bare, pc.replace_substring_regex(text.filter(bare), " +", " "))
    return Forms(value, shown, pa.nulls(len(value), pa.large_string()))


def _wrong(sizes: npt.NDArray[np.signedinteger]) -> Forms:
    """Forms of numbers that are too short or too long."""
    reasons = text_array([wrong_length(size) for size in range(PLAIN_LENGTH + 1)])
    nothing = pa.nulls(len(sizes), pa.large_string())
    return Forms(nothing, nothing, reasons.take(arrow_array(sizes)))
