"""Fast keyed hashes of strings that depend on their bytes only: not on order, machine or process."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables.arrays import text_scalar

__all__ = ["by_hash", "from_hexadecimal", "hash_strings", "hexadecimal", "mix"]

T = TypeVar("T")

Hashes = npt.NDArray[np.uint64]

LONG = 512  # bytes that are hashed word by word for all strings at once
STEP = 1 << 14  # strings at a time: what is computed for them stays in the cache


def mix(values: Hashes) -> Hashes:
    """Scramble 64-bit integers one to one (the finalizer of SplitMix64).

    References
    ----------
    Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.

    Examples
    --------
    >>> int(mix(np.array([1], np.uint64))[0])
    6238072747940578789
    """
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def hash_strings(strings: pa.LargeStringArray, seed: int = 0) -> Hashes:
    """Hash every string's UTF-8 bytes to 64 bits; nulls hash like "".

    Parameters
    ----------
    strings
        large_string array of length n.
    seed
        Another seed gives an unrelated hash.

    Returns
    -------
    numpy.ndarray
        uint64 of length n.

    Examples
    --------
    >>> a = hash_strings(pa.array(["anna", "maria"], pa.large_string()))
    >>> b = hash_strings(pa.array(["maria", "anna"], pa.large_string()))
    >>> a.tolist() == b[::-1].tolist()
    True
    """
    array = strings if len(strings) and strings.null_count == 0 else pc.fill_null(strings, text_scalar(""))
    if len(array) == 0:
        return np.zeros(0, np.uint64)
    _, offset_buffer, data = array.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64, len(array) + 1, array.offset * 8)
    letters = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    first = mix(np.array([seed], np.uint64) + np.uint64(0x9E3779B97F4A7C15))
    hashes = np.empty(len(array), np.uint64)
    for start in range(0, len(array), STEP):
        hashes[start : start + STEP] = _hash_some(letters, offsets[start : start + STEP + 1], first)
    return hashes


def _hash_some(letters: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], first: Hashes) -> Hashes:
    """Hash the strings between the offsets."""
    begin, end = int(offsets[0]), int(offsets[-1])
    padded = np.zeros(end - begin + 8, np.uint8)
    padded[: end - begin] = letters[begin:end]
    words = np.ndarray((end - begin + 1,), "<u8", padded, strides=(1,))  # the eight bytes from each position on
    starts, length = offsets[:-1] - begin, np.diff(offsets)
    state = mix(length.astype(np.uint64) + first)
    live = np.flatnonzero(length > 0)
    for position in range(0, LONG, 8):
        if not len(live):
            return state
        beyond = (64 - 8 * np.minimum(length[live] - position, 8)).astype(np.uint64)
        state[live] = mix(state[live] ^ (words[starts[live] + position] << beyond >> beyond))
        live = live[length[live] > position + 8]
    for i in live:  # the rest of the few long ones in one go each: a cell of 10 MB would take a million steps
        rest = hashlib.blake2b(padded[starts[i] + LONG : starts[i] + length[i]].data, digest_size=8).digest()
        state[i : i + 1] = mix(state[i : i + 1] ^ np.frombuffer(rest, "<u8"))
    return state


def hexadecimal(hashes: Hashes) -> pa.LargeStringArray:
    """Spell each hash as sixteen hexadecimal digits.

    Examples
    --------
    >>> hexadecimal(np.array([255], np.uint64)).to_pylist()
    ['00000000000000ff']
    """
    digits = hashes.astype(">u8").tobytes().hex().encode()
    offsets = np.arange(len(hashes) + 1, dtype=np.int64) * 16
    return pa.LargeStringArray.from_buffers(len(hashes), pa.py_buffer(offsets), pa.py_buffer(digits))


def from_hexadecimal(digits: Iterable[str]) -> Hashes:
    """Read hashes that `hexadecimal` spelled.

    Examples
    --------
    >>> from_hexadecimal(["00000000000000ff"]).tolist()
    [255]
    """
    return np.frombuffer(bytes.fromhex("".join(digits)), ">u8").astype(np.uint64)


def by_hash(hashes: Hashes, values: Sequence[T]) -> dict[str, T]:
    """Values by their hash in hexadecimal digits, in the order of the hashes.

    Examples
    --------
    >>> by_hash(np.array([255, 1], np.uint64), ["b", "a"])
    {'0000000000000001': 'a', '00000000000000ff': 'b'}
    """
    order = np.argsort(hashes, kind="stable")
    return dict(zip(hexadecimal(hashes[order]).to_pylist(), map(values.__getitem__, order.tolist()), strict=True))
