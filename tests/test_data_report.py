"""The data quality of a result: a small case judged by hand, as people read it, saved, and from rows in any order."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import omniid
from omniid.data_report import TABLES, DataQuality
from omniid.errors import InputError


def people(n: int) -> list[tuple[str, str, str]]:
    """So many people with nothing in common: a name, an e-mail address, a phone number."""
    firsts = ["Anna", "Boris", "Celine", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Irina", "Jonas", "Kamila", "Laszlo"]
    lasts = ["Nowak", "Petrov", "Dubois", "Sokolov", "Rossi", "Haddad", "Weber", "Keller", "Orlova", "Berg", "Kim", "Toth"]
    return [(f"{firsts[i % 12]} {lasts[(i * 5 + i // 12) % 12]}", f"person{i}@mail.com", f"+4850110{i:02}17") for i in range(n)]


def channels() -> dict[str, list[dict[str, Any]]]:
    """A crm, a shop that can't read two phones and has one for twelve customers, and a web shop with old phone numbers."""
    everyone = people(24)
    crm = [
        {"id": f"c{i}", "name": name, "email": email, "phone": phone if i % 3 else None}
        | {"birth_date": f"19{60 + i}-04-1{i % 9}", "updated_at": "2024-03-01"}
        for i, (name, email, phone) in enumerate(everyone)
    ]
    crm.append({**crm[4], "id": "c99", "updated_at": "2024-03-02"})
    shop = [
        {"id": f"s{i}", "name": name, "email": email, "updated_at": "2024-02-01"}
        | {"phone": "12" if i in (3, 4) else "999999999" if i == 6 else "+48222190101"}
        for i, (name, email, _) in enumerate(everyone[:15])
    ]
    web = [
        {"id": f"w{i}", "email": email, "phone": f"+4850210{i:02}33" if i < 4 else None, "updated_at": "2023-03-02"}
        for i, (_, email, _) in enumerate(everyone[:8])
    ]
    return {"crm": crm, "shop": shop, "web": web}


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    return omniid.resolve(channels())


@pytest.fixture(scope="module")
def quality(found: omniid.Resolution) -> DataQuality:
    return found.data_quality()


def test_what_to_fix_first_is_what_a_person_finds(quality: DataQuality) -> None:
    assert quality.measures.members.is_person.sum() == 24
    told = {(row["source"], row["field"], row["problem"]): row for row in quality.issues}
    assert {key: (row["people"], row["affected"], row["records"]) for key, row in told.items()} == {
        ("shop", "phone", "shared"): (2, 12, 12),  # 9 and 12 gave no other; 0 gave one to the web shop
        ("web", "phone", "stale"): (2, 2, 2),
        ("shop", "phone", "unreadable"): (0, 2, 2),
        ("shop", "phone", "placeholder"): (1, 1, 1),
        ("crm", None, "duplicates"): (1, 1, 2),
    }
    assert [row["rank"] for row in quality.issues] == list(range(1, 6))
    shared = "1 value stands for 12 people (e.g. '+48222190101' for 12): 2 people have no other phone number"
    assert quality.issues[0]["what"] == shared
    unreadable = told["shop", "phone", "unreadable"]
    most = "2 of 15 values can't be read, most often 'too few digits for a phone number' (e.g. '12'): 0 people have no other"
    assert unreadable["what"] == f"{most} phone number"
    assert unreadable["example"] == "12"


def test_it_reads_well(quality: DataQuality) -> None:
    told = str(quality).splitlines()
    assert told[0] == "data quality of 48 records of 24 people; ages count from 2024-03-02"
    assert told[2:5] == [
        "fix first    people who would gain",
        f" 1         2  shop.phone: {quality.issues[0]['what']}",
        "              Find out who types it in for others, and leave the field empty there.",
    ]
    assert "phone          92     0      10               68   100   50" in told
    assert "birth_date     100    ·      0                100  ·     ·" in told
    assert repr(quality) == "DataQuality(48 records, 5 problems)"


def test_without_examples_no_value_is_shown(found: omniid.Resolution, quality: DataQuality) -> None:
    silent = found.data_quality(examples=False)
    told = str(silent) + json.dumps(silent.to_dict())
    for value in ("48222190101", "999999999", "'12'", "c99", "@mail.com"):
        assert value not in told
    assert [row["people"] for row in silent.issues] == [row["people"] for row in quality.issues]


