"""The order of identifier kinds: which agreement counts first where evidence ties, and what explanations name first."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from omniid.declarations import Field
from omniid.errors import SpecError
from omniid.fields import kind_of, kinds_by_column
from omniid.frames.naming import did_you_mean
from omniid.identifier_kinds import KINDS, kind_ranks
from omniid.tables import ComparisonTraits, Levels

__all__ = ["check_priority", "column_ranks", "pair_ranks", "preferred_columns"]


def check_priority(priority: Sequence[str], fields: Sequence[Field]) -> None:
    """Refuse an order that names a kind twice, or one that is unknown.

    Raises
    ------
    SpecError
        With the kind, and the known ones.

    Examples
    --------
    >>> check_priority(["passport", "email"], [])
    """
    known = sorted({*KINDS, *(kind.name for field in fields if (kind := kind_of(field)) is not None)})
    if isinstance(priority, str):
        raise SpecError(f"priority is {priority!r}; give a list of kinds, even of one")
    for number, name in enumerate(priority):
        if name not in known:
            raise SpecError(
                f"priority names the kind {name!r}; the kinds are {', '.join(known)}{did_you_mean(str(name), known)}"
            )
        if name in priority[:number]:
            raise SpecError(f"priority names the kind {name!r} twice; name each kind once, the most trusted first")


def column_ranks(fields: Iterable[Field], priority: Sequence[str] = ()) -> dict[str, int]:
    """Column → place of its kind in the order of priority, 0 first, for the columns of identifiers.

    Parameters
    ----------
    fields
        What the columns hold.
    priority
        Kinds that come first, in this order; the others follow in the default order.

    Examples
    --------
    >>> from omniid.fields import Email, Identifier
    >>> column_ranks([Email(), Identifier("no", kind="passport")]), column_ranks([Email(), Identifier("no")], ["email"])
    ({'email': 1, 'no': 0}, {'email': 0, 'no': 1})
    """
    kinds = kinds_by_column(fields)
    places = kind_ranks(kinds.values(), priority)
    return {column: places[kind.name] for column, kind in kinds.items()}


def preferred_columns(fields: Iterable[Field], priority: Sequence[str]) -> dict[str, int]:
    """Column → place of its kind in a declared order, for the columns whose kinds are named there.

    Examples
    --------
    >>> from omniid.fields import Email, Phone
    >>> preferred_columns([Email(), Phone()], ["passport", "phone"])
    {'phone': 1}
    """
    kinds = kinds_by_column(fields)
    return {column: list(priority).index(kind.name) for column, kind in kinds.items() if kind.name in priority}


def pair_ranks(levels: Levels, traits: Sequence[ComparisonTraits], ranks: Mapping[str, int]) -> npt.NDArray[np.int16]:
    """Place of the first kind, by priority, on which each pair agrees exactly; one place behind all where it agrees on none.

    Parameters
    ----------
    levels
        int8 of shape (pairs, comparisons).
    traits
        The comparisons, one per column of `levels`.
    ranks
        What `column_ranks` gave; comparisons are named after their columns.

    Examples
    --------
    >>> email, card = (ComparisonTraits(name, ("else", "exact"), (0.3, 0.7)) for name in ("email", "card"))
    >>> pair_ranks(np.array([[1, 1], [1, 0], [0, -1]], np.int8), [email, card], {"card": 0, "email": 1}).tolist()
    [0, 1, 2]
    """
    found = np.full(len(levels), max(ranks.values(), default=-1) + 1, np.int16)
    for number, trait in sorted(enumerate(traits), key=lambda one: -ranks.get(one[1].name, -1)):
        if trait.name in ranks:
            found[levels[:, number] == trait.exact] = ranks[trait.name]
    return found
