"""Values that people pinned: each to a record and a field, so that it follows the record."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from omniid.survivorship.entries import Entries
from omniid.survivorship.reasons import PINNED
from omniid.survivorship.rules import Ranks, SurvivorshipRule
from omniid.tables import RecordTable

__all__ = ["Pinned", "pinned_first", "that_hold"]


class Pinned(NamedTuple):
    """A value that a person pinned.

    Parameters
    ----------
    row
        The record's row.
    field
        The field.
    said
        Who pinned it, and why, in words.
    """

    row: int
    field: str
    said: str


def that_hold(table: RecordTable, pins: Sequence[Pinned]) -> list[Pinned]:
    """Those whose record has a value of the field now; the others wait for one.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "city": "Omsk"}, {"record_id": "2", "city": None}])
    >>> [pin.row for pin in that_hold(table, [Pinned(row, "city", "by kim") for row in range(2)])]
    [0]
    """
    return [pin for pin in pins if pin.field in table.display and any(table.display[pin.field].entries_of(pin.row))]


def pinned_first(pins: Sequence[Pinned], fields: Sequence[str]) -> tuple[SurvivorshipRule, ...]:
    """Return the rule that prefers what was pinned in some fields, the newest first; none where nothing was.

    Parameters
    ----------
    pins
        Oldest first.
    fields
        One, or those of a group.
    """
    rows = [pin.row for pin in pins if pin.field in fields]
    if not rows:
        return ()

    def rank(entries: Entries) -> Ranks:
        newest = np.zeros(len(entries.facts.time), np.int32)
        newest[rows] = np.arange(1, len(rows) + 1, dtype=np.int32)  # of two pins on one record the last one stays
        return newest.take(entries.row)

    return (SurvivorshipRule(PINNED, rank),)
