"""Fields as plain data, as spec files write them.

::

    [[fields]]                          [[fields]]
    kind = "loyalty"                    kind = "person_name"
    columns = ["loyalty_id"]            columns = { first = "first_name", last = "last_name" }
"""

from collections.abc import Mapping
from typing import Any

from omniid.errors import SpecError
from omniid.fields import (
    Address,
    Attribute,
    Category,
    Company,
    Consent,
    Date,
    Email,
    Field,
    Identifier,
    PersonName,
    Phone,
    Text,
    Timestamp,
    Verified,
    roles,
)
from omniid.statement_fields import STATEMENT_KINDS, statement_from_dict, statement_to_dict

__all__ = ["field_from_dict", "field_to_dict"]

CLASSES: dict[str, Any] = {
    "address": Address,
    "attribute": Attribute,
    "category": Category,
    "company": Company,
    "date": Date,
    "email": Email,
    "person_name": PersonName,
    "phone": Phone,
    "text": Text,
    "time": Timestamp,
}

MORE = ("behavior", "purposes")  # what a file says of e-mail addresses, phones and identifiers beside kind and columns


def field_to_dict(field: Field) -> dict[str, Any]:
    """Return a field as plain data.

    Examples
    --------
    >>> field_to_dict(Identifier("loyalty_id", kind="loyalty"))
    {'kind': 'loyalty', 'columns': ['loyalty_id']}
    >>> field_to_dict(Email("mail"))
    {'kind': 'email', 'columns': ['mail']}
    """
    if isinstance(field, Email | Phone | Identifier):
        kind = field.kind if isinstance(field, Identifier) else field.normalizer
        more = {"behavior": field.behavior} if field.behavior else {}
        limited = {"purposes": list(field.purposes)} if field.purposes else {}
        return {"kind": kind, "columns": [field.column], **more, **limited}
    if isinstance(field, Verified | Consent):
        return statement_to_dict(field)
    used = roles(field)
    single = set(used) == {field.normalizer}
    return {"kind": field.normalizer, "columns": list(used.values()) if single else used}


def field_from_dict(data: Mapping[str, Any]) -> Field:
    """Make a field of plain data; a kind that is no field's name is an identifier's kind.

    Raises
    ------
    SpecError
        If a part is missing or unknown.

    Examples
    --------
    >>> field_from_dict({"kind": "loyalty", "columns": ["card"]})
    Identifier(column='card', kind='loyalty')
    """
    if isinstance(data, Mapping) and data.get("kind") in STATEMENT_KINDS:
        return statement_from_dict(data)
    if not isinstance(data, Mapping) or not {"kind", "columns"} <= set(data) <= {"kind", "columns", *MORE}:
        raise SpecError(
            f'field {data!r} must have kind and columns, for example kind = "email", columns = ["mail"]; '
            f"an identifier may have {' and '.join(MORE)}"
        )
    kind, columns = data["kind"], data["columns"]
    if isinstance(columns, str) or not columns:
        raise SpecError(f'field of kind {kind!r}: columns is {columns!r}; write a list such as columns = ["mail"]')
    make = CLASSES.get(kind, Identifier)
    more = {name: data[name] for name in MORE if name in data} | ({"kind": kind} if make is Identifier else {})
    if isinstance(more.get("purposes"), list):
        more["purposes"] = tuple(more["purposes"])
    try:
        if isinstance(columns, Mapping):
            own = "identifier" if make is Identifier else make.normalizer
            named = {"column" if role == own else role: column for role, column in columns.items()}
            absent = {"first": None, "last": None} if make is PersonName else {}
            made: Field = make(**(absent | named), **more)
        else:
            made = make(*columns, **more)
    except TypeError as error:
        raise SpecError(f"field of kind {kind!r} can't be made of columns {columns!r}: {error}") from error
    return made
