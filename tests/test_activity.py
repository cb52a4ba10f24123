"""What follows from journeys, one row per entity or per thing."""

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
