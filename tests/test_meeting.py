"""Kinds that meet are compared in one column; hashes stand for known values; other purposes are no evidence."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid import Email, Identifier, PersonName, Phone, Spec, SpecError
from omniid.comparison import compare_rows, library
from omniid.meeting import meet_columns, meeting_columns, without_lost_values
from omniid.normalization import normalize
from omniid.tables import FieldPlan, RecordTable

PHONES = [
    Identifier("wa", kind="whatsapp"),
    Phone("phone"),
    Identifier("vb", kind="viber"),
    Identifier("ph", kind="phone_hash"),
]


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def values(table: RecordTable, column: str) -> list[list[str | None]]:
    return [sorted(value for value in table.columns[column].entries_of(row) if value) for row in range(len(table))]


def table_of(*rows: dict[str, object]) -> RecordTable:
    raw = RecordTable.of([{"record_id": str(number), **row} for number, row in enumerate(rows)])
    kinds = {"email": "email", "wa": "phone", "phone": "phone", "vb": "phone", "ph": "hash", "em": "hash"}
    return normalize(raw, [FieldPlan(kind, {kind: name}) for name, kind in kinds.items() if name in raw.raw])


def test_which_columns_meet() -> None:
    assert meeting_columns(PHONES) == {"wa": "phone", "vb": "phone", "ph": "phone"}
    assert meeting_columns(PHONES[:1] + PHONES[2:]) == {"vb": "wa", "ph": "wa"}
    assert meeting_columns([PHONES[3], PHONES[2]]) == {"ph": "vb"}
    assert meeting_columns([Phone("a"), Phone("b"), PHONES[0]]) == {"wa": "a"}
    assert meeting_columns([Email(), Identifier("em", kind="email_hash"), *PHONES[:2]]) == {"em": "email", "wa": "phone"}


def test_what_behaves_otherwise_stays_apart() -> None:
    landline = Identifier("home", kind="landline")
    assert meeting_columns([Phone("phone"), landline]) == {}
    assert meeting_columns([Phone("phone"), Identifier("wa", kind="whatsapp", behavior="weak")]) == {}
    assert meeting_columns([Phone("phone", behavior="proxy"), PHONES[0]]) == {}


def test_messenger_numbers_are_phone_numbers() -> None:
    table = table_of({"phone": "+79162000001"}, {"wa": "79162000001@c.us"}, {"vb": "+7 916 200-00-01", "phone": "+48501234567"})
    met = meet_columns(table, PHONES)
    assert values(met, "phone") == [["+79162000001"], ["+79162000001"], ["+48501234567", "+79162000001"]]
    assert values(met, "wa") == [[], ["+79162000001"], []]
    assert met.display == table.display


def test_a_hash_stands_for_the_value_that_it_was_made_of() -> None:
    table = table_of(
        {"email": "Anna.K+shop@gmail.com", "phone": "+79162000001"},
        {"em": sha("annak@gmail.com").upper(), "ph": sha("+79162000001")},
        {"em": sha("anna.k+shop@gmail.com"), "ph": sha("79162000001")},
        {"em": sha("bob@example.com"), "ph": sha("+48501234567")},
        {"em": hashlib.md5(b"annak@gmail.com").hexdigest()},
    )
    met = meet_columns(table, [Email(), Identifier("em", kind="email_hash"), *PHONES])
    anna = ["annak@gmail.com"]
    assert values(met, "email") == [anna, anna, anna, [sha("bob@example.com")], anna]
    assert values(met, "phone")[:3] == [["+79162000001"]] * 3
    assert met.raw["em"].entries_of(1) == [sha("annak@gmail.com").upper()]


def test_two_hashes_of_one_shared_value_are_lost_with_it() -> None:
    fields = [Email(), Identifier("em", kind="email_hash")]
    mail = "office@example.com"
    md5 = hashlib.md5(mail.encode(), usedforsecurity=False).hexdigest()
    table = table_of({"email": mail}, {"em": sha(mail)}, {"em": md5}, {"em": sha("bob@example.com")})
    met = meet_columns(table, fields)
    column = met.columns["email"]
    codes = np.where(column.codes == column.vocabulary.to_pylist().index(mail), -1, column.codes).astype(np.int32)
    lost = replace(met, columns={**met.columns, "email": replace(column, codes=codes)})
    assert values(without_lost_values(lost, met, fields, None), "em") == [[], [], [], [sha("bob@example.com")]]


def test_the_hash_of_a_masked_address_is_no_evidence() -> None:
    masked = "x7k2p@privaterelay.appleid.com"
    table = table_of({"email": masked}, {"em": sha(masked)}, {"em": sha("bob@example.com")})
    met = meet_columns(table, [Email(), Identifier("em", kind="email_hash")])
    assert values(met, "email") == [[], [], [sha("bob@example.com")]]


@given(
    st.lists(st.fixed_dictionaries({}, optional={name: st.integers(0, 3) for name in ("phone", "wa", "vb", "ph")}), max_size=6)
)
def test_a_record_holds_all_its_numbers_once(rows: list[dict[str, int]]) -> None:
    number = {code: f"+4850123456{code}" for code in range(4)}
    table = table_of(
        *({name: sha(number[code]) if name == "ph" else number[code] for name, code in row.items()} for row in rows),
        {"phone": "+48501234560", "wa": "+48501234561", "vb": "+48501234562", "ph": sha("+48501234563")},
    )
    met = meet_columns(table, PHONES)
    plain = {number[code] for row in rows for name, code in row.items() if name != "ph"} | set(list(number.values())[:3])
    for row, expected in zip(values(met, "phone"), rows, strict=False):
        wanted = {
            number[code] if name != "ph" or number[code] in plain else sha(number[code]) for name, code in expected.items()
        }
        assert row == sorted(wanted)


def resolve(rows: list[dict[str, str]], fields: list, **options) -> omniid.Resolution:  # type: ignore[type-arg, no-untyped-def]
    return omniid.resolve([{"id": str(number), **row} for number, row in enumerate(rows)], Spec(fields=fields), **options)


PEOPLE = """Anna Kowalska, Boris Orlov, Carla Rossi, David Smith, Emma Weber, Farid Rezaei, Grace Okafor, Hiro Tanaka,
Ines Garcia, Jonas Lindqvist"""
NAMES = [dict(zip(("first_name", "last_name"), name.split(), strict=True)) for name in PEOPLE.split(",")]


def test_a_whatsapp_number_finds_the_phone_number_and_both_stay_on_the_profile() -> None:
    rows = [{**name, "phone": f"+4850123456{n}"} for n, name in enumerate(NAMES)]
    found = resolve([*rows, {"wa": "whatsapp:+48 501 234 563"}], [Phone(), Identifier("wa", kind="whatsapp"), PersonName()])
    profile = next(one for one in found.profiles if one["records"] == 2)
    assert (profile["phone"], profile["wa"], profile["first_name"]) == ("+48501234563", "+48501234563", "David")
    assert len(found.profiles) == 10


def test_a_limited_purpose_is_evidence_in_its_runs_only() -> None:
    rows = [{**name, "card": f"C-7{n}11"} for n, name in enumerate(NAMES)]
    fields = [
        PersonName(),
        Identifier("card", kind="loyalty", purposes=("fraud",)),
        Identifier("wa", kind="whatsapp", purposes=("ads",)),
    ]
    rows += [{"card": "C-7311", "wa": ""}]
    assert len(resolve(rows, fields).profiles) == 11
    found = resolve(rows, fields, purpose="fraud")
    assert len(found.profiles) == 10
    assert found.parts.spec.purpose == "fraud"
    assert [one["card"] for one in resolve(rows, fields).profiles].count("C-7311") == 2
    assert len(resolve(rows, fields, purpose="ads").profiles) == 11
    with pytest.raises(SpecError, match="the fields are limited to ads, fraud; did you mean 'fraud'"):
        resolve(rows, fields, purpose="frad")
    with pytest.raises(SpecError, match="no field is limited to a purpose"):
        omniid.resolve(rows, purpose="fraud")


def test_a_saved_result_opens_with_its_purpose(tmp_path) -> None:
    rows = [*({**name, "card": f"C-7{n}11"} for n, name in enumerate(NAMES)), {"card": "C-7311"}]
    found = resolve(rows, [PersonName(), Identifier("card", kind="loyalty", purposes=("fraud",))], purpose="fraud")
    found.save(tmp_path / "saved")
    assert omniid.load(tmp_path / "saved").table("crosswalk").equals(found.table("crosswalk"))


def test_a_unique_kind_keeps_two_documents_apart_and_forgives_a_slip() -> None:
    rows = [{**name, "email": f"mail{n}@example.com", "nid": f"8405171234{n}"} for n, name in enumerate(NAMES)]
    rows += [
        {**NAMES[0], "email": "mail0@example.com", "nid": "99999111119"},
        {**NAMES[1], "email": "mail1@example.com", "nid": "84051712347"},
    ]
    fields = [Email(), PersonName(), Identifier("nid", kind="national_id", behavior="unique")]
    found = resolve(rows, fields)
    assert sorted(one["records"] for one in found.profiles) == [1] * 10 + [2]
    assert {refusal.limit for refusal in found.parts.clustering.refusals} == {"unique(national_id)"}
    strong = [Email(), PersonName(), Identifier("nid", kind="national_id")]
    assert sorted(one["records"] for one in resolve(rows, strong).profiles) == [1] * 8 + [2, 2]


@given(st.text("abcd.", min_size=1, max_size=12).filter(str.isalpha), st.integers(0, 9))
def test_no_hash_is_a_near_miss_of_anything(local: str, digit: int) -> None:
    """Even where the hashed values are one edit apart: hashes agree or they don't."""
    address, other, number = f"{local}{digit}@example.com", f"{local}x@example.com", f"+4850123456{digit}"
    table = table_of(
        {"email": address, "phone": number},
        {"em": sha(other), "ph": sha("+48501234599")},
        {"em": sha(address.replace("example", "exemple")), "ph": sha("+48501234588")},
    )
    met = meet_columns(table, [Email(), Identifier("em", kind="email_hash"), *PHONES])
    left, right = np.array([0, 0, 1], np.int32), np.array([1, 2, 2], np.int32)
    levels = compare_rows(met, left, right, [library.email("email"), library.phone("phone")])
    assert levels.tolist() == [[0, 0]] * 3
