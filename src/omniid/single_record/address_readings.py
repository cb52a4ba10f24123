"""What one record says of a postal address: parts from their own cells, gaps filled from a whole address."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from omniid.normalization import AddressParts, split_address
from omniid.normalization.address import split_street
from omniid.normalization.address_columns import PARTS
from omniid.single_record.readings import MEMO, OneRecord, Reading, Triple, columns_of, known_only, otherwise, read_as
from omniid.tables import NormalForm

__all__ = ["PARTS", "read_address"]

_street = lru_cache(MEMO)(split_street)
_whole = lru_cache(MEMO)(split_address)
_PART: dict[str, Callable[[str], NormalForm]] = {
    role: lru_cache(MEMO)(scalar) for role, scalar in PARTS.items() if role != "street"
}
_PART["street"] = lambda value: _street(value).street


def read_address(roles: Mapping[str, str], place: int, names: Mapping[str, str]) -> Reading:
    """The reading of an address, as `apply_address` reads columns of them.

    Parameters
    ----------
    roles
        Role → field that the cells fill.
    place
        The plan's place among the plans.
    names
        Part of the address → field that it is written to.
    """
    order = (*PARTS, "full")
    wanted = [roles.get(role) for role in order]
    numbered = "house_number" in roles and "street" in roles

    fields = frozenset(roles.values())

    def read(record: OneRecord) -> None:
        if fields.isdisjoint(record.raw):
            return
        out: dict[str, list[Triple | None]] = {role: [] for role in PARTS}
        for row in columns_of(record, wanted):
            cells = dict(zip(order, row, strict=True))
            for role, entry in _parts(cells, numbered=numbered).items():
                out[role].append(entry)
        for role in PARTS:
            for value in record.raw.get(roles[role], ()) if role in roles else ():
                record.reject(place, roles[role], value, _PART[role](value))
        for value in record.raw.get(roles["full"], ()) if "full" in roles else ():
            record.reject(place, roles["full"], value, _whole(value).street)
        for role in PARTS:
            record.write(names[role], out[role])

    return read


def _parts(cells: Mapping[str, str | None], *, numbered: bool) -> dict[str, Triple | None]:
    """The parts of one address."""
    out = {role: read_as(value, _PART[role](value)) for role in PARTS if (value := cells[role]) is not None}
    if (line := cells["street"]) is not None:
        found = _street(line)
        out["unit"] = otherwise(out.get("unit"), known_only(line, found.unit))
        street, number = out["street"], out.get("house_number")
        if numbered and not found.has_number and street and street[1] and number and number[1]:
            out["street"] = (street[0], f"{number[1]} {street[1]}", street[2])
    if (full := cells["full"]) is not None:
        for role, form in _whole_parts(full).items():
            out[role] = otherwise(out.get(role), known_only(full, form))
    return {role: out.get(role) for role in PARTS}


def _whole_parts(full: str) -> dict[str, NormalForm]:
    return dict(zip(AddressParts._fields, _whole(full), strict=True))