def test_ages_count_from_the_moment_that_is_given(found: omniid.Resolution, quality: DataQuality) -> None:
    (web,) = [row for row in quality.fields if (row["source"], row["field"]) == ("web", "email")]
    assert (web["age_days"], web["dated"], web["stale"]) == (366.0, 8, 0)
    later = [found.data_quality(when) for when in ("2025-03-02", dt.datetime(2025, 3, 2, tzinfo=dt.UTC), dt.date(2025, 3, 2))]
    assert {row["age_days"] for one in later for row in one.fields if row["source"] == "web" and row["dated"]} == {731.0}
    with pytest.raises(InputError, match="as_of is 'soon', which is no moment"):
        found.data_quality("soon")


def test_the_order_of_rows_and_a_saved_result_change_nothing(
    found: omniid.Resolution, quality: DataQuality, tmp_path: Path
) -> None:
    turned = omniid.resolve({name: rows[::-1] for name, rows in reversed(channels().items())})
    found.save(tmp_path / "result")
    again = omniid.load(tmp_path / "result")
    expected = quality.to_dict()
    for one in (turned, again):
        got = one.data_quality().to_dict()
        assert {name: rows for name, rows in got.items() if name != "fields"} == {
            name: rows for name, rows in expected.items() if name != "fields"
        }
        assert _by_field(got["fields"]) == _by_field(expected["fields"])  # fields stand in the order of the columns


def test_a_live_store_tells_the_same(found: omniid.Resolution) -> None:
    spec = found.spec.replace(incremental=True)
    with omniid.open(":memory:", spec, model=omniid.resolve(channels(), spec).model) as resolver:
        for name, rows in channels().items():
            resolver.upsert(rows, source=name)
        live = resolver.resolution().data_quality().to_dict()
    assert live == omniid.resolve(channels(), spec).data_quality().to_dict()


def _by_field(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["source"], row["field"]))


def test_tables_are_written_and_named(quality: DataQuality, tmp_path: Path) -> None:
    quality.save(tmp_path)
    for name in TABLES:
        assert pq.read_table(tmp_path / f"{name}.parquet").num_rows == quality.table(name).num_rows
    with pytest.raises(InputError, match=r"no table 'isues'.*did you mean 'issues'"):
        quality.table("isues")


def test_whatsapp_numbers_fill_the_gap_and_nothing_said_is_not_filled() -> None:
    rows = [
        {"id": "1", "name": "Ann Lee", "phone": "12", "whatsapp": "+48501100017"},
        {"id": "2", "name": "Bo Diaz", "phone": "12", "whatsapp": None},
        {"id": "3", "name": "n/a", "phone": "n/a", "whatsapp": None},
        {"id": "4", "name": "Cy Wu", "email": "a1b2c3@privaterelay.appleid.com"},
    ]
    fields = [omniid.PersonName(full="name"), omniid.Phone(), omniid.Email(), omniid.Identifier("whatsapp", kind="whatsapp")]
    quality = omniid.resolve(rows, omniid.Spec(fields=fields)).data_quality()
    (unread,) = [row for row in quality.issues if row["problem"] == "unreadable"]
    assert (unread["records"], unread["people"]) == (2, 1)
    filled = {row["field"]: (row["filled"], row["valid"]) for row in quality.fields}
    assert filled["phone"] == (2, 0)
    assert filled["name"] == (3, 3)
    assert filled["email"] == filled["masked_email"] == (1, 1)


def test_a_number_without_its_country_and_a_date_without_its_day_are_incomplete() -> None:
    rows = [
        {"id": "1", "name": "Ann Lee", "phone": "501 234 567", "birth_date": "1971"},
        {"id": "2", "name": "Bo Diaz", "phone": "+48501234568", "birth_date": "1980-02-03"},
        {"id": "3", "name": "Bo Diaz", "phone": "+48501234568", "birth_date": "1980"},
    ]
    fields = [omniid.PersonName(full="name"), omniid.Phone(), omniid.Date()]
    quality = omniid.resolve(rows, omniid.Spec(fields=fields)).data_quality()
    told = {
        row["field"]: (row["problem"], row["people"], row["affected"], row["advice"]) for row in quality.issues if row["field"]
    }
    assert told["phone"] == ("incomplete", 1, 1, "Declare the region that its national numbers are of: Source(region=...).")
    assert told["birth_date"][:3] == ("incomplete", 1, 2)  # Bo's day stands in another record
    assert not [row for row in quality.issues if row["problem"] == "unreachable"]  # a national number reaches somebody
