"""Write-back plans of small worlds: authority, manners of sources, refusals, frames and files."""

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import omniid
from omniid import Address, Attribute, Category, Date, Email, Identifier, InputError, PersonName, Phone, Source, Spec, SpecError
from omniid.fields import Consent, Verified
from omniid.frames import plain_table
from omniid.source_updates import without_written

Rows = list[dict[str, Any]]
CRM: Rows = [
    {"id": "7", "mail": "ann@x.com", "tel": None, "name": "Lee, Ann", "born": "03.05.1980", "town": "YORK", "sex": "F"},
    {"id": "8", "mail": None, "tel": "501-234-567", "name": "Ray, Bob", "born": "24.06.1971", "town": "LEEDS", "sex": "M"},
]
WEB: Rows = [
    {"id": "1", "email": "ann@x.com", "phone": "+48501234568", "full_name": "Ann Lee-Moss", "city": "Hull", "gender": "female"},
    {"id": "2", "email": "bob@x.com", "phone": "501 234 567", "full_name": "Bob Ray", "city": None, "gender": None},
]
DATA = {"crm": CRM, "web": WEB}
COLUMNS = {"mail": "email", "tel": "phone", "name": "full_name", "born": "birth_date", "town": "city", "sex": "gender"}
FIELDS = [Email("email"), Phone("phone"), PersonName(full="full_name"), Date(), Address(city="city"), Category("gender")]


def made(crm: dict[str, Any], web: dict[str, Any], data: Any = None, **more: Any) -> omniid.Resolution:
    sources = {"crm": Source(region="PL", columns=COLUMNS, **crm), "web": Source(region="PL", **web)}
    given = {"fields": FIELDS, "survivorship": {"*": ["source_priority(web, crm)"]}, **more}
    return omniid.resolve(DATA if data is None else data, Spec(sources=sources, **given))


def told(plan: Any) -> dict[tuple[str, str, str], tuple[str | None, str | None, str]]:
    return {(u["source"], u["record_id"], u["column"]): (u["old"], u["new"], u["action"]) for u in plan.updates}


def refused(plan: Any) -> dict[tuple[str, str], list[tuple[str, int]]]:
    out: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for row in plan.refused:
        out.setdefault((row["source"], row["column"]), []).append((row["reason"], row["cells"]))
    return out


def test_nothing_is_written_that_no_source_takes() -> None:
    plan = made({}, {}).write_back()
    assert len(plan) == 0
    assert {reason for found in refused(plan).values() for reason, _ in found} == {"the source takes no values of this field"}
    assert str(plan).startswith("write back 0 fields of 0 records; 6 refused")


def test_each_source_is_told_in_its_own_manner() -> None:
    plan = made({"accepts": "*"}, {"accepts": "*"}).write_back()
    assert told(plan) == {
        ("crm", "7", "tel"): (None, "501-234-568", "fill"),  # national, with its dashes
        ("crm", "7", "name"): ("Lee, Ann", "Lee-Moss, Ann", "correct"),  # last name first
        ("crm", "7", "town"): ("YORK", "HULL", "correct"),  # capitals
        ("crm", "8", "mail"): (None, "bob@x.com", "fill"),
        ("web", "2", "city"): (None, "LEEDS", "fill"),
        ("web", "2", "gender"): (None, "M", "fill"),
    }
    assert [row["from_record_id"] for row in plan.updates] == ["1", "1", "1", "2", "8", "8"]
    assert plan.refused == []


def test_dates_are_written_as_the_source_does_and_iso_where_it_shows_none() -> None:
    web = [{**WEB[0], "birth_date": None}, {**WEB[1], "birth_date": "1971-06-24"}]
    crm = [CRM[0], {**CRM[1], "born": None}]
    plan = made({"fills": ["birth_date"]}, {"fills": ["birth_date"]}, {"crm": crm, "web": web}).write_back()
    assert {key: new for key, (_, new, _) in told(plan).items()} == {
        ("crm", "8", "born"): "24.06.1971",
        ("web", "1", "birth_date"): "1980-05-03",
    }


