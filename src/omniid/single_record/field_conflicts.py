"""What speaks against one pair, field by field; the twin of `omniid.matching.conflicts_by_field`."""

from collections.abc import Collection, Sequence

from omniid.matching.conflict_columns import field_tables
from omniid.tables import ComparisonTraits, Model

__all__ = ["FieldConflicts"]


class FieldConflicts:
    """A model's negative weights: all of a pair that always counts as one number, and one for each field with several values.

    Parameters
    ----------
    model
        The model.
    traits
        The comparisons.
    several
        Names of the comparisons of which a person may have several values.

    Examples
    --------
    >>> from omniid.tables import ComparisonWeights
    >>> sex, card = (ComparisonTraits(name, ("else", "exact"), (0.2, 0.8)) for name in ("sex", "card"))
    >>> model = Model(tuple(ComparisonWeights(one.name, one.levels, (0.2, 0.8), (0.8, 0.2)) for one in (sex, card)), prior=0.5)
    >>> conflicts = FieldConflicts(model, [sex, card], {"card"})
    >>> conflicts.of((0, 0)), conflicts.of((0, 1)), conflicts.of((1, -1))
    ((-4000000, -4000000), (-4000000, 1), (0, 0))
    """

    def __init__(self, model: Model, traits: Sequence[ComparisonTraits], several: Collection[str]) -> None:
        always, own = field_tables(model, traits, several)
        self._always, self._several = ([(number, table.tolist()) for number, table in tables] for tables in (always, own))

    def of(self, levels: Sequence[int]) -> tuple[int, ...]:
        """What speaks against a pair with these levels."""
        always = sum([table[levels[number]] for number, table in self._always])
        return (always, *[table[levels[number]] for number, table in self._several])
