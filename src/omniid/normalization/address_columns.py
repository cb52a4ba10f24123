"""Postal addresses onto a record table: parts from their own columns, gaps filled from whole addresses."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.normalization.address import (
    normalize_city,
    normalize_country,
    normalize_house_number,
    normalize_postcode,
    normalize_region,
    normalize_street,
    normalize_unit,
    split_street,
)
from omniid.normalization.forms import Entries, Forms, aligned
from omniid.normalization.full_address import split_address
from omniid.normalization.results import Results, known_only
from omniid.tables import FieldPlan, NormalForm

__all__ = ["apply_address"]

PARTS: Mapping[str, Callable[[str], NormalForm]] = {
    "street": normalize_street,
    "unit": normalize_unit,
    "city": normalize_city,
    "postcode": normalize_postcode,
    "country": normalize_country,
    "house_number": normalize_house_number,
    "region": normalize_region,
}
FROM_WHOLE = ("street", "unit", "city", "postcode", "country")


def apply_address(results: Results, field: FieldPlan) -> None:
    """Write the parts of one field plan's address; the house number also stands in front of the street.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "line": "Main Street", "no": "12"}])
    >>> plan = FieldPlan("address", {"street": "line", "house_number": "no"})
    >>> results = Results(table, [plan])
    >>> apply_address(results, plan)
    >>> results.done().columns["line"].entries_of(0)
    ['12 main st']
    """
    roles = (*PARTS, "full")
    columns = dict(zip(roles, aligned([results.column(field.roles.get(role)) for role in roles]), strict=True))
    entries: dict[str, Entries] = {}
    lines = [split_street(value) for value in columns["street"].vocabulary.to_pylist()]
    for role, scalar in PARTS.items():
        forms = (
            Forms.of([line.street for line in lines])
            if role == "street"
            else Forms.each(scalar, columns[role].vocabulary.to_pylist())
        )
        entries[role] = Entries.of(columns[role], forms)
        if role in field.roles:
            results.reject(field.roles[role], columns[role], forms.reason)
    entries["unit"] = entries["unit"].otherwise(
        known_only(Entries.of(columns["street"], Forms.of([line.unit for line in lines])))
    )
    if "house_number" in field.roles and "street" in field.roles:
        entries["street"] = _numbered(entries["street"], entries["house_number"], [line.has_number for line in lines])
    if "full" in field.roles:
        whole = [split_address(value) for value in columns["full"].vocabulary.to_pylist()]
        results.reject(field.roles["full"], columns["full"], Forms.of([part.street for part in whole]).reason)
        for role in FROM_WHOLE:
            forms = Forms.of([getattr(part, role) for part in whole])
            entries[role] = entries[role].otherwise(known_only(Entries.of(columns["full"], forms)))
    anchor = next(iter(field.roles.values()))
    for role in PARTS:
        always = role in field.roles or (role == "street" and "full" in field.roles)
        results.write(results.name(field.roles.get(role), role, anchor), entries[role], if_any=not always)


def _numbered(streets: Entries, numbers: Entries, has_number: Sequence[bool]) -> Entries:
    """Streets with the number of the house-number column in front, where they hold none themselves."""
    bare = ~np.append(np.array(has_number, bool), False)[streets.codes] & streets.known & numbers.known
    if not bare.any():
        return streets
    street, number = streets.of_entries(), numbers.of_entries()
    joined = pc.if_else(pa.array(bare), pc.binary_join_element_wise(number, street, pa.scalar(" ", pa.large_string())), street)
    at = pa.array(streets.codes, mask=streets.codes < 0)
    codes = np.where(streets.codes >= 0, np.arange(len(streets.codes)), -1).astype(np.int32)
    return Entries(codes, joined, streets.display.take(at), streets.raw.take(at), streets.offsets)
