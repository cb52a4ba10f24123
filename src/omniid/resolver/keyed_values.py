"""Under which key a store files the records that hold a value: one number per column and value.

A contact value and its SHA-256 have one key, so that whoever knows only the hash finds the records that hold the value.
"""

import re
from functools import cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.hashing import hash_strings, mix
from omniid.single_record.hashes import hash_text, mix_one, signed
from omniid.tables.arrays import arrow_array, numpy_array

__all__ = ["value_key", "value_keys"]

Keys = npt.NDArray[np.int64]
CONTACT = r"^\+|@"  # phone numbers and e-mail addresses in their normal form
HASHED = r"^[0-9a-f]{64}$"
_CONTACT, _HASHED = re.compile(CONTACT), re.compile(HASHED)


def value_keys(column: str, values: pa.LargeStringArray) -> Keys:
    """The keys under which a store files the records that hold some values of a column.

    Parameters
    ----------
    column
        The column of the evidence.
    values
        Normal forms.

    Examples
    --------
    >>> from omniid.tables.arrays import text_array
    >>> mail, phone = (value_keys(column, text_array(["a@x.com"])).tolist() for column in ("email", "phone"))
    >>> mail == phone, mail == [value_key("email", sha256(b"a@x.com").hexdigest())]
    (False, True)
    """
    seed = _seed(column)
    keys = hash_strings(values, seed)
    for pattern, digests in ((CONTACT, _hash_all), (HASHED, _as_numbers)):
        at = np.flatnonzero(numpy_array(pc.match_substring_regex(values, pattern)))
        if len(at):
            found = values if len(at) == len(values) else values.take(arrow_array(at))
            keys[at] = mix(digests(found) ^ np.uint64(seed))
    return keys.view(np.int64)


def _hash_all(values: pa.LargeStringArray) -> npt.NDArray[np.uint64]:
    """The first eight bytes of each value's SHA-256."""
    heads = [sha256(value.encode()).digest()[:8] for value in values.to_pylist()]
    return np.frombuffer(b"".join(heads), ">u8").astype(np.uint64)


def _as_numbers(hashes: pa.LargeStringArray) -> npt.NDArray[np.uint64]:
    """The first eight bytes of hashes in hexadecimal digits."""
    heads = [bytes.fromhex(value[:16]) for value in hashes.to_pylist()]
    return np.frombuffer(b"".join(heads), ">u8").astype(np.uint64)


def value_key(column: str, value: str) -> int:
    """The key of one value, as `value_keys` gives it.

    Examples
    --------
    >>> from omniid.tables.arrays import text_array
    >>> value_key("login", "anna") == value_keys("login", text_array(["anna"])).tolist()[0]
    True
    """
    seed = _seed(column)
    if _HASHED.fullmatch(value):
        return signed(mix_one(int(value[:16], 16) ^ seed))
    if _CONTACT.search(value):
        return signed(mix_one(int.from_bytes(sha256(value.encode()).digest()[:8], "big") ^ seed))
    return signed(hash_text(value, seed))


@cache
def _seed(column: str) -> int:
    return hash_text(f"value {column}") >> 1
