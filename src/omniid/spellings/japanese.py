"""Japanese names in Chinese characters: which part is the family name, and how both are read."""

from collections.abc import Mapping
from functools import cache

from omniid.spellings.spelling_tables import rows_of

__all__ = ["family_length", "family_names", "given_names", "japanese_word"]


@cache
def family_names() -> Mapping[str, str]:
    """Family names as written → their commonest reading.

    Examples
    --------
    >>> family_names()["田中"]
    'tanaka'
    """
    return _read("family")


@cache
def _read(kind: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row_kind, written, readings in rows_of("japanese.tsv"):
        if row_kind == kind:
            for spelling in written.split():
                found.setdefault(spelling, readings.split()[0])
    return found


def japanese_word(word: str) -> str | None:
    """The reading of a word that is a Japanese name and hardly a Chinese one; None for other words.

    A given name of one character is a Chinese one too and is not read here: see `given_names`.

    Examples
    --------
    >>> japanese_word("花子"), japanese_word("伟")
    ('hanako', None)
    """
    return family_names().get(word) or (given_names().get(word) if len(word) > 1 else None)


def given_names() -> Mapping[str, str]:
    """Given names as written → their commonest reading, to be read so beside a Japanese family name.

    Examples
    --------
    >>> given_names()["誠"]
    'makoto'
    """
    return _read("given")


def family_length(name: str) -> int:
    """How many characters of a name without a space are its family name, by the table; 0 where that has none.

    Examples
    --------
    >>> family_length("田中太郎"), family_length("王小明")
    (2, 0)
    """
    for length in (3, 2, 1):
        if len(name) > length and name[:length] in family_names():
            return length
    return 0
