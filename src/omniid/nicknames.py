"""Short forms of first names: Bob is a Robert, Sasha an Aleksandr or an Aleksandra.

The table `data/nicknames.csv` is this project's own compilation (culture, formal, short), in the normal form of names: lower
case ASCII words. Spellings of one name in other romanisations (yuliya, iuliia, julia) stand there as short forms too. Two names
are nicknames of each other when one is a short form of the other, or both are short forms of one formal name in one culture.
That is symmetric and *not* transitive: Rob may be Robert or Robin, but Robert is not Robin.
"""

import csv
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes

__all__ = ["are_nicknames", "is_nickname", "nickname_codes", "nickname_families", "nickname_matrix", "nickname_roots"]


@cache
def _entries() -> tuple[tuple[str, str, str], ...]:
    """(culture, formal, short) rows of the table."""
    from importlib.resources import files  # here: it loads tempfile and random, and most runs of the core read no names

    with files("omniid").joinpath("data/nicknames.csv").open(encoding="utf-8") as lines:
        return tuple((row["culture"], row["formal"], row["short"]) for row in csv.DictReader(lines))


@cache
def _roots() -> dict[str, tuple[str, ...]]:
    """Name → the formal names it may stand for, itself included if it is formal."""
    found: dict[str, set[str]] = {}
    for _, formal, short in _entries():
        found.setdefault(short, set()).add(formal)
        found.setdefault(formal, set()).add(formal)
    return {name: tuple(sorted(roots)) for name, roots in found.items()}


@cache
def _positions() -> dict[str, int]:
    return {name: position for position, name in enumerate(sorted(_roots()))}


@cache
def nickname_families() -> tuple[tuple[str, ...], ...]:
    """Formal names with their short forms, one culture's at a time.

    Examples
    --------
    >>> any({"robert", "bob", "rob"} <= set(family) for family in nickname_families())
    True
    """
    families: dict[tuple[str, str], list[str]] = {}
    for culture, formal, short in _entries():
        families.setdefault((culture, formal), [formal]).append(short)
    return tuple(map(tuple, families.values()))


@cache
def nickname_matrix() -> npt.NDArray[np.bool_]:
    """Which known names are nicknames of each other.

    Returns
    -------
    numpy.ndarray
        Symmetric bool of shape (names, names), False on the diagonal, indexed by `nickname_codes`.

    Examples
    --------
    >>> bob, robert, robin = nickname_codes(["bob", "robert", "robin"])
    >>> bool(nickname_matrix()[bob, robert]), bool(nickname_matrix()[robert, robin])
    (True, False)
    """
    at = _positions()
    matrix = np.zeros((len(at), len(at)), bool)
    for family in nickname_families():
        members = np.array([at[name] for name in family])
        matrix[np.ix_(members, members)] = True
    np.fill_diagonal(matrix, val=False)
    matrix.setflags(write=False)
    return matrix


def nickname_codes(names: Sequence[str]) -> Codes:
    """Positions of names in `nickname_matrix`, for work on many pairs at once.

    Parameters
    ----------
    names
        First names in normal form, n of them.

    Returns
    -------
    numpy.ndarray
        int32 of length n; -1 for a name that the table does not know.

    Examples
    --------
    >>> nickname_codes(["qwerty"]).tolist()
    [-1]
    """
    at = _positions()
    return np.fromiter((at.get(name, -1) for name in names), np.int32, len(names))


def are_nicknames(a: str, b: str) -> bool:
    """Whether one name is a short form of the other, or both are short forms of one formal name.

    Parameters
    ----------
    a, b
        First names in normal form. Equal names are not nicknames of each other.

    Examples
    --------
    >>> are_nicknames("bill", "william"), are_nicknames("bill", "will"), are_nicknames("robert", "robin")
    (True, True, False)
    """
    at = _positions()
    return a in at and b in at and bool(nickname_matrix()[at[a], at[b]])


def is_nickname(name: str) -> bool:
    """Whether the table knows a name.

    Examples
    --------
    >>> is_nickname("bob"), is_nickname("qwerty")
    (True, False)
    """
    return name in _positions()


def nickname_roots(name: str) -> tuple[str, ...]:
    """Formal names that a first name may stand for, sorted; an unknown name stands for itself.

    Parameters
    ----------
    name
        A first name in normal form.

    Examples
    --------
    >>> nickname_roots("katya"), nickname_roots("bob"), nickname_roots("qwerty")
    (('ekaterina', 'kateryna'), ('robert', 'roberto'), ('qwerty',))
    """
    return _roots().get(name, (name,))
