"""Declarations compiled for data: limits, link rules, survivorship, columns."""

import numpy as np
import pytest

from omniid import Address, Attribute, Email, Identifier, PersonName, Phone, Source, Spec, at_most, block_on
from omniid.compilation import Plan, compile_plan, evidence_kinds, field_plans, separators_for, source_columns
from omniid.frames import read_inputs
from omniid.tables import Model, RecordTable

TABLE = RecordTable.of(
    [
        {"record_id": "1", "source": "crm", "email": "a@x.com", "passport": "P2", "old_passport": "P1", "note": "n"},
        {"record_id": "2", "source": "web", "email": "b@x.com", "passport": "P1", "old_passport": None, "note": None},
    ]
)
FIELDS = [Email(), Identifier("passport", kind="passport"), Identifier("old_passport", kind="passport"), Attribute("note")]


def compiled(spec: Spec, table: RecordTable = TABLE) -> Plan:
    return compile_plan(spec, table, evidence_kinds(spec, table), rules=spec.blocking)


def test_columns_hold_all_that_blocking_comparison_and_limits_read() -> None:
    plan = compiled(Spec(fields=FIELDS, blocking=[block_on("note")], limits=[at_most("note", 1)]))
    assert set(plan.columns) == {"email", "passport", "old_passport", "note"}


def test_evidence_is_what_is_filled_or_what_the_model_knew() -> None:
    spec = Spec(fields=[Email(), Phone(), Attribute("note")])
    assert evidence_kinds(spec, TABLE) == {"email": "email"}
    assert evidence_kinds(spec, TABLE, Model((), prior=0.1, columns=("phone",))) == {"phone": "phone"}
    assert evidence_kinds(spec, TABLE, Model((), prior=0.1)) == {"email": "email"}


def test_strong_identifiers_link_unless_names_contradict() -> None:
    table = RecordTable.of([{"record_id": "1", "email": "a@x.com", "first_name": "ann", "last_name": "lee", "cookie": "c"}])
    plan = compiled(Spec(fields=[Email(), PersonName(), Identifier("cookie", kind="cookie")]), table)
    assert [rule.name for rule in plan.link_rules] == ["same email"]
    assert set(plan.link_rules[0].unless) == {"first_name", "last_name"}


@pytest.mark.parametrize(
    ("field", "column", "rules"),
    [
        (Email(), "email", ["union", "most_recent", "most_frequent"]),
        (PersonName(), "first_name", ["most_frequent", "longest", "most_recent"]),
        (Attribute("note"), "note", ["most_recent", "most_frequent"]),
        (Address("street", "city"), "city", ["same_record_as(street)", "most_recent", "most_frequent"]),
        (Address(city="city"), "city", ["most_recent", "most_frequent"]),
    ],
)
def test_default_chains(field, column: str, rules: list[str]) -> None:
    table = RecordTable.of([{"record_id": "1"} | dict.fromkeys(field.columns(), "x")])
    assert [rule.name for rule in compiled(Spec(fields=[field]), table).survivorship.chain_of(column)] == rules


def test_a_declared_chain_for_all_replaces_the_defaults() -> None:
    plan = compiled(Spec(fields=FIELDS, survivorship={"*": ["longest"], "email": ["shortest"]}))
    assert {name: [rule.name for rule in chain] for name, chain in plan.survivorship.chains.items()} == {
        "*": ["longest"],
        "email": ["shortest"],
    }


def test_source_columns_feed_fields() -> None:
    inputs = read_inputs({"crm": [{"mail": "a@x.com", "email2": "b@x.com"}], "web": [{"email": "c@x.com", "junk": "1"}]})
    spec = Spec(fields=[Email()], sources={"crm": Source(columns={"mail": "email", "email2": "email"})})
    assert source_columns(spec, inputs) == {"crm": {"mail": "email", "email2": "email"}, "web": {"email": "email"}}


def test_fields_know_their_regions_and_separators() -> None:
    spec = Spec(fields=[Phone("tel"), Identifier("card"), PersonName()], sources={"crm": Source(region="PL"), "web": Source()})
    assert [plan.regions for plan in field_plans(spec)] == [{"crm": "PL"}] * 3
    assert separators_for(spec) == {"tel": ";|,", "card": ";|"}


def test_trust_is_passed_on() -> None:
    plan = compiled(Spec(fields=FIELDS, sources={"crm": Source(trust=90)}))
    assert plan.survivorship.trust == {"crm": 90}
    assert np.array_equal(plan.must, np.zeros((0, 2)))
