"""Live value classes: how many people use a value, counted over all records of the store that hold it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.compilation import regions_of
from omniid.evidence import Classes
from omniid.hash_meanings import HashMeanings
from omniid.meeting import meet_columns
from omniid.resolver.keyed_values import value_keys
from omniid.sharing import VALUE_CLASSES, ValueClasses
from omniid.spec import Spec
from omniid.stop_values import with_stop_values
from omniid.store import Snapshot, Transaction
from omniid.tables import RecordTable
from omniid.tables.arrays import arrow_array

__all__ = [
    "PERSONAL",
    "Count",
    "known_classes",
    "met_records",
    "shared_values",
    "stored_counts",
    "values_held",
    "write_counts",
]

Keys = npt.NDArray[np.int64]
PERSONAL = VALUE_CLASSES.index("personal")


class Count(NamedTuple):
    """How many people and records hold a value, and its class as a position in `VALUE_CLASSES`."""

    people: int
    records: int
    class_: int

    @property
    def is_plain(self) -> bool:
        """Whether it is one person's own, which needs no keeping."""
        return self.class_ == PERSONAL and self.people <= 1


def met_records(records: RecordTable, spec: Spec, hashes: Callable[[RecordTable], HashMeanings] | None = None) -> RecordTable:
    """Normal forms without stop values, those that mean the same in one column; `hashes` says what hashes stand for."""
    records = with_stop_values(records, spec.stop_values, spec.fields, regions_of(spec))
    return meet_columns(records, spec.fields, spec.purpose, None if hashes is None else hashes(records))


def values_held(met: RecordTable, columns: Iterable[str]) -> tuple[npt.NDArray[np.int32], Keys]:
    """(place, key of a value) of all records and values of some columns."""
    rows: list[npt.NDArray[np.int32]] = [np.zeros(0, np.int32)]
    keys: list[Keys] = [np.zeros(0, np.int64)]
    for name in sorted(columns):
        if name in met.columns:
            here, codes = met.columns[name].present()
            rows.append(here.astype(np.int32, copy=False))
            keys.append(value_keys(name, met.columns[name].vocabulary).take(codes))
    return np.concatenate(rows).astype(np.int32, copy=False), np.concatenate(keys)


def shared_values(met: RecordTable, classes: Classes) -> dict[int, Count]:
    """The counts by key of those values of all records that are not one person's own."""
    counts: dict[int, Count] = {}
    for name, found in classes.items():
        at = np.flatnonzero((found.people > 1) | (found.classes != PERSONAL))
        keys = value_keys(name, met.columns[name].vocabulary.take(arrow_array(at))).tolist()
        numbers = zip(*(part[at].tolist() for part in (found.people, found.records, found.classes)), strict=True)
        counts.update(zip(keys, (Count(*each) for each in numbers), strict=True))
    return counts


def known_classes(store: Snapshot, classes: Classes, met: RecordTable) -> Classes:
    """Replace what the records at hand say of values by what all records of the store say.

    Parameters
    ----------
    store
        Holds the counts of all values that are not one person's own.
    classes
        What the records at hand say.
    met
        These records.
    """
    return {name: _known(store, name, found, met) for name, found in classes.items()}


def _known(store: Snapshot, name: str, found: ValueClasses, met: RecordTable) -> ValueClasses:
    keys = value_keys(name, met.columns[name].vocabulary).tolist()
    people, records = np.minimum(found.people, 1), np.minimum(found.records, found.rows_above)
    stored = stored_counts(store, keys)
    for place, key in enumerate(keys):
        if key in stored:
            people[place], records[place] = stored[key].people, stored[key].records
    return replace(found, people=people, records=records)


def stored_counts(store: Snapshot, keys: Iterable[int]) -> dict[int, Count]:
    """Key of a value → its count, of those that are not one person's own."""
    return {key: Count(*count) for key, *count in store.rows("contacts", "key", keys)}


def write_counts(store: Transaction, before: Mapping[int, Count], after: Mapping[int, Count]) -> None:
    """Keep the counts of values that are not one person's own, and forget those of the others."""
    gone = [key for key in before if key not in after or after[key].is_plain]
    store.remove("contacts", "key", sorted(gone))
    kept = {key: count for key, count in after.items() if not count.is_plain and before.get(key) != count}
    store.put("contacts", [(key, *kept[key]) for key in sorted(kept)])
