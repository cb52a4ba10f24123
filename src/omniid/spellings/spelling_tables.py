"""The tables of names that ship with the package, each read once when first needed."""

from collections.abc import Iterator, Mapping
from functools import cache

__all__ = ["city_rows", "rows_of", "script_names", "unified"]

# Letters that one name is written with or without, or with either of; points, joiners and stretching go.
_UNIFIED = str.maketrans(
    "يىئێېكةأإآٱؤۀۂھہےڪ",
    "یییییکهااااوههههیک",
    "ءـ\u200c\u200d\u0610\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0670׳״'",
)
_UNIFIED |= dict.fromkeys(range(0x0591, 0x05C8))  # points


def unified(word: str) -> str:
    """A word of an unvocalised script as the tables write it: one letter for all its variants, and no points.

    Examples
    --------
    >>> unified("فاطمة") == unified("فاطمه")
    True
    """
    return word.translate(_UNIFIED)


def rows_of(name: str) -> Iterator[list[str]]:
    """Lines of a table, cut at tabs; remarks left out.

    Parameters
    ----------
    name
        File name in the folder of tables.
    """
    from importlib.resources import files  # here: it loads tempfile and random, and most runs of the core read no table

    text = files("omniid.spellings").joinpath("data", name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def city_rows() -> Iterator[list[str]]:
    """Names of each city, the English one first.

    Examples
    --------
    >>> next(row for row in city_rows() if row[0] == "vienna")[:3]
    ['vienna', 'Wien', 'Вена']
    """
    return ([english, *others.split("|")] for english, others in rows_of("cities.tsv"))


@cache
def script_names(name: str) -> Mapping[str, tuple[str, ...]]:
    """Names as written in their script, unified → usual Latin spellings, the commonest first.

    Parameters
    ----------
    name
        "arabic" or "hebrew".

    Examples
    --------
    >>> script_names("arabic")["محمد"][0], script_names("hebrew")["יוסף"][:2]
    ('mohammad', ('yosef', 'josef'))
    """
    return {unified(native): tuple(latin.split()) for native, latin in rows_of(f"{name}.tsv")}
