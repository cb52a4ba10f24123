"""What speaks against pairs, field by field, and the fields in which they share a value."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from omniid.matching.weights import conflict_tables
from omniid.tables import ComparisonTraits, Levels, Model

__all__ = ["conflicts_by_field", "shared_fields"]


def conflicts_by_field(
    levels: Levels, model: Model, traits: Sequence[ComparisonTraits], several: Collection[str]
) -> npt.NDArray[np.int64]:
    """How much of each pair's evidence speaks against it: the negative two-class weights, as `conflict` sums them.

    Parameters
    ----------
    levels
        int8 of shape (pairs, comparisons), in the model's order of comparisons.
    model
        The model.
    traits
        The comparisons.
    several
        Names of the comparisons of which a person may have several values.

    Returns
    -------
    numpy.ndarray
        int64 of shape (pairs, 1 + several): first the sum over all other comparisons, then one column for each of these, in
        the order of `traits`. A number is twice what speaks against, in millionths of a bit, 0 or below, and odd where the
        pair shares a value.

    Examples
    --------
    >>> from omniid.tables import ComparisonWeights
    >>> sex, card = (ComparisonTraits(name, ("else", "exact"), (0.2, 0.8)) for name in ("sex", "card"))
    >>> model = Model(tuple(ComparisonWeights(one.name, one.levels, (0.2, 0.8), (0.8, 0.2)) for one in (sex, card)), prior=0.5)
    >>> conflicts_by_field(np.array([[0, 0], [0, 1], [1, -1]], np.int8), model, [sex, card], {"card"}).tolist()
    [[-4000000, -4000000], [-4000000, 1], [0, 0]]
    """
    tables = conflict_tables(model)
    columns = [number for number, trait in enumerate(traits) if trait.name in several]
    found = np.zeros((len(levels), 1 + len(columns)), np.int64)
    for number, table in enumerate(tables):
        if number not in columns:
            found[:, 0] += 2 * table[levels[:, number]]
    for place, number in enumerate(columns, 1):
        table = 2 * tables[number]
        table[traits[number].exact] |= 1
        found[:, place] = table[levels[:, number]]
    return found


def shared_fields(levels: Levels, traits: Sequence[ComparisonTraits], several: Collection[str]) -> npt.NDArray[np.bool_]:
    """In which of the comparisons of which a person may have several values each pair shares one.

    Parameters
    ----------
    levels
        int8 of shape (pairs, comparisons).
    traits, several
        As for `conflicts_by_field`.

    Returns
    -------
    numpy.ndarray
        bool of shape (pairs, several).

    Examples
    --------
    >>> email, card = (ComparisonTraits(name, ("else", "exact"), (0.2, 0.8)) for name in ("email", "card"))
    >>> shared_fields(np.array([[1, 1], [0, -1]], np.int8), [email, card], {"card"}).tolist()
    [[True], [False]]
    """
    columns = [(number, trait.exact) for number, trait in enumerate(traits) if trait.name in several]
    found = np.zeros((len(levels), len(columns)), bool)
    for place, (number, exact) in enumerate(columns):
        np.equal(levels[:, number], exact, out=found[:, place])
    return found
