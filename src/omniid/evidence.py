"""Which values are evidence: how many people share each contact value, and which are shared by too many."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.clustering import connected_components
from omniid.nicknames import nickname_roots
from omniid.phonetics import soundex_all
from omniid.sharing import count_people, without_generic
from omniid.tables import Codes, Column, RecordTable
from omniid.tables.arrays import numpy_array, text_array

__all__ = ["People", "generic_values", "people_per_value", "personal_rows", "without_generic_values"]

People = Mapping[str, npt.NDArray[np.int64]]

# More people than this on one value, and it names nobody: a household rarely has seven adults, a block of flats has many.
AT_MOST = {"email": 6, "phone": 6, "identifier": 6, "device": 6, "street": 18}


def people_per_value(table: RecordTable, kinds: Mapping[str, str]) -> dict[str, npt.NDArray[np.int64]]:
    """Count the people behind every value of the contact columns, by who their records say they are.

    Parameters
    ----------
    table
        Normalised records.
    kinds
        Column → kind of value.

    Returns
    -------
    dict
        Column → int64 per distinct value.
    """
    signature = _signature(table, kinds)
    return {
        name: count_people(table.columns[name], signature, connected_components)
        for name, kind in kinds.items()
        if kind in AT_MOST
    }


def without_generic_values(table: RecordTable, kinds: Mapping[str, str], people: People) -> RecordTable:
    """Return the table as matching sees it: values that too many people share are missing in it."""
    columns = dict(table.columns)
    for name, count in people.items():
        columns[name] = without_generic(columns[name], count, at_most=AT_MOST[kinds[name]])
    return replace(table, columns=columns)


def personal_rows(table: RecordTable, people: People) -> dict[str, npt.NDArray[np.bool_]]:
    """Column → bool per row: whether each of the row's values is used by one person only."""
    out = {}
    for name, count in people.items():
        rows, codes = table.columns[name].present()
        out[name] = np.ones(len(table), bool)
        out[name][rows[count[codes] > 1]] = False
    return out


def generic_values(kinds: Mapping[str, str], people: People) -> dict[str, int]:
    """Column → number of its values that too many people share, for columns that have any."""
    counts = {name: int((count > AT_MOST[kinds[name]]).sum()) for name, count in people.items()}
    return {name: count for name, count in counts.items() if count}


def _signature(table: RecordTable, kinds: Mapping[str, str]) -> tuple[Codes, Codes, Codes]:
    """Who each record says it is: first-name root, surname as it sounds, birth date."""
    unknown = np.full(len(table), -1, np.int32)
    parts = {"first_name": unknown, "last_name": unknown, "birth_date": unknown}
    for part in parts:
        column = next((table.columns[name] for name, kind in kinds.items() if kind == part), None)
        if column is not None:
            parts[part] = _first_entry(column, _days(column) if part == "birth_date" else _sounds(column, part))
    return parts["first_name"], parts["last_name"], parts["birth_date"]


def _days(column: Column) -> Codes:
    """Distinct dates as numbers; a year or a month alone says too little, and is unknown."""
    whole = numpy_array(pc.utf8_length(column.vocabulary)) == len("1971-06-24")
    return np.where(whole, np.arange(len(whole)), -1).astype(np.int32)


def _sounds(column: Column, part: str) -> Codes:
    """Distinct names as numbers, equal for names that sound alike; nicknames count as their formal name."""
    names = column.vocabulary
    if part == "first_name":
        texts: list[str] = names.to_pylist()
        records = dict(zip(texts, column.counts().tolist(), strict=True))
        names = text_array([_formal_name(name, records) for name in texts])
    sounds = pc.coalesce(soundex_all(names), names)
    return numpy_array(sounds.dictionary_encode().indices).astype(np.int32, copy=False)


def _formal_name(name: str, records: Mapping[str, int]) -> str:
    """The formal name that a first name most likely stands for: itself if it is one, else the commonest here of its roots."""
    roots = nickname_roots(name)
    return name if not roots or name in roots else min(roots, key=lambda root: (-records.get(root, 0), root))


def _first_entry(column: Column, of_value: Codes) -> Codes:
    """One code per row: that of the row's first value."""
    rows, codes = column.present()
    out = np.full(column.n_rows, -1, np.int32)
    out[rows[::-1]] = of_value[codes][::-1]
    return out
