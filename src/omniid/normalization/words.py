"""Word tables that ship with the package, read once when first needed."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["word_table"]


@cache
def word_table(name: str) -> Mapping[str, Mapping[str, str]]:
    """Read a table of words: group → spelling → the one word that stands for all its spellings.

    A line is ``group <tab> word <tab> spelling|spelling|…``; the word itself is one of its spellings. Lines that start with
    ``#`` are comments.

    Parameters
    ----------
    name
        File name in the package's data folder.

    Returns
    -------
    Mapping
        Group → (spelling → word).

    Examples
    --------
    >>> word_table("names.tsv")["suffix"]["junior"]
    'jr'
    """
    groups: dict[str, dict[str, str]] = {}
    for line in files("omniid.normalization").joinpath("data", name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        group, word, spellings = line.split("\t")
        group_words = groups.setdefault(group, {})
        for spelling in (word, *spellings.split("|")):
            if spelling:
                group_words.setdefault(spelling, word)
    return groups
