"""What follows from journeys, one row per entity or per thing."""

import omniid
from omniid import Consent, Email, PersonName, Spec
from oracle.shopper import found


def test_roll_ups_stand_beside_the_activity() -> None:
    (row,) = found().activity
    assert (row["spent"], row["last_app"].minute, row["first_item"]) == (99.0, 21, "mug")
    per = {(one["name"], one["channel"]): one["value"] for one in found().roll_ups}
    assert per["touches", "shop"] == 3.0
    assert per["spent", None] == 99.0


def test_every_entity_has_its_row_and_the_tables_agree() -> None:
    (row,) = found().activity
    assert (row["events"], row["sessions"], row["orders"], row["revenue"], row["balance"]) == (9, 7, 1, ["90.00"], 80.0)
    assert (row["first_type"], row["last_type"], row["channels"]) == (
        "add_to_cart",
        "points_redeemed",
        ["app", "email", "phone", "shop"],
    )
    channels = {one["channel"]: one for one in found().channels}
    assert sum(one["events"] for one in channels.values()) == row["events"]
    assert [name for name, one in channels.items() if one["is_preferred"]] == ["email"]
    assert (channels["email"]["messages"], channels["email"]["answered"]) == (1, 1)


def test_a_channel_that_consent_forbids_is_passed_over() -> None:
    crm = [{"id": "1", "email": "ann@example.com", "name": "Ann Lee", "news": "no"}]
    spec = Spec(fields=[Email("email"), PersonName(full="name"), Consent("news", of="email", purpose="newsletter")])
    kinds = (("email", "replied"), ("email", "replied"), ("shop", "visit"))
    events = [
        {"at": f"2024-05-0{day}", "channel": channel, "event": kind, "email": "ann@example.com"}
        for day, (channel, kind) in enumerate(kinds, 1)
    ]
    (row,) = omniid.resolve({"crm": crm}, spec, events=events).activity
    assert row["preferred_channel"] == "shop"
    assert row["preferred_reason"].endswith("email would come first, but may not be used to contact them")
