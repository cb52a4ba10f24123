"""Which column of which source holds which field, and what kind of text it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as part_of

import numpy as np

from omniid.declarations import Field, roles
from omniid.fields import Address, Attribute, Category, Company, Date, IdentifierField, PersonName, Text
from omniid.results import Parts

__all__ = ["Target", "targets_of"]

NAME_PARTS = {"first": "first_name", "middle": "middle_name", "last": "last_name"}
ADDRESS_PARTS = ("street", "unit", "postcode", "city", "region", "country")
WRITABLE = (IdentifierField, PersonName, Address, Date, Category, Company, Text, Attribute)
CASED = ("name", "street", "city")


@dataclass(frozen=True)
class Target:
    """One column of one source that a golden value may be written into.

    Parameters
    ----------
    source
        The source.
    column
        Its own column.
    field
        The field column that it feeds.
    kind
        How its texts are written: "email", "phone", "identifier", "date", "date part", "name", "category", "street", "city",
        "text", "attribute", "whole name" or "whole address".
    parts
        For whole names and addresses: part → the field column that holds it.
    names_one
        Whether its values are meant to name somebody, so that no value which others use is written.
    is_alone
        Whether no other column of the source feeds the field.
    is_first
        Whether it is the first of them.
    """

    source: str
    column: str
    field: str
    kind: str
    parts: Mapping[str, str] = part_of(default_factory=dict, hash=False)
    names_one: bool = False
    is_alone: bool = True
    is_first: bool = True


def targets_of(parts: Parts) -> list[Target]:
    """List the columns of all sources that may be written into, by source and name.

    Devices, proxies, hashes, event times, record ids and what is said of another field are no targets.
    """
    owners = {column: one for one in parts.spec.fields if isinstance(one, WRITABLE) for column in roles(one).values()}
    filled = set(parts.records.display)
    out = []
    for source, columns in own_columns(parts).items():
        fed = list(columns.values())
        key = parts.spec.sources[source].record_id if source in parts.spec.sources else None
        for column, fills in columns.items():
            described = _described(owners[fills], fills, filled) if fills in owners and column != key else None
            if described is not None:
                before = list(columns)[: list(columns).index(column)]
                first = all(columns[name] != fills for name in before)
                names_one = isinstance(owners[fills], IdentifierField)
                out.append(Target(source, column, fills, *described, names_one, fed.count(fills) == 1, first))
    return sorted(out, key=lambda one: (one.source, one.column))


def own_columns(parts: Parts) -> dict[str, Mapping[str, str]]:
    """Source → its own column → field column; where the sources' tables are not known, the columns that hold anything."""
    if parts.cells is not None:
        return {name: parts.cells.columns.get(name, {}) for name in parts.sent.sources}
    out: dict[str, Mapping[str, str]] = {}
    fields = [column for one in parts.spec.fields for column in roles(one).values()]
    for code, name in enumerate(parts.sent.sources):
        declared = dict(parts.spec.sources[name].columns) if name in parts.spec.sources else {}
        here = np.flatnonzero(parts.sent.source == code)
        for column in fields:
            raw = parts.sent.raw.get(column)
            if column not in declared.values() and raw is not None and _holds_any(raw, here):
                declared[column] = column
        out[name] = declared
    return out


def _holds_any(column: object, rows: np.ndarray[tuple[int], np.dtype[np.signedinteger]]) -> bool:
    return bool((column.take(rows).codes >= 0).any())  # type: ignore[attr-defined]  # a Column


def _described(owner: Field, column: str, filled: set[str]) -> tuple[str, Mapping[str, str]] | None:
    """Kind and parts of what a field column takes; None where nothing may be written."""
    role = next(role for role, name in roles(owner).items() if name == column)
    if isinstance(owner, IdentifierField):
        kind = owner.definition
        if not kind.is_person or kind.normalizer == "hash":
            return None
        return (kind.normalizer if kind.normalizer in ("email", "phone") else "identifier"), {}
    if isinstance(owner, PersonName):
        if role == "full":
            named = {part: getattr(owner, part) or usual for part, usual in NAME_PARTS.items()}
            return "whole name", {part: name for part, name in named.items() if name in filled}
        return "name", {}
    if isinstance(owner, Address):
        if role == "full":
            named = {part: getattr(owner, part) or part for part in ADDRESS_PARTS}
            return "whole address", {part: name for part, name in named.items() if name in filled}
        return {"street": "street", "city": "city", "region": "category", "country": "category"}.get(role, "text"), {}
    if isinstance(owner, Date):
        return ("date", {}) if role == "date" else ("date part", {})
    if isinstance(owner, Category):
        return "category", {}
    if isinstance(owner, Attribute):
        return "attribute", {}
    return ("text", {}) if isinstance(owner, Company | Text) else None