def test_filling_alone_leaves_what_is_there() -> None:
    plan = made({"fills": "*", "owns": ["email"]}, {}).write_back(sources=["crm"])
    assert set(told(plan)) == {("crm", "7", "tel")}
    assert refused(plan) == {
        ("crm", "mail"): [("the source is the owner of this field", 1)],
        ("crm", "name"): [("only empty cells may be filled", 1)],
        ("crm", "town"): [("only empty cells may be filled", 1)],
    }


def test_values_come_from_where_the_source_takes_them() -> None:
    plan = made({"accepts": {"email": ["crm"], "phone": ["web"], "*": []}}, {}).write_back(sources=["crm"])
    assert set(told(plan)) == {("crm", "7", "tel")}
    assert refused(plan)["crm", "mail"] == [("the source takes no such value from where it comes", 1)]
    assert made({"accepts": "*"}, {}).write_back(fields=["email"]).updates[0]["column"] == "mail"


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"accepts": ["e-mail"]}, "which is no field"),
        ({"fills": {"email": ["shop"]}}, "which is no source"),
        ({"accepts": "email"}, "give a list of fields"),
        ({"accepts": {"email": "web"}}, "give a list of sources"),
        ({"owns": {"email": ["web"]}}, "give a list of fields"),
    ],
)
def test_a_declaration_of_what_is_not_there_is_refused(declared: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        made(declared, {})


def test_names_of_plan_parts_that_are_not_there_are_refused() -> None:
    found = made({}, {})
    for wrong in ({"sources": ["shop"]}, {"fields": ["mail"]}, {"fields": "email"}):
        with pytest.raises(InputError, match=r"choose from|give a list"):
            found.write_back(**wrong)


def test_what_several_people_use_is_not_spread_unless_a_source_takes_it() -> None:
    web = [*WEB, {"id": "3", "email": "cy@x.com", "phone": "+48501234568", "full_name": "Cy Moss", "city": None, "gender": "m"}]
    data = {"crm": CRM, "web": web}
    plan = made({"accepts": ["phone"]}, {}, data).write_back()
    assert refused(plan)["crm", "tel"] == [("several people use the value", 1)]
    plan = made({"accepts": ["phone"], "accepts_shared": ["phone"]}, {}, data).write_back()
    assert told(plan)["crm", "7", "tel"][1] == "501-234-568"


def test_what_a_record_says_of_its_value_is_not_moved_to_another() -> None:
    crm = [{**CRM[0], "mail": "ann@old.com", "ok": "yes", "tel": "501 234 568"}, {**CRM[1], "ok": None}]
    fields = [*FIELDS, Consent("ok", of="email", purpose="newsletter")]
    plan = made({"accepts": ["email"]}, {}, {"crm": crm, "web": WEB}, fields=fields).write_back()
    assert refused(plan)["crm", "mail"] == [("the record says something of the value that it has", 1)]
    assert set(told(plan)) == {("crm", "8", "mail")}


def test_values_that_nobody_verified_are_not_spread_where_sources_can_say_so() -> None:
    web = [{**WEB[0], "sure": "yes"}, {**WEB[1], "sure": "no"}]
    fields = [*FIELDS, Verified("sure", of="email")]
    crm = [{**CRM[0], "mail": None, "tel": "501 234 568"}, CRM[1]]
    plan = made({"accepts": ["email"]}, {}, {"crm": crm, "web": web}, fields=fields).write_back()
    assert set(told(plan)) == {("crm", "7", "mail")}
    assert refused(plan)["crm", "mail"] == [("nobody says that the value is verified", 1)]
    loose = {"accepts": ["email"], "accepts_unverified": ["email"]}
    assert len(made(loose, {}, {"crm": crm, "web": web}, fields=fields).write_back()) == 2


def test_devices_hashes_and_ids_are_never_written_and_visits_never_told_who_they_are() -> None:
    visit = {"id": "2", "email": None, "cookie": "c1", "crm_no": None}
    app = [{"id": "1", "email": "ann@x.com", "cookie": "c1", "crm_no": "17"}, visit]
    web = [{"id": "3", "email": "ann@x.com", "cookie": None, "crm_no": None}]
    fields = [Email("email"), Identifier("cookie", kind="cookie"), Identifier("crm_no", kind="crm_id")]
    sources = {"app": Source(accepts="*", fills=["crm_no"]), "web": Source(accepts=["crm_no"], fills="*")}
    found = omniid.resolve({"app": app, "web": web}, Spec(fields=fields, sources=sources))
    plan = found.write_back()
    assert set(told(plan)) == {("web", "3", "crm_no")}
    unnamed = found.spec.replace(sources={"app": Source(accepts="*"), "web": Source(accepts="*")})
    assert len(omniid.resolve({"app": app, "web": web}, unnamed).write_back(sources=["web"])) == 0  # named, or nothing
    assert {reason for found in refused(plan).values() for reason, _ in found} == {
        "the record names nobody: only a device ties it to the person"
    }


def test_cells_with_several_values_and_records_without_an_id_keep_what_they_have() -> None:
    web = [{"email": "ann@x.com", "phone": "+48501234568"}, {"email": "ann@x.com", "phone": None}]
    crm = [{"id": "7", "email": "ann@x.com", "phone": "+48602345678;+48703456789"}]
    sources = {"crm": Source(accepts="*", region="PL"), "web": Source(accepts="*")}
    spec = Spec(fields=[Email(), Phone()], sources=sources, survivorship={"*": ["source_priority(web, crm)"]})
    plan = omniid.resolve({"crm": crm, "web": web}, spec).write_back()
    assert len(plan) == 0
    assert refused(plan) == {
        ("crm", "phone"): [("the cell holds several values", 1)],
        ("web", "phone"): [("the source's records have no id of their own", 1)],
    }


def test_whole_names_whose_order_the_source_does_not_show_are_left() -> None:
    crm = [CRM[0], {**CRM[1], "name": "Bob Ray"}]
    plan = made({"accepts": ["full_name"]}, {}, {"crm": crm, "web": WEB}).write_back()
    assert refused(plan)["crm", "name"] == [("the order in which the source writes it can't be told", 1)]
    named = made({"accepts": ["first_name", "last_name"]}, {}).write_back()  # both parts speak for the whole
    assert told(named) == {("crm", "7", "name"): ("Lee, Ann", "Lee-Moss, Ann", "correct")}


def test_whole_addresses_are_composed_in_the_order_of_the_source() -> None:
    crm = [
        {"id": "7", "email": "ann@x.com", "where": "12 High Street, York, YO1 7EP"},
        {"id": "8", "email": "bob@x.com", "where": None},
    ]
    web = [{"id": "2", "email": "bob@x.com", "street": "3 Mill Lane", "city": "Leeds", "postcode": "LS1 4AB"}]
    fields = [Email(), Address("street", "city", "postcode", full="where")]
    sources = {"crm": Source(fills=["where"], region="GB"), "web": Source(region="GB")}
    plan = omniid.resolve({"crm": crm, "web": web}, Spec(fields=fields, sources=sources)).write_back()
    assert told(plan) == {("crm", "8", "where"): (None, "3 Mill Lane, Leeds, LS1 4AB", "fill")}


def test_saved_plans_are_ledgers_and_always_the_same_bytes(tmp_path: Path) -> None:
    found = made({"accepts": "*"}, {"accepts": "*"})
    plan = found.write_back()
    plan.save(tmp_path / "one")
    made({"accepts": "*"}, {"accepts": "*"}, {"web": WEB[::-1], "crm": CRM[::-1]}).write_back().save(tmp_path / "two")
    lines = (tmp_path / "one" / "updates.jsonl").read_bytes()
    assert lines == (tmp_path / "two" / "updates.jsonl").read_bytes()
    assert len(lines.splitlines()) == 3  # one per record
    after = plan.apply(DATA)
    for ledger in (plan, plan.updates, tmp_path / "one", tmp_path / "one" / "updates.jsonl", [plan, str(tmp_path / "one")]):
        assert without_written(after, ledger) == DATA
        assert len(found.write_back(applied=ledger)) == 0
    assert len(made({"accepts": "*"}, {"accepts": "*"}).write_back(applied=[])) == len(plan)
    again = omniid.resolve(after, found.spec, model=found.model, written=tmp_path / "one")
    again.save(tmp_path / "result")
    assert len(omniid.load(tmp_path / "result").write_back()) == 0
    found.save(tmp_path / "before")
    assert plain_table(omniid.load(tmp_path / "before").write_back().coded).equals(plain_table(plan.coded))


def test_what_was_written_is_not_taken_for_the_source_s_own() -> None:
    found = made({"accepts": "*"}, {"accepts": "*"})
    plan = found.write_back()
    read_as_own = omniid.resolve(plan.apply(DATA), found.spec, model=found.model)
    with pytest.raises(InputError, match="without_written"):
        read_as_own.write_back(applied=plan)


def test_a_cell_that_its_source_changed_since_is_its_own_again() -> None:
    found = made({"accepts": "*"}, {"accepts": "*"})
    plan = found.write_back()
    after = plan.apply(DATA)
    after["crm"][1]["mail"] = "bob@new.com"
    assert without_written(after, plan)["crm"][1]["mail"] == "bob@new.com"
    again = omniid.resolve(after, found.spec, model=found.model, written=plan).write_back()
    assert told(again) == {("crm", "8", "mail"): ("bob@new.com", "bob@x.com", "correct")}
    assert plan.apply(after) == after  # what no longer holds the old value stays as it is


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "one pandas", "files"])
def test_a_plan_is_carried_out_on_frames_of_every_kind(kind: str, tmp_path: Path) -> None:
    makers = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.Table.from_pylist, "one pandas": pd.DataFrame}
    if kind == "one pandas":
        shared = [{"source": s, **{COLUMNS.get(k, k): v for k, v in row.items()}} for s, rows in DATA.items() for row in rows]
        data: Any = pd.DataFrame(shared)
        sources = {name: Source(region="PL", accepts="*") for name in DATA}
        spec = Spec(fields=FIELDS, sources=sources, survivorship={"*": ["source_priority(web, crm)"]})
    else:
        if kind == "files":
            for name, rows in DATA.items():
                pd.DataFrame(rows).to_csv(tmp_path / f"{name}.csv", index=False)
            data = {name: tmp_path / f"{name}.csv" for name in DATA}
        else:
            data = {name: makers[kind](rows) for name, rows in DATA.items()}
        spec = made({"accepts": "*"}, {"accepts": "*"}).spec
    found = omniid.resolve(data, spec)
    plan = found.write_back()
    assert len(plan) >= 6
    after = plan.apply(data)
    if kind == "one pandas":
        assert list(after.columns) == list(data.columns)
        assert after["source"].tolist() == data["source"].tolist()
    else:
        wanted = pd.DataFrame if kind == "files" else type(data["crm"])
        assert all(isinstance(frame, wanted) for frame in after.values())
    again = omniid.resolve(after, spec, model=found.model, written=plan)
    assert len(again.write_back()) == 0
    assert again.table("profiles").equals(found.table("profiles"))


