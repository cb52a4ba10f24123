"""Which of many words a pattern is found in, all words at once: a tenth of the time of asking word by word."""

import re
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pyarrow.compute as pc

from omniid.tables.arrays import numpy_array, text_array

__all__ = ["places_of"]

FEW = 8  # words that are asked one by one: Arrow compiles a pattern anew at each call, in up to 2 ms


def places_of(pattern: str, words: Sequence[str]) -> list[int]:
    """Positions of the words that a pattern is found in.

    Parameters
    ----------
    pattern
        Regular expression without a look back or ahead.
    words
        Words without line breaks.

    Examples
    --------
    >>> places_of("^a|b$", ["anna", "cora", "bob"])
    [0, 2]
    """
    if len(words) <= FEW:
        search = _search(pattern)
        return [at for at, word in enumerate(words) if search(word)]
    found = pc.match_substring_regex(text_array(list(words)), pattern)
    places: list[int] = np.flatnonzero(numpy_array(found)).tolist()
    return places


@cache
def _search(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """A look for a pattern: `re.compile` takes longer to find what it remembers than the pattern takes on a word."""
    return re.compile(pattern).search
