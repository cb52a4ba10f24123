"""How much less a pair's agreement on names and city says than the product, as all go with one population."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.matching.homes import find_place, homes_of_values, one_each
from omniid.matching.populations import values_to_populations
from omniid.tables import BITS, Codes, ComparisonTraits, Levels, Model, RecordTable, Rows

__all__ = ["LEAST", "STEPS", "HomeTie", "NameTie", "tie_homes", "tie_names"]

Floats = npt.NDArray[np.float64]

LEAST = 1e-300  # keeps a division defined where no population bears the names
STEPS = 64  # parts of a bit that the cost is rounded to: no last digit of a logarithm ever shows


@dataclass(frozen=True, eq=False)
class HomeTie:
    """Where the populations live, ready for the records of one table.

    Parameters
    ----------
    number, level
        The comparison of places, and its level of one city.
    codes
        The city per row.
    times
        Per city and once for none, how much likelier someone of each population lives there than strangers agree on a city.
    average
        What a pair loses whose values are not known, in millionths of a bit.
    """

    number: int
    level: int
    codes: Codes
    times: Floats
    average: int


@dataclass(frozen=True, eq=False)
class NameTie:
    """What pairs lose that agree exactly on both names: log2 of how much likelier strangers do so than the product says.

    A name pair that goes together less than by chance loses nothing, so that the cost only takes away and bounds stay bounds.
    Pairs of one city lose as much as it is likelier for strangers of the names that they have in common, one or both.

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
    home
        Where the populations live; None where nobody knows.
    """

    first: int
    last: int
    exact: tuple[int, int]
    codes: tuple[Codes, Codes] | None
    ratios: tuple[Floats, Floats]
    shares: tuple[float, ...]
    average: int
    home: HomeTie | None = None

    def of(
        self, levels: Levels, left: Rows, right: Rows, among: npt.NDArray[np.bool_] | None = None
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
        """Positions of the pairs that agree on both names, or on one and the city, and what each loses.

        Parameters
        ----------
        levels
            int8 of shape (pairs, comparisons).
        left, right
            Rows of each pair, in any order.
        among
            Only these pairs are looked at; None: all.
        """
        agree = (levels[:, self.first] == self.exact[0], levels[:, self.last] == self.exact[1])
        both, home = agree[0] & agree[1], self.home
        there = np.zeros(len(levels), bool) if home is None else levels[:, home.number] == home.level
        any_ = both | (there & (agree[0] | agree[1]))
        at = np.flatnonzero(any_ if among is None else any_ & among)
        both, there = both.take(at), there.take(at)
        if self.codes is None:
            return at, np.where(both, self.average + there * np.int64(0 if home is None else home.average), 0).astype(np.int64)
        rows, others = left.take(at), right.take(at)
        alike = []
        for codes, same in zip(self.codes, agree, strict=True):
            code = np.minimum(codes.take(rows), codes.take(others))  # equal, or -1 on either side
            alike.append(np.where(same.take(at), code, np.int32(-1)))
        city = None if home is None else np.minimum(home.codes.take(rows), home.codes.take(others))
        times, homes = np.zeros(len(at)), np.zeros(len(at))
        for number, share in enumerate(self.shares):  # in one order, whatever the number of pairs
            part = self.ratios[0][:, number].take(alike[0]) * self.ratios[1][:, number].take(alike[1]) * share
            times += part
            if home is not None and city is not None:
                homes += part * home.times[:, number].take(city)
        cost = np.where(both, steps(times), 0)
        return at, cost + np.where(there, steps(homes / np.maximum(times, LEAST)), 0)


def steps(times: Floats) -> npt.NDArray[np.int64]:
    """What being so many times likelier costs, in millionths of a bit.

    Examples
    --------
    >>> steps(np.array([0.5, 1.0, 4.0])).tolist()
    [0, 0, 2000000]
    """
    parts: npt.NDArray[np.int64] = np.rint(STEPS * np.log2(np.maximum(times, 1.0))).astype(np.int64)
    return parts * np.int64(BITS // STEPS)


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
    home = tie_homes(table, model, traits)
    if not len(table):
        return NameTie(numbers[0], numbers[1], exact, None, (nothing, nothing), populations.shares, average, home)
    if any(field not in table.columns for field in populations.fields):
        return None
    columns = (one_each(table.columns[populations.fields[0]]), one_each(table.columns[populations.fields[1]]))
    ratios = values_to_populations(populations, columns, local=model.frozen is not None)
    first, last = (np.asfortranarray(np.append(ratio, np.ones((1, len(populations.shares))), axis=0)) for ratio in ratios)
    codes = (columns[0].codes, columns[1].codes)  # -1 reads the last row: a name that is borne everywhere alike
    return NameTie(numbers[0], numbers[1], exact, codes, (first, last), populations.shares, average, home)


def tie_homes(table: RecordTable, model: Model, traits: Sequence[ComparisonTraits]) -> HomeTie | None:
    """Make what a model knows of where populations live ready for the records of one table.

    Parameters
    ----------
    table, model, traits
        As for `tie_names`.

    Returns
    -------
    HomeTie or None
        None where the model does not know, or the table lacks the city.
    """
    populations, place = model.populations, find_place(traits)
    if populations is None or not populations.place or place is None or place[2] != populations.place:
        return None
    number, level, field = place
    average = round(STEPS * float(np.log2(populations.home_tie))) * (BITS // STEPS)
    if field not in table.columns:
        return None if len(table) else HomeTie(number, level, np.zeros(0, np.int32), np.zeros((0, 0)), average)
    column = one_each(table.columns[field])
    lived = homes_of_values(populations, column) / max(model.comparisons[number].u[level], LEAST)
    times = np.asfortranarray(np.append(lived, np.zeros((1, len(populations.shares))), axis=0))
    return HomeTie(number, level, column.codes, times, average)
