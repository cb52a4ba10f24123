"""From a vocabulary to key values: each derivation runs once per distinct value."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid import phonetics
from omniid.blocking.keys import Key
from omniid.hashing import hash_strings, mix

__all__ = ["derive", "word_sums"]


def derive(key: Key, values: pa.LargeStringArray) -> pa.LargeStringArray:
    """Key values of a vocabulary, null where a value has no such key.

    Parameters
    ----------
    key
        Any key of one field.
    values
        Distinct normal forms of that field.

    Returns
    -------
    pyarrow.LargeStringArray
        As long as `values`.

    Examples
    --------
    >>> from omniid.blocking.keys import month_day
    >>> derive(month_day("birth_date"), pa.array(["1984-02-29", "1984"], pa.large_string())).to_pylist()
    ['02-29', None]
    """
    match key.kind:
        case "field":
            return values
        case "soundex":
            return phonetics.soundex_all(values)
        case "sound_of_words":
            return pa.array([phonetics.soundex_words(value, key.n) for value in values.to_pylist()], pa.large_string())
        case "prefix" | "initial":
            return pc.utf8_slice_codeunits(values, 0, key.n or 1)
        case "first_words":
            return pa.array([" ".join(value.split()[: key.n]) or None for value in values.to_pylist()], pa.large_string())
        case "local_part":
            return _extract(values, rf"^(?P<key>.{{{key.n},}})@[^@]*$")
        case "year":
            return _extract(values, r"^(?P<key>\d{4})")
        case "year_month":
            return _extract(values, r"^(?P<key>\d{4}-\d{2})")
        case _:
            return _extract(values, r"^\d{4}-(?P<key>\d{2}-\d{2})$")


def _extract(values: pa.LargeStringArray, pattern: str) -> pa.LargeStringArray:
    """The group "key" of a regular expression, null where a value does not match."""
    return pc.struct_field(pc.extract_regex(values, pattern), "key")


def word_sums(values: pa.LargeStringArray) -> npt.NDArray[np.uint64]:
    """A number per value that depends on its words but not on their order: the sum of their hashes.

    Adding the sums of two values gives the sum of all their words, so that crosswise equal names agree without a string
    being built per record. Two of 10⁹ different names collide with probability below 0.03.

    Examples
    --------
    >>> sums = word_sums(pa.array(["anna maria", "maria", "maria anna"], pa.large_string()))
    >>> bool(sums[0] == sums[2]), bool(sums[0] == sums[1])
    (True, False)
    """
    words = pc.utf8_split_whitespace(values)
    counts = pc.list_value_length(words).to_numpy(zero_copy_only=False).astype(np.int64)
    hashes = mix(hash_strings(words.flatten().cast(pa.large_string())))
    totals = np.concatenate(
        [np.zeros(1, np.uint64), np.cumsum(hashes, dtype=np.uint64)]
    )  # wraps around, and so does the difference
    ends = np.cumsum(counts)
    sums: npt.NDArray[np.uint64] = totals[ends] - totals[ends - counts]
    return sums
