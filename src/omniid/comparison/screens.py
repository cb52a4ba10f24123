"""Screens: what equal, different and absent codes say of a pair of records, before anything is compared."""

from typing import NamedTuple

from omniid.tables import Codes, Ends

__all__ = ["Screen"]


class Screen(NamedTuple):
    """The outcomes of one comparison that are possible by codes alone.

    The sets are those of `outcomes`: bit 0 for missing, bit 1 + l for level l. They hold every true outcome, silencing
    included.

    Parameters
    ----------
    codes
        int32 per row, -1 where all fields are missing: of the field in which the closest level is that the values are equal,
        or of the first field. Equal sets of values have equal codes; a row with only another field has one of its own.
    if_equal
        Outcomes where both codes are there and equal.
    if_different
        Outcomes where both are there and differ.
    if_absent
        Outcomes where one is not there; a level on whole records may still say something then.
    ends
        What tells most different values apart, where all levels but that of equal values allow for one edit; else None.

    Examples
    --------
    >>> import numpy as np
    >>> from omniid.comparison import PairComparer, device
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "cookie": "x"}, {"record_id": "2", "cookie": None}])
    >>> PairComparer(table, [device("cookie")]).screens()[0]
    Screen(codes=array([ 0, -1], dtype=int32), if_equal=4, if_different=2, if_absent=1, ends=None)
    """

    codes: Codes
    if_equal: int
    if_different: int
    if_absent: int
    ends: Ends | None = None
