"""Weak identifiers alone: a landline or a desk number is weighed with other fields, and never enough by itself."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from omniid.declarations import Field
from omniid.fields import kinds_by_column
from omniid.matching import LinkRule
from omniid.tables import ComparisonTraits, Levels, Weights

__all__ = ["agrees_alone", "held_back", "weak_columns"]


def weak_columns(fields: Iterable[Field], rules: Sequence[LinkRule]) -> frozenset[str]:
    """Columns of weak identifiers, without those that a declared link rule trusts.

    Examples
    --------
    >>> from omniid.fields import Identifier, Phone
    >>> weak_columns([Phone(), Identifier("home", kind="landline")], [])
    frozenset({'home'})
    """
    weak = {column for column, kind in kinds_by_column(fields).items() if kind.behavior == "weak"}
    return frozenset(weak - {name for rule in rules for name in rule.agree})


def agrees_alone(levels: Levels, traits: Sequence[ComparisonTraits], weak: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Say which pairs agree, in part or wholly, on one weak identifier and on nothing else.

    Parameters
    ----------
    levels
        int8 of shape (pairs, comparisons).
    traits
        The comparisons, one per column of `levels`.
    weak
        What `weak_columns` gave.

    Examples
    --------
    >>> name, home = (ComparisonTraits(name, ("else", "exact"), (0.3, 0.7)) for name in ("name", "home"))
    >>> agrees_alone(np.array([[-1, 1], [0, 1], [1, 1], [1, 0]], np.int8), [name, home], frozenset({"home"})).tolist()
    [True, True, False, False]
    """
    agree = levels > 0
    is_weak = np.array([trait.name in weak for trait in traits], bool)
    alone: npt.NDArray[np.bool_] = agree[:, is_weak].any(axis=1) & (agree.sum(axis=1) == 1)
    return alone


def held_back(
    weight: Weights, levels: Levels, traits: Sequence[ComparisonTraits], weak: frozenset[str], link_at: int
) -> Weights:
    """Keep pairs that a weak identifier alone speaks for just below the threshold: they are up for review, and no links.

    Parameters
    ----------
    weight
        Match weights in millionths of a bit.
    levels, traits, weak
        As for `agrees_alone`.
    link_at
        The threshold in millionths of a bit.

    Examples
    --------
    >>> home = ComparisonTraits("home", ("else", "exact"), (0.3, 0.7))
    >>> held_back(np.array([9, 2]), np.array([[1], [1]], np.int8), [home], frozenset({"home"}), link_at=5).tolist()
    [4, 2]
    """
    if not weak:
        return weight
    return np.where(agrees_alone(levels, traits, weak), np.minimum(weight, link_at - 1), weight)
