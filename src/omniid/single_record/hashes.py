"""Hashes of one text, the same numbers as the arrays of `hashing` give."""

import hashlib
from functools import cache, lru_cache
from struct import Struct

from omniid.hashing import LONG

__all__ = ["FIRST", "SECOND", "WORD", "hash_text", "mix_one", "signed"]

WORD = (1 << 64) - 1
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB  # of SplitMix64
ZEROS = [bytes(size) for size in range(8)]
WORDS = [Struct(f"<{words}Q").unpack for words in range(LONG // 8 + 1)]  # so many words of eight bytes


def mix_one(value: int) -> int:
    """Scramble one 64-bit integer, as `mix` does.

    Examples
    --------
    >>> mix_one(1)
    6238072747940578789
    """
    value = ((value ^ (value >> 30)) * FIRST) & WORD
    value = ((value ^ (value >> 27)) * SECOND) & WORD
    return value ^ (value >> 31)


@cache
def _seeded(seed: int) -> int:
    return mix_one((seed + 0x9E3779B97F4A7C15) & WORD)


@lru_cache(1 << 12)
def _begun(length: int, seed: int) -> int:
    """Where the hash of a text of so many bytes begins."""
    return mix_one((length + _seeded(seed)) & WORD)


def hash_text(text: str, seed: int = 0) -> int:
    """Hash one text to 64 bits, as `hash_strings` does.

    Parameters
    ----------
    text
        Any text that UTF-8 can hold.
    seed
        Another seed gives an unrelated hash.

    Examples
    --------
    >>> from omniid.hashing import hash_strings
    >>> from omniid.tables.arrays import text_array
    >>> hash_text("Łukasz", 7) == int(hash_strings(text_array(["Łukasz"]), 7)[0])
    True
    """
    data = text.encode()
    length = len(data)
    state = _begun(length, seed)
    head = data + ZEROS[-length & 7] if length <= LONG else data[:LONG]
    for word in WORDS[len(head) >> 3](head):  # `mix_one`, written out: a call costs as much as its arithmetic
        state ^= word
        state = ((state ^ (state >> 30)) * FIRST) & WORD
        state = ((state ^ (state >> 27)) * SECOND) & WORD
        state ^= state >> 31
    if length > LONG:
        state = mix_one(state ^ int.from_bytes(hashlib.blake2b(data[LONG:], digest_size=8).digest(), "little"))
    return state


def signed(key: int) -> int:
    """Read an unsigned 64-bit number as a signed one.

    Examples
    --------
    >>> signed(7), signed((1 << 64) - 1)
    (7, -1)
    """
    return key - (1 << 64) if key >> 63 else key
