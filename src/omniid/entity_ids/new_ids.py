"""New ids: the hash of the smallest record key, so that equal clusters get equal ids."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.hashing import hexadecimal
from omniid.tables import Codes
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["new_entity_id", "new_entity_ids"]

ESCAPED = r"[^ -~]|[\"\\]"  # what JSON writes otherwise than as it is


def new_entity_ids(
    sources: Sequence[str], source: Codes, record_id: pa.LargeStringArray, taken: Iterable[str] | pa.LargeStringArray = ()
) -> pa.LargeStringArray:
    """Make one id per key, 16 hexadecimal digits of the hash of (key, n), n the least number whose id is not in use.

    Parameters
    ----------
    sources
        Names of the sources.
    source, record_id
        The smallest record key of each cluster, in ascending order: int32 positions in `sources`, and large_string.
    taken
        Ids in use already.

    Returns
    -------
    pyarrow.LargeStringArray
        One distinct id per key.

    Examples
    --------
    >>> ids = pa.array(["17", "904"], pa.large_string())
    >>> new_entity_ids(("crm", "web"), np.array([0, 1], np.int32), ids).to_pylist()
    ['8abfc5d2121683c8', '2627c633af8c7856']
    """
    in_use = taken if isinstance(taken, pa.LargeStringArray) else text_array(list(taken))
    quick = hexadecimal(_hashes(sources, source, record_id))
    if pc.count_distinct(quick).as_py() == len(quick):
        busy = numpy_array(pc.is_in(quick, value_set=in_use))
        if not busy.any():
            return quick
        out, used, again = quick.to_pylist(), {*in_use.to_pylist(), *quick.to_pylist()}, np.flatnonzero(busy).tolist()
    else:
        out, used, again = [""] * len(quick), set(in_use.to_pylist()), list(range(len(quick)))
    for i in again:
        n, name, key = 0, sources[source[i]], record_id[i].as_py()
        while (free := new_entity_id(name, key, n)) in used:
            n += 1
        out[i] = free
        used.add(free)
    return text_array(out)


def new_entity_id(source: str, record_id: str, n: int = 0) -> str:
    """Make the id of one key, where the ids of all smaller n are in use.

    Examples
    --------
    >>> new_entity_id("crm", "17")
    '8abfc5d2121683c8'
    """
    return _digest(_json(source, record_id, n)).hex()


def _hashes(sources: Sequence[str], source: Codes, record_id: pa.LargeStringArray) -> npt.NDArray[np.uint64]:
    """The hash of each key with n = 0, on bytes that Arrow puts together; only ids that JSON escapes are spelled one by one."""
    heads = text_array([json.dumps([name])[:-1] + ', "' for name in sources]).take(arrow_array(source))
    text = pc.binary_join_element_wise(heads, record_id, *text_array(['", 0]', ""]))
    ends = np.frombuffer(text.buffers()[1], np.int64, len(text) + 1, text.offset * 8).tolist()
    data = bytes(text.buffers()[2] or b"")
    spelled = [data[start:end] for start, end in pairwise(ends)]
    for i in np.flatnonzero(numpy_array(pc.match_substring_regex(record_id, ESCAPED))):
        spelled[i] = _json(sources[source[i]], record_id[int(i)].as_py(), 0)
    return np.frombuffer(b"".join([_digest(one) for one in spelled]), ">u8").astype(np.uint64)


def _json(source: str, record_id: str, n: int) -> bytes:
    return json.dumps([source, record_id, n]).encode()


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=8).digest()
