"""One customer's journey as data and as text."""

from oracle.shopper import found


def test_the_journey_says_what_is_open_and_what_it_came_to() -> None:
    journey = found().journey(("crm", "1"))
    assert [event["channel"] for event in journey.events][:2] == ["app", "app"]
    assert [event["session_number"] for event in journey.events] == [1, 1, 1, 2, 3, 4, 5, 6, 7]
    (basket,) = journey.open_baskets
    assert (basket["basket"], basket["items"], basket["contents"], basket["amount"]) == ("B1", 1, ["pan"], 40.0)
    assert [case["case"] for case in journey.open_cases] == ["C9"]
    (life,) = journey.lifetime
    assert (life["orders"], life["gross"], life["returned"], life["revenue"]) == (1, 99.0, 9.0, 90.0)
    assert [(one["account"], one["balance"]) for one in journey.balances] == [("29400000001", 80.0)]
    assert journey.activity["preferred_channel"] == "email"
    assert journey.activity["preferred_reason"] == "1 event of theirs, on 2024-05-02; answered 1 of 1 messages"
    told = str(journey)
    assert "open basket B1 since 2024-05-01 10:00: pan, 40.00" in told
    assert "prefers email" in told
    assert journey.to_dict()["events"][0]["time"] == "2024-05-01T10:00:00Z"
