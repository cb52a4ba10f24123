"""Postal addresses onto a record table: parts from their own columns, gaps filled from whole addresses."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.normalization.address import (
    normalize_city,
    normalize_country,
    normalize_house_number,
    normalize_postcode,
    normalize_region,
    normalize_street,
    normalize_unit,
)
from omniid.normalization.address_arrays import read_addresses, street_line
from omniid.normalization.address_shapes import read_postcodes, read_streets, read_towns
from omniid.normalization.forms import Entries, Forms, aligned
from omniid.normalization.results import Results, known_only
from omniid.tables import FieldPlan, NormalForm
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["apply_address"]

Mask = npt.NDArray[np.bool_]

PARTS: Mapping[str, Callable[[str], NormalForm]] = {
    "street": normalize_street,
    "unit": normalize_unit,
    "city": normalize_city,
    "postcode": normalize_postcode,
    "country": normalize_country,
    "house_number": normalize_house_number,
    "region": normalize_region,
}


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
    street, written_unit, numbered = read_streets(columns["street"].vocabulary, street_line)
    for role, scalar in PARTS.items():
        values = columns[role].vocabulary
        if role == "street":
            forms = street
        elif role == "city":
            forms = read_towns(values)
        elif role == "postcode":
            forms = read_postcodes(values)
        else:
            forms = Forms.each(scalar, values.to_pylist())
        entries[role] = Entries.of(columns[role], forms)
        if role in field.roles:
            results.reject(field.roles[role], columns[role], forms.reason)
    entries["unit"] = entries["unit"].otherwise(known_only(Entries.of(columns["street"], written_unit)))
    if "house_number" in field.roles and "street" in field.roles:
        has_number = numpy_array(numbered.value.is_valid())
        entries["street"] = _numbered(entries["street"], entries["house_number"], has_number)
    if "full" in field.roles:
        whole = read_addresses(columns["full"].vocabulary)
        results.reject(field.roles["full"], columns["full"], whole["street"].reason)
        for role, forms in whole.items():
            entries[role] = entries[role].otherwise(known_only(Entries.of(columns["full"], forms)))
    anchor = next(iter(field.roles.values()))
    for role in PARTS:
        always = role in field.roles or (role == "street" and "full" in field.roles)
        results.write(results.name(field.roles.get(role), role, anchor), entries[role], if_any=not always)


def _numbered(streets: Entries, numbers: Entries, has_number: Mask) -> Entries:
    """Streets with the number of the house-number column in front, where they hold none themselves."""
    bare = ~np.append(has_number, False)[streets.codes] & streets.known & numbers.known
    if not bare.any():
        return streets
    street, number = streets.of_entries(), numbers.of_entries()
    joined = pc.if_else(arrow_array(bare), pc.binary_join_element_wise(number, street, text_scalar(" ")), street)
    at = arrow_array(streets.codes, present=streets.codes >= 0)
    codes = np.where(streets.codes >= 0, np.arange(len(streets.codes)), -1).astype(np.int32)
    return Entries(codes, joined, streets.display.take(at), streets.raw.take(at), streets.offsets)
