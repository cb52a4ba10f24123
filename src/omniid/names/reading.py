"""Whole names read into their parts, and the levels at which the parts of two names are compared in matching."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from omniid.comparison import PairComparer
from omniid.fields import PersonName
from omniid.normalization import normalize
from omniid.tables import FieldPlan, RecordTable

__all__ = ["FIRST", "LAST", "MIDDLE", "PartLevel", "compare_parts", "read_parts", "turned"]

FIRST, LAST, MIDDLE = "first_name", "last_name", "middle_name"
Parts = Mapping[str, str]


class PartLevel(NamedTuple):
    """One part of two names: its normal forms ("" where it is missing) and the name of its comparison level."""

    left: str
    right: str
    level: str


def read_parts(names: Sequence[str]) -> list[dict[str, str]]:
    """Normal forms of the parts that each whole name has.

    Parameters
    ----------
    names
        Whole names.

    Examples
    --------
    >>> read_parts(["Smith, Bob", "N/A"])
    [{'first_name': 'bob', 'last_name': 'smith'}, {}]
    """
    # Ids of one width: a table stands in their order.
    rows: list[dict[str, object]] = [{"record_id": f"{row:09}", "name": name} for row, name in enumerate(names)]
    table = normalize(RecordTable.of(rows), [FieldPlan("person_name", {"full": "name"})])
    columns = {part: column for part, column in table.columns.items() if part != "name"}
    return [
        {part: value for part, column in columns.items() if (value := column.entries_of(row)[0]) is not None}
        for row in range(len(names))
    ]


def turned(parts: Parts) -> dict[str, str]:
    """The parts of a name with its first and last name exchanged.

    Examples
    --------
    >>> turned({"first_name": "smith", "last_name": "bob"})
    {'last_name': 'smith', 'first_name': 'bob'}
    """
    exchanged = {FIRST: LAST, LAST: FIRST}
    return {exchanged.get(part, part): value for part, value in parts.items()}


def compare_parts(left: Sequence[Parts], right: Sequence[Parts]) -> list[dict[str, PartLevel]]:
    """Part → how it is compared, for each pair of names; the level is "missing" where a side lacks the part.

    Parameters
    ----------
    left, right
        Parts of the names of pair i at position i; the same length.

    Examples
    --------
    >>> compare_parts([{"first_name": "bob"}], [{"first_name": "robert"}])[0]["first_name"].level
    'nickname or shared part'
    """
    both = [*left, *right]
    table = RecordTable.of([{"record_id": f"{row:09}", **parts} for row, parts in enumerate(both)])
    comparisons = PersonName(full="name").comparisons({part: part for part in table.columns})
    pairs = np.arange(len(left))
    levels = PairComparer(table, comparisons).levels(pairs, pairs + len(left))
    names = {comparison.name: (*comparison.traits.levels, "missing") for comparison in comparisons}
    return [
        {
            part: PartLevel(one.get(part, ""), other.get(part, ""), names[part][level])
            for part, level in zip(names, row, strict=True)
        }
        for one, other, row in zip(left, right, levels.tolist(), strict=True)
    ]
