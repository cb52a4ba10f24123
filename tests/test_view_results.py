"""Views of a result: other columns and chains of the same profiles, saved and in a live store."""

from pathlib import Path

import pytest

import omniid
from omniid import InputError, View, pin
from omniid.fields import Attribute, Email
from omniid.spec import Spec

ROWS = [
    {"id": "1", "email": "ann@x.com", "street": "Mill Lane 3", "city": "Leeds", "plan": "gold"},
    {"id": "2", "email": "ann@x.com;ann@y.com", "street": "High St 12", "city": "York"},
    {"id": "3", "email": "ann@y.com", "street": "High St 12", "city": "York"},
]
SPEC = Spec(
    fields=[Email("email"), Attribute("street"), Attribute("city"), Attribute("plan")],
    survivorship={"street, city": ["most_frequent"], "email": ["union", "most_frequent"]},
    views={
        "marketing": View(fields=["plan", "email"], survivorship={"email": ["shortest"]}),
        "support": View(survivorship={"city": ["min"]}),
        "all": View(fields=["city"], survivorship={"*": ["max"]}),
    },
    incremental=True,
)


def test_a_view_has_its_columns_and_chains() -> None:
    found = omniid.resolve(ROWS, SPEC)
    (person,) = found.profiles
    assert (person["city"], person["emails"]) == ("York", ["ann@x.com", "ann@y.com"])
    (shown,) = found.view("marketing")
    assert list(shown) == ["entity_id", "entity_kind", "records", "sources", "plan", "email"]
    assert (shown["entity_id"], shown["email"], shown["plan"]) == (person["entity_id"], "ann@x.com", "gold")
    assert {row["field"] for row in found.view("marketing", provenance=True)} == {"plan", "email"}
    (support,) = found.view("support")
    assert (support["street"], support["city"], support["emails"]) == ("High St 12", "Leeds", person["emails"])
    assert found.view("all")[0]["city"] == "York"
    with pytest.raises(InputError, match=r"no view 'suport'; views are marketing, support, all.* 'support'"):
        found.view("suport")


def test_views_are_saved(tmp_path: Path) -> None:
    SPEC.save(tmp_path / "spec.toml")
    assert Spec.load(tmp_path / "spec.toml") == SPEC
    omniid.resolve(ROWS, SPEC).save(tmp_path / "out", format="csv")
    assert (tmp_path / "out" / "view_marketing.csv").read_text().splitlines()[0].endswith('"plan","email"')
    again = omniid.load(tmp_path / "out")
    assert again.table("view_support")["city"].to_pylist() == ["Leeds"]


def test_a_live_store_shows_views() -> None:
    with omniid.open(":memory:", spec=SPEC, backend="rows") as people:
        people.upsert(ROWS)
        people.fit()
        person = {"record": ("records", "1")}
        entity = people.get_profile(**person)["entity_id"]
        assert people.get_profile(**person, view="support")["city"] == "Leeds"
        assert people.get_profile(**person, view="marketing", as_of=people.cursor) == {
            "entity_id": entity,
            "entity_kind": "person",
            "records": 3,
            "sources": ["records"],
            "plan": "gold",
            "email": "ann@x.com",
        }
        people.pin(("records", "3"), "email")
        shown = people.get_profile(**person, view="marketing", provenance=True)
        assert shown["email"] == "ann@y.com"
        assert [row["field"] for row in shown["provenance"] if row["rule"] == "pinned"] == ["email"] * 4
        assert people.resolution().view("marketing")[0]["email"] == "ann@y.com"
        with pytest.raises(InputError, match="no view 'sales'"):
            people.get_profile(**person, view="sales")


def test_a_field_that_nobody_fills_is_an_empty_column() -> None:
    spec = SPEC.replace(views={"a": View(fields=["plan", "email"])})
    rows = [{"id": "1", "email": None, "street": "Mill Lane 3", "city": "Leeds", "plan": None}]
    (shown,) = omniid.resolve(rows, spec, decisions=[pin(("records", "1"), "plan")]).view("a")
    assert (shown["plan"], shown["email"], shown["emails"]) == (None, None, [])


def test_what_a_view_leaves_of_a_group_follows_the_group() -> None:
    rows = [
        {"id": "1", "email": "a@x.com", "street": "1 Elm", "city": "Rye", "zip": "1", "t": "2026-01-01"},
        {"id": "2", "email": "a@x.com", "street": "2 Oak", "city": "Ely", "zip": "2", "t": "2026-01-02"},
    ]
    fields = [omniid.Email(), *(omniid.Attribute(name) for name in ("street", "city", "zip")), omniid.Timestamp("t")]
    chains = {"street, city, zip": ["oldest"]}
    spec = omniid.Spec(fields=fields, survivorship=chains, views={"v": omniid.View(survivorship={"city": ["most_recent"]})})
    (shown,) = omniid.resolve(rows, spec).view("v")
    assert (shown["street"], shown["zip"], shown["city"]) == ("1 Elm", "1", "Ely")
