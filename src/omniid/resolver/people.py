"""How many people hold a value, counted one value at a time over all records of the store that hold it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering import UnionFind
from omniid.evidence import SIGNATURE, login_columns, signature_columns, signature_texts, thresholds_for, value_kinds
from omniid.hashing import hash_strings
from omniid.meeting import meeting_columns
from omniid.resolver.classes import Count
from omniid.resolver.keyed_values import value_key, value_keys
from omniid.sharing import PEOPLE_AT_MOST, VALUE_CLASSES
from omniid.spec import Spec
from omniid.tables import Column, Model, RecordTable
from omniid.tables.arrays import numpy_array

__all__ = ["SIGNATURE", "UNKNOWN", "Signature", "ValueRules", "count_people_of", "signature_arrays", "signatures_of"]

Int64s = npt.NDArray[np.int64]
PERSONAL, HOUSEHOLD, WEAK, SHARED = (VALUE_CLASSES.index(name) for name in ("personal", "household", "weak", "shared"))
UNKNOWN = 0


class Signature(NamedTuple):
    """Who a record says it is, as hashes: first name, last name, birth date (0 where unknown), and its login ids."""

    parts: tuple[int, int, int] = (UNKNOWN, UNKNOWN, UNKNOWN)
    logins: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class ValueRules:
    """What makes a value personal, household, weak or shared, under one spec and model.

    Parameters
    ----------
    at_most
        Column → most people on one of its values that is still evidence; the columns whose people are counted, sorted.
    rows_above
        Most records of unknown people on a value that counts as one person's.
    declared
        Key of a value → the class that people declared.
    """

    at_most: dict[str, float]
    rows_above: int
    declared: dict[int, int]

    @classmethod
    def of(cls, spec: Spec, model: Model, table: RecordTable) -> "ValueRules":
        """Those of a spec and a model; the table has all their columns."""
        limits, elsewhere = thresholds_for(spec, model), meeting_columns(spec.fields, spec.purpose)
        kinds = {column: both for column, both in value_kinds(spec, table).items() if column not in elsewhere}
        counted = {column: limits.at_most(*both) for column, both in sorted(kinds.items()) if both[1] in PEOPLE_AT_MOST}
        declared = {
            value_key(column, value): VALUE_CLASSES.index(name)
            for column, values in spec.value_classes.items()
            for value, name in values.items()
        }
        return cls(counted, limits.rows_above, declared)

    def count(self, column: str, key: int, people: int, records: int) -> Count:
        """People, records and class of a value that so many of them hold."""
        class_ = PERSONAL
        if people > 1:
            class_ = SHARED if people > self.at_most[column] else HOUSEHOLD
        elif people == 0 and records > self.rows_above:
            class_ = WEAK
        return Count(people, records, self.declared.get(key, class_))


def count_people_of(holders: Iterable[Signature]) -> int:
    """Count the people behind the records that hold one value, as `omniid.sharing.count_people` does for many values.

    Examples
    --------
    >>> ann, bo, unsure = (Signature(parts) for parts in ((1, 2, 3), (4, 5, 6), (1, 2, 0)))
    >>> count_people_of([ann, bo, unsure]), count_people_of([Signature(logins=(7, 8))]), count_people_of([Signature()])
    (2, 2, 0)
    """
    holders = list(holders)
    known = sorted({one.parts for one in holders if sum(part != UNKNOWN for part in one.parts) >= 2})
    if len(known) < 2:
        return len(known) or len({login for one in holders for login in one.logins})
    sets = UnionFind(len(known))
    for third in range(3):
        unsure = {_without(parts, third): at for at, parts in enumerate(known) if parts[third] == UNKNOWN}
        for at, parts in enumerate(known):
            other = unsure.get(_without(parts, third)) if parts[third] != UNKNOWN else None
            if other is not None:
                sets.union(at, other)
    return len({sets.find(at) for at in range(len(known))})


def _without(parts: tuple[int, int, int], third: int) -> tuple[int, int]:
    one, two = (parts[at] for at in range(3) if at != third)
    return one, two


def signatures_of(met: RecordTable, spec: Spec, formal: Mapping[str, str] | None = None) -> list[Signature]:
    """Who each record of a table says it is; `formal` as `Thresholds.names`."""
    parts, places, keys = signature_arrays(met, spec, formal)
    logins: list[list[int]] = [[] for _ in range(len(met))]
    for place, key in zip(places.tolist(), keys.tolist(), strict=True):
        logins[place].append(key)
    return [Signature((one, two, three), tuple(ids)) for (one, two, three), ids in zip(parts.tolist(), logins, strict=True)]


def signature_arrays(met: RecordTable, spec: Spec, formal: Mapping[str, str] | None = None) -> tuple[Int64s, Int64s, Int64s]:
    """The three parts of each record's signature as a row of numbers; then (place, key) of all login ids, by column."""
    elsewhere = meeting_columns(spec.fields, spec.purpose)
    kinds = {column: both for column, both in value_kinds(spec, met).items() if column not in elsewhere}
    named = signature_columns(kinds)
    parts = np.full((len(met), len(SIGNATURE)), UNKNOWN, np.int64)
    for at, part in enumerate(SIGNATURE):
        if part in named:
            parts[:, at] = _first_hashes(met.columns[named[part]], part, formal)
    places, keys = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for name in login_columns(kinds):
        rows, codes = met.columns[name].present()
        places.append(rows.astype(np.int64))
        keys.append(value_keys(name, met.columns[name].vocabulary).take(codes))
    return parts, np.concatenate(places), np.concatenate(keys)


def _first_hashes(column: Column, part: str, formal: Mapping[str, str] | None) -> Int64s:
    """Per row the hash of what its first value says, 0 where that is nothing."""
    said = signature_texts(column, part, formal)
    hashes = np.where(numpy_array(said.is_valid()), hash_strings(said).view(np.int64) | 1, UNKNOWN)
    rows, codes = column.present()
    out = np.zeros(column.n_rows, np.int64)
    out[rows[::-1]] = hashes[codes][::-1]
    return out
