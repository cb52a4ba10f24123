"""Scene I whole: five channel files and an event table; one profile, found by phone, and the whole journey in order."""

from pathlib import Path

import pytest

import omniid
from omniid import datasets
from omniid.cli import main

CHANNELS = ("app", "messenger", "call_centre", "web", "shop")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("scene")
    datasets.write(datasets.demo(), place)
    return place


def test_scene_i(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {name: folder / f"{name}.csv" for name in CHANNELS}
    found = omniid.resolve(files, events=folder / "events.csv")
    ewa = found.entity_of(("shop", "ewa-shop"))
    assert {found.entity_of((name, record)) for name, record in HER_RECORDS} == {ewa}
    profile = found.profiles.set_index("entity_id").loc[ewa]
    assert set(CHANNELS) <= set(profile["sources"])
    journey = found.journey(("shop", "ewa-shop"))
    told = [(event["channel"], event["type"]) for event in journey.events]
    assert told == [
        *(("app", kind) for kind in ("page_view", "page_view", "add_to_cart", "login")),
        *(("messenger", kind) for kind in ("question", "agent_reply", "message")),
        *(("call_centre", kind) for kind in ("call", "case_opened")),
        *(("web", kind) for kind in ("page_view", "purchase")),
        *(("shop", kind) for kind in ("pickup", "sale")),
        ("loyalty", "points_earned"),
        *(("app", "add_to_cart"),) * 2,
        ("email", "newsletter_sent"),
    ]
    assert [event["session_number"] for event in journey.events[:4]] == [1] * 4  # anonymous clicks and the login are one visit
    assert [(one["basket"], one["contents"]) for one in journey.open_baskets] == [("K-503", ["coffee beans 1 kg", "descaler"])]
    assert [one["case"] for one in journey.open_cases] == ["S-88"]
    assert [(one["orders"], one["revenue"]) for one in journey.lifetime] == [(1, 1899.0)]  # site and till tell one order
    found.save(folder / "result")
    assert main(["journey", str(folder / "result"), "shop:ewa-shop"]) == 0
    assert "open basket K-503 since 2024-05-07 07:05: coffee beans 1 kg, descaler, 218.00" in capsys.readouterr().out
    with omniid.open(":memory:", backend="rows") as people:  # at the till, in a live store that takes the sightings as records
        people.upsert(files)
        people.upsert({"events": found.sightings.drop(columns=["source", "first_seen", "events"])})
        people.fit()
        seen = people.lookup(phone="+48 605 717 828")
        assert seen.profile is not None
        assert set(CHANNELS) <= set(seen.profile["sources"])


HER_RECORDS = (
    ("app", "ewa-app"),
    ("messenger", "ewa-chat"),
    ("call_centre", "ewa-call"),
    ("web", "ewa-web"),
    ("shop", "ewa-shop"),
)
