"""What speaks against pairs, field by field, and the fields in which they share a value."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from omniid.matching.weights import conflict_tables
from omniid.tables import ComparisonTraits, Levels, Model

__all__ = ["conflicts_by_field", "field_tables", "shared_fields"]

Tables = list[tuple[int, npt.NDArray[np.int64]]]  # position of a comparison, and a number for each of its levels


def field_tables(model: Model, traits: Sequence[ComparisonTraits], several: Collection[str]) -> tuple[Tables, Tables]:
    """Twice what each level speaks against a pair, in millionths of a bit, the last entry for a missing level.

    Parameters
    ----------
    model, traits, several
        As for `conflicts_by_field`.

    Returns
    -------
    always, own
        The comparisons whose sum always counts, and those of which a person may have several values. Of these, the exact level
        says 1: what is shared never speaks against, whatever the model learned.

    Examples
    --------
    >>> from omniid.tables import ComparisonWeights
    >>> card = ComparisonTraits("card", ("else", "exact"), (0.2, 0.8))
    >>> model = Model((ComparisonWeights("card", card.levels, (0.2, 0.8), (0.8, 0.2)),), prior=0.5)
    >>> [(number, table.tolist()) for number, table in field_tables(model, [card], {"card"})[1]]
    [(0, [-4000000, 1, 0])]
    """
    tables = [(number, 2 * table) for number, table in enumerate(conflict_tables(model))]
    own = [(number, table) for number, table in tables if traits[number].name in several]
    for number, table in own:
        table[traits[number].exact] = 1
    return [(number, table) for number, table in tables if traits[number].name not in several], own


def conflicts_by_field(
    levels: Levels, model: Model, traits: Sequence[ComparisonTraits], several: Collection[str]
) -> npt.NDArray[np.int64]:
    """How much of each pair's evidence speaks against it: its negative two-class weights.

    Term frequencies and relatives do not enter.

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
    always, own = field_tables(model, traits, several)
    found = np.zeros((1 + len(own), len(levels)), np.int64).T  # the columns one after the other in memory
    for number, table in always:
        found[:, 0] += table[levels[:, number]]
    for place, (number, table) in enumerate(own, 1):
        found[:, place] = table[levels[:, number]]
    return found


def shared_fields(
    levels: Levels, tier: npt.NDArray[np.int8], model: Model, traits: Sequence[ComparisonTraits], several: Collection[str]
) -> npt.NDArray[np.bool_]:
    """Which of the comparisons of which a person may have several values each link settles.

    It does so where it shares a value, and where it differs and a strong agreement links the two records all the same.

    Parameters
    ----------
    levels, model, traits, several
        As for `conflicts_by_field`.
    tier
        Position in `TIERS`, per pair.

    Returns
    -------
    numpy.ndarray
        bool of shape (pairs, several).

    Examples
    --------
    >>> from omniid.tables import ComparisonWeights
    >>> mail, card = (ComparisonTraits(name, ("else", "exact"), (0.2, 0.8)) for name in ("mail", "card"))
    >>> model = Model(tuple(ComparisonWeights(one.name, one.levels, (0.2, 0.8), (0.8, 0.2)) for one in (mail, card)), prior=0.5)
    >>> levels, tier = np.array([[1, 0], [0, 0], [1, -1]], np.int8), np.array([1, 0, 1], np.int8)
    >>> shared_fields(levels, tier, model, [mail, card], {"mail", "card"}).tolist()
    [[True, True], [False, False], [True, False]]
    """
    _, own = field_tables(model, traits, several)
    found = np.zeros((len(levels), len(own)), bool)
    for place, (number, table) in enumerate(own):
        told = table[levels[:, number]]
        found[:, place] = (told > 0) | ((tier > 0) & (told < 0))
    return found
