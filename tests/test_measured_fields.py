"""Which questions are asked of which field, as the spec declares it."""

from omniid import Address, Attribute, Date, Email, Identifier, PersonName, Phone, Spec, Timestamp
from omniid.measured_fields import fields_to_measure
from omniid.tables import RecordTable

FIELDS = [
    PersonName("first_name", "last_name", full="name"),
    Email("email"),
    Phone("phone"),
    Identifier("wa", kind="whatsapp"),
    Identifier("em", kind="email_hash"),
    Identifier("passport", kind="passport", behavior="unique"),
    Identifier("visitor", kind="cookie"),
    Date("birth_date"),
    Address(street=None, city="city", postcode="postcode"),
    Attribute("plan"),
    Timestamp("updated_at"),
]


def test_every_field_is_asked_what_makes_sense() -> None:
    names = ("name", "first_name", "email", "phone", "wa", "em", "passport", "visitor", "birth_date", "city", "postcode")
    row = {"record_id": "1"} | dict.fromkeys([*names, "plan", "updated_at"], "x")
    found = {one.name: one for one in fields_to_measure(Spec(fields=FIELDS), RecordTable.of([row]))}
    assert list(found)[:2] == ["first_name", "name"]
    assert {name for name, one in found.items() if one.names_one} == {"email", "phone", "wa", "em", "passport"}
    assert {name for name, one in found.items() if one.is_one} == {"passport", "birth_date"}
    assert {name for name, one in found.items() if one.is_current} == {"email", "phone", "wa", "postcode"}
    assert {name for name, one in found.items() if one.is_contact} == {"email", "phone", "wa"}
    assert {name: one.gap for name, one in found.items() if one.gap != name} == {"name": "last_name", "wa": "phone"}
    assert [name for name, one in found.items() if one.is_day] == ["birth_date"]