def test_an_address_that_relays_stays() -> None:
    shop = [{"id": "1", "email": "9e27315c21a84e@user.allegrogroup.pl", "phone": "+48501234568", "full_name": "Ann Lee-Moss"}]
    data = {"crm": CRM, "web": WEB, "shop": shop}
    sources = {"crm": Source(columns=COLUMNS), "web": Source(region="PL"), "shop": Source(accepts="*")}
    plan = omniid.resolve(data, Spec(fields=FIELDS, sources=sources)).write_back()
    assert refused(plan)["shop", "email"] == [("the cell holds what another party issued, such as a masked address", 1)]


def test_facts_of_a_record_are_written_only_where_they_are_named_and_totals_nowhere() -> None:
    other = {"id": "2", "email": "ann@x.com", "total": None, "note": None}
    shop = [{"id": "1", "email": "ann@x.com", "total": "10", "note": "vip"}, other]
    fields = [Email(), Attribute("total"), Attribute("note")]

    def columns(takes: Any, chains: dict[str, list[str]]) -> list[str]:
        spec = Spec(fields=fields, sources={"shop": Source(accepts=takes)}, survivorship=chains)
        return sorted(row["column"] for row in omniid.resolve({"shop": shop}, spec).write_back().updates)

    assert columns("*", {}) == []
    assert columns(["total", "note"], {}) == ["note", "total"]
    assert columns(["total", "note"], {"total": ["total"]}) == ["note"]


