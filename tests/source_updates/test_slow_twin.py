"""The plan is what one finds cell by cell, with plain dicts: golden value, own value, authority."""

from typing import Any

import pytest

import omniid
from omniid import Attribute, Category, Email, PersonName, Source, Spec
from omniid.normalization import normalize_category, normalize_email, normalize_name

SOURCES = ("crm", "shop", "web")
FIELDS = {"email": normalize_email, "first_name": normalize_name, "last_name": normalize_name, "gender": normalize_category}
PERMISSIONS: tuple[dict[str, Any], ...] = (
    {"accepts": {"first_name": ["web"], "gender": ["crm", "shop"]}, "fills": "*"},
    {"accepts": "*", "owns": ["last_name"]},
    {"fills": {"email": ["crm"], "last_name": ["crm", "web"]}},
)


def data() -> dict[str, list[dict[str, Any]]]:
    names = [
        ("Ann", "Lee", "f"),
        ("Anne", "Lee", "female"),
        ("Bob", "Ray", None),
        ("Bob", None, "m"),
        (None, "Ray-Moss", "male"),
    ]
    out: dict[str, list[dict[str, Any]]] = {name: [] for name in SOURCES}
    for number in range(60):
        first, last, gender = names[number * 7 % 5]
        email = f"person{number % 20}@example.com" if number % 4 else None
        row = {
            "id": str(number),
            "email": email,
            "first_name": first,
            "last_name": last,
            "gender": gender,
            "login": str(number % 20),
        }
        out[SOURCES[number % 3]].append(row)
    return out


@pytest.mark.parametrize("shift", range(3))
def test_a_plan_is_what_one_finds_cell_by_cell(shift: int) -> None:
    given = {name: PERMISSIONS[(i + shift) % 3] for i, name in enumerate(SOURCES)}
    fields = [Email(), PersonName(), Category("gender"), omniid.Identifier("login", kind="login"), Attribute("id")]
    spec = Spec(fields=fields, sources={name: Source(**part) for name, part in given.items()}, link_at=0.0, review_at=0.0)
    rows = data()
    found = omniid.resolve(rows, spec)
    entity = {(row["source"], row["record_id"]): row["entity_id"] for row in found.crosswalk}
    golden: dict[tuple[str, str], dict[str, Any]] = {}
    for row in found.provenance:
        if row["survived"]:
            golden.setdefault((row["entity_id"], row["field"]), row)
    holders: dict[str, set[str]] = {}
    for source, records in rows.items():
        for one in records:
            if one["email"]:
                holders.setdefault(one["email"], set()).add(entity[source, one["id"]])
    expected = set()
    for source, records in rows.items():
        for one in records:
            for field, read in FIELDS.items():
                gold = golden.get((entity[source, one["id"]], field))
                own = one[field]
                if gold is None or (own is not None and read(own).value == read(gold["value"]).value):
                    continue
                if may_write(given[source], field, gold["source"], own is None) and (
                    field != "email" or len(holders[gold["value"]]) == 1
                ):
                    expected.add((source, one["id"], field, own, "fill" if own is None else "correct", gold["record_id"]))
    plan = found.write_back(fields=sorted(FIELDS))
    made = {(u["source"], u["record_id"], u["field"], u["old"], u["action"], u["from_record_id"]) for u in plan.updates}
    assert made == expected
    assert len(expected) > 5


def may_write(given: dict[str, Any], field: str, origin: str, is_empty: bool) -> bool:
    """Whether a source takes a value, by what it declares."""
    if field in given.get("owns", ()):
        return False
    for part in ("accepts", "fills") if is_empty else ("accepts",):
        permission = given.get(part, ())
        if permission == "*" or (field in permission and (not isinstance(permission, dict) or origin in permission[field])):
            return True
    return False
