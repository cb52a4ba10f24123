"""Identifiers of a whole vocabulary: plain codes in one sweep, the others one by one."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import count_bytes, keep_bytes, select, string_bytes
from omniid.normalization.forms import Forms
from omniid.normalization.identifier import UUID, normalize_identifier
from omniid.normalization.stops import SAME_LENGTH, stop_words
from omniid.normalization.words import word_table
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["identifier_forms"]

Mask = npt.NDArray[np.bool_]
PLAIN = r"^[0-9a-z]+(?:[-._/: ][0-9a-z]+)*$"
PLAIN_LENGTH = 200
KEPT = b"0123456789abcdefghijklmnopqrstuvwxyz"
DECIMAL = np.isin(np.arange(256), np.frombuffer(KEPT[:10], np.uint8))


def identifier_forms(vocabulary: pa.LargeStringArray) -> Forms:
    """Normalise distinct values.

    Equals `normalize_identifier` applied to each value.

    Examples
    --------
    >>> identifier_forms(pa.array(["PL 0012-345", "anna_k", "4711.0"], pa.large_string())).value.to_pylist()
    ['pl0012345', 'anna_k', '4711']
    """
    trimmed = pc.ascii_trim(vocabulary, " ")
    lower = pc.ascii_lower(trimmed)
    plain = _mask(pc.match_substring_regex(lower, PLAIN)) & ~_mask(pc.is_in(lower, value_set=_missing()))
    plain &= numpy_array(pc.binary_length(vocabulary)) <= PLAIN_LENGTH
    code = select(lower, plain)
    floated = pc.match_substring_regex(code, r"^[0-9]+\.0$")
    if pc.any(floated).as_py():
        code = pc.replace_with_mask(code, floated, pc.replace_substring_regex(code.filter(floated), r"\.0$", ""))
    bare = keep_bytes(code, KEPT)
    data, offsets = string_bytes(bare)
    sizes = np.diff(offsets)
    good = ~_is_stop_value(bare, sizes)
    mostly_digits = 2 * count_bytes(DECIMAL[data], offsets) >= sizes
    lean = mostly_digits | ((sizes == 32) & _mask(pc.match_substring_regex(code, f"^(?:{UUID.pattern})$")))
    shortened = (numpy_array(pc.binary_length(code)) > sizes) & lean
    if shortened.any():
        code = pc.replace_with_mask(code, arrow_array(shortened), bare.filter(arrow_array(shortened)))
    rows = np.flatnonzero(plain)[good]
    quick = Forms(select(code, good), select(select(trimmed, plain), good), pa.nulls(len(rows), pa.large_string()))
    rest = np.ones(len(vocabulary), bool)
    rest[rows] = False
    slow = Forms.each(normalize_identifier, select(vocabulary, rest).to_pylist())
    return Forms.joined((rows, quick), (np.flatnonzero(rest), slow))


def _is_stop_value(bare: pa.LargeStringArray, sizes: npt.NDArray[np.int64]) -> Mask:
    """Whether a code is zeros, one character repeated, counted up or down, or a word for nobody."""
    data, offsets = string_bytes(bare)
    if not len(data):
        return np.zeros(len(bare), bool)
    # Plain codes hold at least one character each, so no stretch is empty.
    least, most = np.minimum.reduceat(data, offsets[:-1]), np.maximum.reduceat(data, offsets[:-1])
    same: Mask = (least == most) & ((sizes >= SAME_LENGTH) | (least == ord("0")))
    return same | _mask(pc.is_in(bare, value_set=_stop_words()))


@cache
def _missing() -> pa.LargeStringArray:
    """Words that say nothing."""
    return text_array(sorted(word_table("general.tsv")["missing"]))


@cache
def _stop_words() -> pa.LargeStringArray:
    """Codes that name nobody."""
    return text_array(sorted({*stop_words("counted"), *stop_words("identifier")}))


def _mask(found: pa.BooleanArray) -> Mask:
    return numpy_array(found)
