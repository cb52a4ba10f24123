"""From guesses about columns to a spec."""

from collections.abc import Mapping, Sequence
from typing import Any

from omniid.declarations import Guess, Source
from omniid.fields import Address, Attribute, Category, Company, Date, Email, Field, Identifier, PersonName, Phone, Timestamp
from omniid.frames import Inputs, read_inputs
from omniid.inference.guess import guess_columns
from omniid.inference.region import guess_region
from omniid.inference.statements import STATEMENTS, statement_field
from omniid.spec import Spec
from omniid.statement_fields import contact_columns

__all__ = ["infer_spec", "spec_from_inputs"]

NAME_ROLES = {
    "first_name": "first",
    "last_name": "last",
    "middle_name": "middle",
    "name_suffix": "suffix",
    "title": "title",
    "full_name": "full",
}
DATE_ROLES = {"birth_year": "year", "birth_month": "month", "birth_day": "day"}
ADDRESS_ROLES = {
    "street": "street",
    "city": "city",
    "postcode": "postcode",
    "house_number": "house_number",
    "unit": "unit",
    "region": "region",
    "country": "country",
    "address": "full",
}
CATEGORIES = {"gender", "category"}
EVENT_TIME = "updated_at"


def infer_spec(data: Any) -> Spec:
    """Guess a spec from the names and values of all columns, with a reason beside each guess.

    Parameters
    ----------
    data
        One frame, one path, or a mapping source → frame or path.

    Returns
    -------
    Spec
        An ordinary spec: print it, edit it, save it, run it. No identifier is guessed to be unique.

    Raises
    ------
    InputError
        If the data can't be read.

    Examples
    --------
    >>> spec = infer_spec([{"id": "1", "e-mail": "a@b.com", "city": "Omsk"}, {"id": "2", "e-mail": "c@d.com", "city": "Perm"}])
    >>> spec.fields
    (Email(column='email'), Address(street=None, city='city', postcode=None, ...))
    """
    return spec_from_inputs(read_inputs(data))


def spec_from_inputs(inputs: Inputs, guessed: Mapping[str, Sequence[Guess]] | None = None) -> Spec:
    """Guess a spec for inputs that were read already; `guessed` holds the guesses for sources that were looked at before."""
    guesses: list[Guess] = []
    sources: dict[str, Source] = {}
    for frame in inputs.frames:
        known = (guessed or {}).get(frame.name)
        mine = _settled(guess_columns(frame.name, frame.table) if known is None else known, guesses)
        guesses += mine
        region, reason = guess_region(frame.table, mine)
        if region is not None:
            guesses.append(Guess(frame.name, "(all)", None, f"region {region}", reason))
        columns = {one.column: one.field for one in mine if one.field is not None}
        sources[frame.name] = Source(region=region, columns=columns)
    return Spec(sources=sources, fields=_fields(guesses), guesses=guesses)


def _settled(mine: Sequence[Guess], others: Sequence[Guess]) -> list[Guess]:
    """One event time for all sources, and one kind per field: what an earlier source said of a field stands."""
    kinds = {one.field: one.kind for one in others if one.field is not None}
    out = []
    for one in mine:
        field = EVENT_TIME if one.kind == "time" else one.field
        kind = one.kind
        if field in kinds and kinds[field] != kind:
            reason = f"{one.reason}; another source's {field} is a {kinds[field]}, so this column stands beside it"
            field, kind = f"{one.source}_{field}", "attribute"
            out.append(Guess(one.source, one.column, field, kind, reason))
        else:
            out.append(Guess(one.source, one.column, field, kind, one.reason))
    return out


def _fields(guesses: Sequence[Guess]) -> list[Field]:
    """The fields that the guessed columns make up, evidence first and in an order of its own, whatever that of the columns."""
    as_sent = {one.field: one.kind for one in guesses if one.field is not None}
    kinds = dict(sorted(as_sent.items()))
    found: list[Field] = [Email(field) for field, kind in kinds.items() if kind == "email"]
    found += [Phone(field) for field, kind in kinds.items() if kind == "phone"]
    found += _names(kinds)
    found += _birth(kinds)
    if used := _used(kinds, ADDRESS_ROLES):
        found.append(Address(**used))
    known = {
        *STATEMENTS,
        "email",
        "phone",
        "birth_date",
        "time",
        "attribute",
        "company",
        *CATEGORIES,
        *NAME_ROLES,
        *DATE_ROLES,
        *ADDRESS_ROLES,
    }
    found += [Identifier(field, kind=kind) for field, kind in kinds.items() if kind not in known]
    found += [Category(field) for field, kind in kinds.items() if kind in CATEGORIES]
    found += [Company(field) for field, kind in kinds.items() if kind == "company"]
    found += [Timestamp(field) for field, kind in as_sent.items() if kind == "time"]
    found += [Attribute(field) for field, kind in as_sent.items() if kind == "attribute"]
    contacts = list(contact_columns(found))
    told = {field: statement_field(kind, field, contacts) for field, kind in as_sent.items() if kind in STATEMENTS}
    return [*found, *(one if one is not None else Attribute(field) for field, one in told.items())]


def _names(kinds: Mapping[str, str]) -> list[Field]:
    used = _used(kinds, NAME_ROLES)
    extra: list[Field] = [
        PersonName(first=None, last=field) for field, kind in kinds.items() if kind == "last_name" and field != "last_name"
    ]
    if not used:
        return extra
    whole = {"first": "first_name", "last": "last_name"} if "full" in used else {"first": None, "last": None}
    return [PersonName(**{**whole, **used}), *extra]


def _birth(kinds: Mapping[str, str]) -> list[Field]:
    used = _used(kinds, DATE_ROLES)
    if "birth_date" in kinds or "year" in used:
        return [Date("birth_date", **used)]
    return []


def _used(kinds: Mapping[str, str], roles: Mapping[str, str]) -> dict[str, str]:
    """Role → field, for the roles whose field was guessed under its canonical name."""
    return {roles[field]: field for field, kind in kinds.items() if roles.get(kind) == roles.get(field) and field in roles}
