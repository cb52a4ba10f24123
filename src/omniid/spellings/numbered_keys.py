"""Spelling keys of many names at once, as numbers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.spellings.abjads import is_unvocalised
from omniid.spellings.keys import word_keys, word_of_name
from omniid.spellings.syllables import is_wade_giles
from omniid.tables import Codes

__all__ = ["KeyLists", "key_lists"]

Offsets = npt.NDArray[np.int64]


class KeyLists(NamedTuple):
    """Keys of n names: those of name i as written are `written[written_starts[i]:written_starts[i + 1]]`, each once.

    `read` are those as it may be read; it is `written` itself, the same array, where no name is read otherwise than written.
    """

    written: Codes
    written_starts: Offsets
    read: Codes
    read_starts: Offsets


def key_lists(names: Sequence[str]) -> KeyLists:
    """Number the spelling keys of distinct names.

    Two names meet as `spellings_meet` says. Keys that only one of these names has stay out, and so do readings without vowels
    where no name is written without.

    Parameters
    ----------
    names
        n names in normal form.

    Examples
    --------
    >>> lists = key_lists(["yulia", "anna", "julia"])
    >>> lists.written_starts.tolist(), lists.read is lists.written
    ([0, 1, 1, 2], True)
    """
    words = [word_of_name(name) for name in names]
    vowels, wade = any(map(is_unvocalised, words)), any(map(is_wade_giles, words))
    found = word_keys(words, vowels=vowels, wade=wade)
    written = [dict.fromkeys(own) for own, _ in found]
    if not vowels and not wade:
        codes, starts = _numbered(written, _shared(written))
        return KeyLists(codes, starts, codes, starts)
    read = [dict.fromkeys(other) for _, other in found]
    numbers = _shared([one | two for one, two in zip(written, read, strict=True)])
    return KeyLists(*_numbered(written, numbers), *_numbered(read, numbers))


def _shared(keys: Sequence[Iterable[str]]) -> dict[str, int]:
    """Number of each key that several names have, in the order in which they come."""
    seen: set[str] = set()
    numbers: dict[str, int] = {}
    for own in keys:
        for key in own:
            if key not in seen:
                seen.add(key)
            elif key not in numbers:
                numbers[key] = len(numbers)
    return numbers


def _numbered(keys: Sequence[Iterable[str]], numbers: dict[str, int]) -> tuple[Codes, Offsets]:
    kept = [[numbers[key] for key in own if key in numbers] for own in keys]
    starts = np.zeros(len(kept) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, kept), np.int64, len(kept)), out=starts[1:])
    return np.fromiter((code for own in kept for code in own), np.int32, int(starts[-1])), starts
