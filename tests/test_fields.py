"""Fields: the columns they fill, the comparisons they bring, and that every kind is normalised and written to files."""

import pytest

from omniid import Address, Attribute, Category, Company, Date, Email, Identifier, PersonName, Phone, SpecError, Text, Timestamp
from omniid.fields import FIELD_KINDS, kind_of, roles
from omniid.identifier_kinds import KINDS
from omniid.normalization import normalize
from omniid.spec_files import CLASSES
from omniid.statement_fields import STATEMENT_KINDS
from omniid.tables import FieldPlan, RecordTable

FIELDS = [
    (Email("mail"), {"mail": "email", "masked_mail": "attribute"}, ["mail"]),
    (Phone("mobile"), {"mobile": "phone"}, ["mobile"]),
    (PersonName(), {"first_name": "first_name", "last_name": "last_name"}, ["first_name", "last_name"]),
    (PersonName(first=None, last="surname"), {"surname": "last_name"}, ["surname"]),
    (PersonName(full="name"), {"first_name": "first_name", "last_name": "last_name"}, ["first_name", "last_name"]),
    (Date("born"), {"born": "birth_date"}, ["born"]),
    (Date("born", year="y", month="m", day="d"), {"born": "birth_date"}, ["born"]),
    (Address("street", "city", "zip"), {"street": "street", "city": "city", "zip": "postcode"}, ["street", "place"]),
    (Address(city="city"), {"city": "city"}, ["city"]),
    (Address(postcode="zip"), {"zip": "postcode"}, ["zip"]),
    (Address(full="address"), {"street": "street", "postcode": "postcode"}, ["street", "postcode"]),
    (Identifier("card", kind="loyalty"), {"card": "identifier"}, ["card"]),
    (Identifier("visitor", kind="cookie"), {"visitor": "device"}, ["visitor"]),
    (Identifier("wa", kind="whatsapp"), {"wa": "phone"}, ["wa"]),
    (Identifier("mail_hash", kind="email_hash"), {"mail_hash": "identifier"}, ["mail_hash"]),
    (Identifier("vk", kind="vk"), {"vk": "identifier"}, ["vk"]),
    (Identifier("home", kind="landline"), {"home": "phone"}, ["home"]),
    (Identifier("line", kind="proxy_phone"), {"line": "attribute"}, []),
    (Identifier("badge", kind="badge", behavior="weak"), {"badge": "identifier"}, ["badge"]),
    (Identifier("card", kind="loyalty", behavior="device"), {"card": "device"}, ["card"]),
    (Email("mail", behavior="proxy"), {"mail": "attribute", "masked_mail": "attribute"}, []),
    (Phone("desk", behavior="device"), {"desk": "device"}, ["desk"]),
    (Category("gender"), {"gender": "category"}, ["gender"]),
    (Text("occupation"), {"occupation": "text"}, ["occupation"]),
    (Company("company"), {"company": "company"}, ["company"]),
    (Attribute("newsletter"), {"newsletter": "attribute"}, []),
    (Timestamp("updated_at"), {"updated_at": "time"}, []),
]


@pytest.mark.parametrize(("field", "columns", "compared"), FIELDS, ids=lambda value: str(value)[:40])
def test_columns_and_comparisons(field, columns, compared) -> None:
    filled = field.columns()
    assert columns.items() <= filled.items()
    assert len({kind for kind in filled.values() if kind != "attribute"}) == len(
        [k for k in filled.values() if k != "attribute"]
    )
    names = [comparison.name for comparison in field.comparisons(columns)]
    assert len(names) == len(set(names)) == len(compared)
    for comparison in field.comparisons(columns):
        assert set(comparison.fields) <= set(columns)


@pytest.mark.parametrize(("field", "columns", "compared"), FIELDS, ids=lambda value: str(value)[:40])
def test_a_field_fills_only_the_columns_that_it_declares(field, columns, compared) -> None:
    row = {"record_id": "1"} | dict.fromkeys(roles(field).values(), "Anna Maria Lee jr")
    table = normalize(RecordTable.of([row]), [FieldPlan(field.normalizer, roles(field))])
    extra = set(table.display) - set(field.columns()) - set(roles(field).values())
    assert extra <= {"name_suffix"}  # what stands after a surname alone


def test_nothing_filled_brings_no_comparison_of_names_or_addresses() -> None:
    assert PersonName().comparisons({}) == ()
    assert Address("street", "city").comparisons({}) == ()


def test_every_kind_of_field_is_one_that_files_know() -> None:
    assert set(CLASSES) | STATEMENT_KINDS == FIELD_KINDS
    for kind in set(KINDS) - FIELD_KINDS:
        assert kind_of(Identifier("x", kind=kind)) == KINDS[kind]
    for kind in FIELD_KINDS:
        with pytest.raises(SpecError, match="which is a field; name another kind"):
            Identifier("x", kind=kind)


def test_a_unit_is_compared_for_itself_and_shared_by_those_who_live_there():
    filled = {"street": "street", "unit": "unit", "city": "city"}
    names = [one.name for one in Address("street", "city", unit="unit").comparisons(filled)]
    assert names == ["street", "unit", "city"]
    unit = Address("street", "city", unit="unit").comparisons(filled)[1]
    assert unit.traits.shared_by_relatives
    assert unit.silent_when == {}
    assert [one.name for one in Address("street", "city", unit="unit").comparisons({"street": "street"})] == ["street"]
