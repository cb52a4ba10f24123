"""How much less a pair's agreement on first and last name says than the product, as both go with one population."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.matching.populations import values_to_populations
from omniid.tables import BITS, Codes, Column, ComparisonTraits, Levels, Model, RecordTable, Rows

__all__ = ["NameTie", "tie_names"]

Floats = npt.NDArray[np.float64]

STEPS = 64  # parts of a bit that the cost is rounded to: no last digit of a logarithm ever shows


@dataclass(frozen=True, eq=False)
class NameTie:
    """What pairs lose that agree exactly on both names: log2 of how much likelier strangers do so than the product says.

    A name pair that goes together less than by chance loses nothing, so that the cost only takes away and bounds stay bounds.

    Parameters
    ----------
    first, last
        Positions of the two comparisons.
    exact
        Their exact levels.
    codes
        The values per row of both columns; None where there are no records, and every pair loses the same.
    ratios
        Per value of both columns, how much more often each population bears it than all do.
    shares
        Shares of the populations.
    average
        What a pair loses whose values are not known, in millionths of a bit.
    """

    first: int
    last: int
    exact: tuple[int, int]
    codes: tuple[Codes, Codes] | None
    ratios: tuple[Floats, Floats]
    shares: tuple[float, ...]
    average: int

    def of(
        self, levels: Levels, left: Rows, right: Rows, among: npt.NDArray[np.bool_] | None = None
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
        """Positions of the pairs that agree on both names, and what each loses.

        Parameters
        ----------
        levels
            int8 of shape (pairs, comparisons).
        left, right
            Rows of each pair, in any order.
        among
            Only these pairs are looked at; None: all.
        """
        both = (levels[:, self.first] == self.exact[0]) & (levels[:, self.last] == self.exact[1])
        at = np.flatnonzero(both if among is None else both & among)
        if self.codes is None:
            return at, np.full(len(at), self.average, np.int64)
        rows, others = left.take(at), right.take(at)
        one, two = (np.minimum(codes.take(rows), codes.take(others)) for codes in self.codes)  # equal, or -1 on either side
        times = np.zeros(len(at))
        for number, share in enumerate(self.shares):  # in one order, whatever the number of pairs
            times += self.ratios[0][:, number].take(one) * self.ratios[1][:, number].take(two) * share
        return at, np.rint(STEPS * np.log2(np.maximum(times, 1.0))).astype(np.int64) * (BITS // STEPS)


def _one_each(column: Column) -> Column:
    """A column of one value a record: of several, it is not known which are alike."""
    if column.offsets is None:
        return column
    rows, codes = column.present()
    several = np.bincount(rows, minlength=column.n_rows) > 1
    only = np.full(column.n_rows, -1, np.int32)
    only[rows] = codes
    return Column(np.where(several, np.int32(-1), only).astype(np.int32), column.vocabulary)


def tie_names(table: RecordTable, model: Model, traits: Sequence[ComparisonTraits]) -> NameTie | None:
    """Make what a model knows of populations ready for the records of one table.

    Parameters
    ----------
    table
        The records; without any, each pair loses what pairs lose on average.
    model
        The model.
    traits
        The comparisons.

    Returns
    -------
    NameTie or None
        None where the model knows no populations, or the table lacks a name.
    """
    populations = model.populations
    if populations is None:
        return None
    numbers = [next((at for at, trait in enumerate(traits) if trait.frequency == field), -1) for field in populations.fields]
    if min(numbers) < 0:
        return None
    exact = (traits[numbers[0]].exact, traits[numbers[1]].exact)
    average, nothing = round(STEPS * float(np.log2(populations.tie))) * (BITS // STEPS), np.zeros((0, 0))
    if not len(table):
        return NameTie(numbers[0], numbers[1], exact, None, (nothing, nothing), populations.shares, average)
    if any(field not in table.columns for field in populations.fields):
        return None
    columns = (_one_each(table.columns[populations.fields[0]]), _one_each(table.columns[populations.fields[1]]))
    ratios = values_to_populations(populations, columns, local=model.frozen is not None)
    first, last = (np.asfortranarray(np.append(ratio, np.ones((1, len(populations.shares))), axis=0)) for ratio in ratios)
    codes = (columns[0].codes, columns[1].codes)  # -1 reads the last row: a name that is borne everywhere alike
    return NameTie(numbers[0], numbers[1], exact, codes, (first, last), populations.shares, average)
