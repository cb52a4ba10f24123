"""Accounts of a whole vocabulary: plain handles in one sweep, addresses of profiles and all else one by one."""

from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.forms import Forms
from omniid.normalization.handle import HOSTS, normalize_handle
from omniid.normalization.stop_arrays import are_missing, are_stop_values
from omniid.tables.arrays import numpy_array

__all__ = ["handle_forms"]

Mask = npt.NDArray[np.bool_]
PLAIN = r"^@?[0-9a-z_]+(?:[._-][0-9a-z_]+)*$"
PLAIN_LENGTH = 200


def handle_forms(network: str, vocabulary: pa.LargeStringArray) -> Forms:
    """Normalise distinct values.

    Equals `normalize_handle` applied to each value.

    Parameters
    ----------
    network
        One of `NETWORKS`.
    vocabulary
        Distinct values without nulls.

    Examples
    --------
    >>> handle_forms("vk", pa.array(["@Anna_K", "4711", "vk.com/anna"], pa.large_string())).value.to_pylist()
    ['anna_k', 'id4711', 'anna']
    """
    trimmed = pc.ascii_trim(vocabulary, " ")
    lower = pc.ascii_lower(trimmed)
    plain = _is_plain(lower) & (numpy_array(pc.binary_length(vocabulary)) <= PLAIN_LENGTH)
    handle = pc.ascii_ltrim(select(lower, plain), "@")
    if network == "facebook":
        handle = pc.replace_substring(handle, ".", "")
    number = handle
    if network == "vk":
        number = pc.replace_substring_regex(handle, "^id", "")
        handle = pc.replace_substring_regex(handle, "^([0-9]+)$", r"id\1")
    named = numpy_array(pc.binary_length(number)) > 0
    good = named.copy()
    good[named] = ~are_stop_values(select(number, named))
    rows = np.flatnonzero(plain)[good]
    quick = Forms(select(handle, good), select(select(trimmed, plain), good), pa.nulls(len(rows), pa.large_string()))
    rest = np.ones(len(vocabulary), bool)
    rest[rows] = False
    slow = Forms.each(partial(normalize_handle, network=network), select(vocabulary, rest).to_pylist())
    return Forms.joined((rows, quick), (np.flatnonzero(rest), slow))


def _is_plain(lower: pa.LargeStringArray) -> Mask:
    """Whether a value is a handle and nothing else: no host, no float, not without letters and digits."""
    plain: Mask = numpy_array(pc.match_substring_regex(lower, PLAIN))
    plain &= numpy_array(pc.match_substring_regex(lower, "[0-9a-z]"))
    plain &= ~numpy_array(pc.match_substring_regex(lower, rf"(?:(?:^|[@.])(?:{HOSTS})|^@?[0-9]+\.0)$"))
    return plain & ~are_missing(lower)
