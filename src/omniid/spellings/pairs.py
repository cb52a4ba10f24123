"""Whether two names are spellings of one, without all the keys of names that cannot be.

Keys take some 80 microseconds a name. Nearly all pairs of names that are asked about have nothing in common, and a fifth of
that tells.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from omniid.spellings.abjads import is_unvocalised
from omniid.spellings.keys import SpellingKeys, spelling_keys, table_keys, word_of_name
from omniid.spellings.syllables import eastern_places

__all__ = ["spellings_meet"]

MEMO = 1 << 16
# Sounds that every step of `universal` and `romaji` leaves in their order: l, r, m or n, and what is written p, f, v or w.
_KEPT = str.maketrans("mfvw", "nppp")
_OTHERS, _AGAIN = re.compile("[^lrnp]+"), re.compile("(.)\\1+")
_BENT = re.compile("mp|hu|^nt|[^a-z]")  # but for these, where p may become b, h f, and n d


class _Rough(NamedTuple):
    """What is quickly known of a name.

    Parameters
    ----------
    tables
        The keys of the tables that it stands in.
    is_eastern
        Whether it is one or two syllables of Chinese or Korean.
    is_unvocalised
        Whether it looks like letters without their vowels.
    sounds
        The sounds that no spelling of it lacks; None where that is not known.
    """

    tables: frozenset[str]
    is_eastern: bool
    is_unvocalised: bool
    sounds: str | None


def spellings_meet(one: str, two: str) -> bool:
    """Whether two names are usual spellings of one name: a key of one as written is a key of the other as it may be read.

    Parameters
    ----------
    one, two
        Names in normal form.

    Examples
    --------
    >>> spellings_meet("mohammad", "muhamed"), spellings_meet("rhmny", "rahmani"), spellings_meet("maria", "mario")
    (True, True, False)
    """
    left, right = _rough(one), _rough(two)
    if not left.tables.isdisjoint(right.tables):
        return True
    if (
        left.sounds == right.sounds
        or left.sounds is None
        or right.sounds is None
        or (left.is_eastern and right.is_eastern)
        or left.is_unvocalised != right.is_unvocalised
    ):
        mine, yours = _keys(one), _keys(two)
        return not (mine.written.isdisjoint(yours.read) and mine.read.isdisjoint(yours.written))
    return False


@lru_cache(MEMO)
def _rough(name: str) -> _Rough:
    word = word_of_name(name)
    sounds = None if _BENT.search(word) else _AGAIN.sub("\\1", _OTHERS.sub("", word.translate(_KEPT)))
    return _Rough(frozenset(table_keys([word])[0]), bool(eastern_places([word])), is_unvocalised(word), sounds)


@lru_cache(MEMO)
def _keys(name: str) -> SpellingKeys:
    return spelling_keys(name)
