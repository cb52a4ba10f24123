"""When entities were born, and how exactly that is known."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.key_order import order_of
from omniid.tables import Codes, Column
from omniid.tables.arrays import numpy_array, text_array, text_scalar

__all__ = ["Births", "births_of_entities"]

YEAR = 365.2425
_FILLED = {10: "", 7: "-15", 4: "-07-01"}  # a month or a year alone stands for its middle


class Births(NamedTuple):
    """Birth days since 1970 per entity; NaN where unknown, `is_exact` where the very day is known."""

    day: npt.NDArray[np.float64]
    is_exact: npt.NDArray[np.bool_]

    def years_apart(self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Years by which `right` is the younger, NaN where one is unknown.

        Examples
        --------
        >>> births = Births(np.array([0.0, 10_957.0]), np.array([True, True]))
        >>> births.years_apart(np.array([0]), np.array([1])).round(1).tolist()
        [30.0]
        """
        return np.asarray((self.day[right] - self.day[left]) / YEAR)


def births_of_entities(column: Column | None, entity: Codes, n: int) -> Births:
    """Take each entity's birth date: a whole date before a month or a year, then what most records say, then the earliest.

    Parameters
    ----------
    column
        Dates in normal form ("1971-06-24", "1971-06", "1971"); None: nobody's is known.
    entity
        Entity per record.
    n
        Number of entities.

    Examples
    --------
    >>> births = births_of_entities(Column.of(["1970-01-03", "1971", None]), np.array([0, 0, 1], np.int32), 2)
    >>> births.day.tolist(), births.is_exact.tolist()
    ([2.0, nan], [True, False])
    """
    day, exact = np.full(n, np.nan), np.zeros(n, bool)
    if column is None or not len(column.vocabulary):
        return Births(day, exact)
    width = numpy_array(pc.utf8_length(column.vocabulary))
    filler = text_array([_FILLED.get(letters, "") for letters in width.tolist()])
    whole = pc.binary_join_element_wise(column.vocabulary, filler, text_scalar(""))
    days = numpy_array(whole.cast(pa.date32()).cast(pa.int32()))
    rows, codes = column.present()
    keys, times = np.unique(entity.take(rows).astype(np.int64) * len(days) + codes, return_counts=True)
    who, code = keys // len(days), keys % len(days)
    best_last = order_of(who, width[code], times, -days[code])
    who, code = who[best_last], code[best_last]
    last = np.flatnonzero(np.append(who[1:] != who[:-1], True)[: len(who)])
    day[who[last]] = days[code[last]]
    exact[who[last]] = width[code[last]] == len("1971-06-24")
    return Births(day, exact)
