"""Limits compiled for the records at hand: what no cluster may hold."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from omniid.tables.units import Codes, Rows

__all__ = ["CountLimit", "Limit", "PairLimit"]

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Limit:
    """What no cluster may hold too much of; one of `CountLimit` and `PairLimit`.

    A limit is hereditary: whatever it allows for a set of records it allows for each subset.

    Parameters
    ----------
    name
        How the limit is written, for example ``at_most(passport, 1)``.
    fields
        The columns that it reads.
    rows, codes
        One entry per observed value: the record's row and the value's code; records without a value have no entry, records
        with several have several.
    """

    name: str
    fields: tuple[str, ...]
    rows: Rows
    codes: Codes


@dataclass(frozen=True, eq=False)
class CountLimit(Limit):
    """No cluster may hold more than `n` distinct values, altogether or within any window of time.

    Parameters
    ----------
    n
        The largest number of distinct values.
    times
        int64 microseconds per entry, `NO_TIME` where unknown; None where times don't matter.
    window
        Microseconds: no closed interval of this length may hold more than `n` distinct values. An entry without a time counts
        in every interval. None counts all values.

    Examples
    --------
    >>> rows, codes = np.array([0, 2], np.int32), np.array([5, 6], np.int32)
    >>> CountLimit("at_most(passport, 1)", ("passport",), rows, codes, n=1).n
    1
    """

    n: int = field(kw_only=True)
    times: npt.NDArray[np.int64] | None = field(default=None, kw_only=True)
    window: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False)
class PairLimit(Limit):
    """No cluster may hold two values that may not meet.

    Parameters
    ----------
    apart
        Called with two arrays of codes, left < right; whether the two values of each pair may not meet.

    Examples
    --------
    >>> rows, codes = np.array([0, 2], np.int32), np.array([5, 6], np.int32)
    >>> PairLimit("disagree(first_name)", ("first_name",), rows, codes, apart=lambda one, other: other - one > 1).fields
    ('first_name',)
    """

    apart: Callable[[Codes, Codes], Bools] = field(kw_only=True)
