"""What names nobody, and what says nothing, among the codes of a whole vocabulary."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import string_bytes
from omniid.normalization.stops import SAME_LENGTH, stop_words
from omniid.normalization.words import word_table
from omniid.tables.arrays import numpy_array, text_array

__all__ = ["are_missing", "are_stop_values"]

Mask = npt.NDArray[np.bool_]


def are_stop_values(bare: pa.LargeStringArray) -> Mask:
    """Tell which codes are zeros, one character repeated, counted up or down, or a word for nobody, as `stop_reason` does.

    Parameters
    ----------
    bare
        ASCII in lower case, without nulls and without empty text.

    Examples
    --------
    >>> are_stop_values(pa.array(["000", "1111", "anonymous", "pl0012345"], pa.large_string())).tolist()
    [True, True, True, False]
    """
    data, offsets = string_bytes(bare)
    if not len(data):
        return np.zeros(len(bare), bool)
    least, most = np.minimum.reduceat(data, offsets[:-1]), np.maximum.reduceat(data, offsets[:-1])
    same: Mask = (least == most) & ((np.diff(offsets) >= SAME_LENGTH) | (least == ord("0")))
    same |= numpy_array(pc.is_in(bare, value_set=_stop_words()))
    return same


def are_missing(lower: pa.LargeStringArray) -> Mask:
    """Tell which values in lower case are words that say nothing, such as "n/a".

    Examples
    --------
    >>> are_missing(pa.array(["n/a", "anna"], pa.large_string())).tolist()
    [True, False]
    """
    found: Mask = numpy_array(pc.is_in(lower, value_set=_missing_words()))
    return found


@cache
def _missing_words() -> pa.LargeStringArray:
    return text_array(sorted(word_table("general.tsv")["missing"]))


@cache
def _stop_words() -> pa.LargeStringArray:
    return text_array(sorted({*stop_words("counted"), *stop_words("identifier")}))
