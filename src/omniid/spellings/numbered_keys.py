"""Spelling keys of many names at once, as numbers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.spellings.abjads import readings_among, unvocalised_places, written_letters
from omniid.spellings.keys import plain_keys, word_of_name
from omniid.spellings.syllables import eastern_places, pinyin_codes, wade_giles_places
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
    distinct = list(dict.fromkeys(words))
    places = {word: at for at, word in enumerate(distinct)}
    of_name = np.fromiter(map(places.__getitem__, words), np.int64, len(words))
    numbers: dict[str, int] = {}
    both = _entries(enumerate(plain_keys(distinct)), numbers)
    written, read = (_entries(keys.items(), numbers) for keys in _one_sided(distinct))
    holders = np.bincount(of_name, minlength=len(distinct))
    held = np.zeros(len(numbers), np.int64)
    for entries in (both, written, read):
        np.add.at(held, entries.codes, holders.take(entries.words))
    code_of = np.where(held > 1, np.cumsum(held > 1) - 1, -1).astype(np.int32)
    as_written = _lists((both, written), code_of, of_name, len(distinct))
    return KeyLists(*as_written, *(_lists((both, read), code_of, of_name, len(distinct)) if len(read.codes) else as_written))


class _Entries(NamedTuple):
    """Keys of words: word `words[i]` has key `codes[i]`."""

    words: Offsets
    codes: Codes


def _entries(keys: Iterable[tuple[int, Sequence[str]]], numbers: dict[str, int]) -> _Entries:
    """Keys of some words by position, as numbers; keys not met before are added to `numbers`."""
    words: list[int] = []
    codes: list[int] = []
    for at, own in keys:
        for key in own:
            words.append(at)
            codes.append(numbers.setdefault(key, len(numbers)))
    return _Entries(np.array(words, np.int64), np.array(codes, np.int32))


def _lists(parts: Sequence[_Entries], code_of: Codes, of_name: Offsets, n_words: int) -> tuple[Codes, Offsets]:
    """The keys of each name from those of its word, those only that have a code."""
    words, codes = np.concatenate([part.words for part in parts]), code_of.take(np.concatenate([part.codes for part in parts]))
    words, codes = words[codes >= 0], codes[codes >= 0]
    codes = codes.take(np.argsort(words, kind="stable"))
    sizes = np.bincount(words, minlength=n_words)
    times = sizes.take(of_name)
    starts = np.concatenate([[0], np.cumsum(times)]).astype(np.int64)
    first = (np.cumsum(sizes) - sizes).take(of_name) - starts[:-1]
    return codes.take(np.repeat(first, times) + np.arange(starts[-1])), starts


def _one_sided(words: Sequence[str]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Keys that words have as written only, and those of them that others have as they may be read, by position."""
    unvocalised = {at: [form for form in written_letters(words[at]) if len(form) > 1] for at in unvocalised_places(words)}
    others = [at for at in range(len(words)) if at not in unvocalised]
    forms = dict.fromkeys(form for own in unvocalised.values() for form in own)
    readings = readings_among([words[at] for at in others], forms)
    written = {at: [f"-{form}" for form in own] for at, own in unvocalised.items()}
    read = {others[place]: [f"-{form}" for form in own] for place, own in readings.items()}
    if wade_giles_places(words):
        for at in eastern_places(words):
            as_written, as_read = pinyin_codes(words[at])
            written.setdefault(at, []).extend(f"={code}" for code in as_written)
            read.setdefault(at, []).extend(f"={code}" for code in as_read)
    return written, read
