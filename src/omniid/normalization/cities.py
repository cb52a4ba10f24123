"""What cities are called in other languages: Москва, Moskau and Moscow are one city, by the table of `omniid.spellings`."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.normalization.text import fold_words
from omniid.normalization.words import word_table
from omniid.spellings import city_rows
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["city_in_english", "city_names", "in_english"]


@cache
def city_names() -> Mapping[str, str]:
    """Folded name of a city in any language → its English one, folded.

    Examples
    --------
    >>> city_names()["moskau"], city_names()["thrn"]
    ('moscow', 'tehran')
    """
    words = word_table("addresses.tsv")["city"]
    found: dict[str, str] = {}
    for names in city_rows():
        folded = [" ".join(words.get(word, word) for word in name.split()) for name in fold_words(names)]
        for name in folded:
            found.setdefault(name, folded[0])
    return found


def city_in_english(folded: str) -> str:
    """A folded city by its English name where the table knows it, else as it is.

    Examples
    --------
    >>> city_in_english("wien"), city_in_english("springfield")
    ('vienna', 'springfield')
    """
    return city_names().get(folded, folded)


def in_english(folded: pa.LargeStringArray) -> pa.LargeStringArray:
    """The same of many cities; nulls stay.

    Examples
    --------
    >>> in_english(pa.array(["wien", None, "oslo"], pa.large_string())).to_pylist()
    ['vienna', None, 'oslo']
    """
    known, english = _arrays()
    at = numpy_array(pc.index_in(folded, value_set=known), null=-1).astype(np.int64)
    if (at < 0).all():
        return folded
    return pc.coalesce(english.take(arrow_array(at, present=at >= 0)), folded)


@cache
def _arrays() -> tuple[pa.LargeStringArray, pa.LargeStringArray]:
    names = city_names()
    return text_array(list(names)), text_array(list(names.values()))
