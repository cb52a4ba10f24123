"""Identifiers of a whole vocabulary: plain codes in one sweep, the others one by one."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import count_bytes, keep_bytes, select, string_bytes
from omniid.normalization.forms import Forms
from omniid.normalization.identifier import UUID, normalize_identifier
from omniid.normalization.stop_arrays import are_missing, are_stop_values
from omniid.tables.arrays import arrow_array, numpy_array

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
    plain = _mask(pc.match_substring_regex(lower, PLAIN)) & ~are_missing(lower)
    plain &= numpy_array(pc.binary_length(vocabulary)) <= PLAIN_LENGTH
    code = select(lower, plain)
    floated = pc.match_substring_regex(code, r"^[0-9]+\.0$")
    if pc.any(floated).as_py():
        code = pc.replace_with_mask(code, floated, pc.replace_substring_regex(code.filter(floated), r"\.0$", ""))
    bare = keep_bytes(code, KEPT)
    data, offsets = string_bytes(bare)
    sizes = np.diff(offsets)
    good = ~are_stop_values(bare)
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


def _mask(found: pa.BooleanArray) -> Mask:
    return numpy_array(found)