def test_no_name_is_pieced_together_of_records_that_contradict_one_another() -> None:
    """ "Lee Tom" and "Tom Lee": first name Lee and last name Lee are golden, and nobody is called so."""
    crm = [{"id": "8", "mail": "tom@x.com", "name": "Lee Tom"}, {"id": "9", "mail": "zed@x.com", "name": "Zed Moe"}]
    web = [{"id": "3", "email": "tom@x.com", "full_name": "Tom Lee"}]
    spec = Spec(
        fields=[Email("email"), PersonName(full="full_name")],
        sources={"crm": Source(columns={"mail": "email", "name": "full_name"}, accepts="*"), "web": Source(accepts="*")},
        survivorship={"first_name": ["source_priority(crm, web)"], "last_name": ["source_priority(web, crm)"]},
    )
    found = omniid.resolve({"crm": crm, "web": web}, spec)
    assert "Lee Lee" in {f"{row['first_name']} {row['last_name']}" for row in found.profiles}
    plan = found.write_back()
    assert len(plan) == 0
    assert refused(plan)["crm", "name"] == [("no record says the parts of the value together", 1)]


def test_parts_of_records_that_lack_the_other_are_put_together() -> None:
    crm = [{"id": "8", "mail": "tom@x.com", "name": None}, {"id": "9", "mail": "zed@x.com", "name": "Moe, Zed"}]
    web = [{"id": "3", "email": "tom@x.com", "first_name": "Tom"}]
    shop = [{"id": "4", "email": "tom@x.com", "last_name": "Lee"}]
    taking = Source(columns={"mail": "email", "name": "full_name"}, accepts="*")
    spec = Spec(fields=[Email("email"), PersonName(full="full_name")], sources={"crm": taking})
    plan = omniid.resolve({"crm": crm, "web": web, "shop": shop}, spec).write_back(sources=["crm"])
    assert told(plan) == {("crm", "8", "name"): (None, "Lee, Tom", "fill")}


