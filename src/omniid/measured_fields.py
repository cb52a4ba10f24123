"""Which questions a data quality report asks of each field, read from the spec."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.data_quality import MeasuredField
from omniid.declarations import Field, roles
from omniid.fields import kind_of
from omniid.meeting import meeting_columns
from omniid.results import Parts
from omniid.spec import Spec
from omniid.tables import Codes, RecordTable
from omniid.tables.arrays import numpy_array

__all__ = ["classes_of", "fields_to_measure"]

WORDS = {
    "email": "e-mail address",
    "phone": "phone number",
    "birth_date": "birth date",
    "first_name": "first name",
    "last_name": "last name",
    "time": "event time",
}
ONE = ("birth_date",)  # names differ by nicknames and typing errors
WHOLE = {"phone": r"^\+", "birth_date": r"^\d{4}-\d{2}-\d{2}$"}  # a number with its country, a day
ADDRESS = ("street", "postcode", "city")  # the first that there is stands for the address when it is asked for its age


def fields_to_measure(spec: Spec, records: RecordTable) -> list[MeasuredField]:
    """Say what to measure: every column that a field reads or fills, in the order of the spec.

    Examples
    --------
    >>> from omniid.fields import Email, PersonName
    >>> table = RecordTable.of([{"record_id": "1", "email": "a@x.com", "first_name": "Ann"}])
    >>> [(one.name, one.is_contact, one.is_one) for one in fields_to_measure(Spec(fields=[PersonName(), Email()]), table)]
    [('first_name', False, False), ('email', True, False)]
    """
    meets = meeting_columns(spec.fields, spec.purpose)
    there = {*records.raw, *records.columns}
    found: dict[str, MeasuredField] = {}
    for field in spec.fields:
        for name, kind in _columns(field).items():
            if name in there and name not in found:
                found[name] = _measured(field, name, kind, meets)
    return list(found.values())


def _columns(field: Field) -> dict[str, str]:
    """Column → kind, those that are only split into others first."""
    filled = dict(field.columns())
    return {name: filled.get(name, "") for name in (*roles(field).values(), *filled)}


def _measured(field: Field, name: str, kind: str, meets: dict[str, str]) -> MeasuredField:
    """What to ask of one column."""
    own = kind_of(field)
    if own is not None and kind != "attribute":
        is_plain = own.normalizer != "hash"
        return MeasuredField(
            name,
            own.name,
            WORDS.get(kind, own.name.replace("_", " ")),
            fills=meets.get(name, "") if is_plain else "",
            makes=tuple(column for column in field.columns() if column != name),
            names_one=own.links,
            is_one=own.behavior == "unique",
            is_current=kind in ("email", "phone") and is_plain,
            is_contact=kind in ("email", "phone") and is_plain,
            whole=WHOLE.get(kind, "") if is_plain else "",
        )
    columns = field.columns()
    if not kind:  # a whole name, a whole address: what they fill is their last part
        whole = [column for column, of in columns.items() if of in ("last_name", "street", "birth_date")]
        word = WORDS.get(field.normalizer, name.replace("_", " "))
        return MeasuredField(
            name, field.normalizer, word, fills=whole[0] if whole else "", makes=tuple(columns), has_forms=False
        )
    first = next((column for part in ADDRESS for column, of in columns.items() if of == part), "")
    return MeasuredField(
        name,
        kind,
        WORDS.get(kind, name.replace("_", " ")),
        has_forms=kind != "time",
        is_one=kind in ONE,
        is_current=name == first,
        whole=WHOLE.get(kind, ""),
        is_day=kind == "birth_date",
    )


def classes_of(parts: Parts) -> dict[str, Codes]:
    """Field → the value class of each of its normal forms, of fields whose people are counted, here or where they meet."""
    meets = meeting_columns(parts.spec.fields, parts.spec.purpose)
    out = {}
    for name, column in parts.records.columns.items():
        anchor = meets.get(name, name)
        if (found := parts.classes.get(anchor)) is None:
            continue
        known: pa.LargeStringArray = parts.evidence.columns[anchor].vocabulary
        place = numpy_array(pc.index_in(column.vocabulary, value_set=known), null=-1)
        out[name] = np.append(found.classes, np.int8(0)).astype(np.int32)[place]
    return out