def test_of_several_columns_the_first_of_the_table_is_filled_and_only_beside_nothing() -> None:
    crm = [
        {"id": "7", "email": None, "email2": None, "phone": "501234568"},
        {"id": "8", "email": "", "email2": "n/a", "phone": "501234569"},
    ]
    web = [{"id": "1", "email": "a@x.com", "phone": "+48501234568"}, {"id": "2", "email": "b@x.com", "phone": "+48501234569"}]
    spec = Spec(
        fields=[Email("email"), Phone("phone")],
        sources={"crm": Source(region="PL", columns={"email2": "email"}, accepts="*"), "web": Source()},
    )
    data = {"crm": crm, "web": web}
    plan = omniid.resolve(data, spec).write_back(sources=["crm"])
    assert told(plan) == {("crm", "7", "email"): (None, "a@x.com", "fill")}
    assert refused(plan)["crm", "email"] == [("several columns of the source feed this field", 1)]
    assert len(omniid.resolve(plan.apply(data), spec, written=plan).write_back(sources=["crm"])) == 0


def test_a_frame_without_a_name_is_refused_where_the_plan_is_for_others() -> None:
    plan = made({"accepts": "*"}, {}).write_back()
    with pytest.raises(InputError, match=r"has no name.*'records'; the plan is for crm: pass a dict such as \{'crm': frame\}"):
        plan.apply(CRM)
