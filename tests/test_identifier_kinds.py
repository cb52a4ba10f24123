"""The catalogue of identifier kinds: the table that users are promised, and what an own kind must say."""

import pytest

from omniid import Email, Identifier, SpecError
from omniid.fields import kind_of
from omniid.identifier_kinds import BEHAVIORS, KINDS, Kind, kind_named, kind_ranks
from omniid.normalization.apply import ROLES

STRONG = [
    *(
        "crm_id",
        "login",
        "loyalty",
        "passport",
        "national_id",
        "email",
        "email_hash",
        "phone",
        "phone_hash",
        "whatsapp",
        "viber",
    ),
    *("telegram", "messenger", "facebook", "instagram", "vk", "marketplace_buyer"),
]
DEVICES = ["cookie", "analytics_client", "advertising_id", "push_token", "wearable", "kiosk"]


@pytest.mark.parametrize(
    ("behavior", "names"),
    [
        ("unique", []),
        ("strong", STRONG),
        ("weak", ["landline"]),
        ("device", DEVICES),
        ("proxy", ["masked_email", "proxy_phone", "call_center_line"]),
    ],
)
def test_kinds_behave_as_promised(behavior: str, names: list[str]) -> None:
    assert all(KINDS[name].behavior == behavior for name in names)
    if behavior == "unique":
        assert not any(kind.behavior == "unique" for kind in KINDS.values())


def test_every_kind_has_a_normaliser_and_a_place_of_its_own() -> None:
    assert {kind.normalizer for kind in KINDS.values()} <= set(ROLES)
    places = [kind.priority for kind in KINDS.values()]
    assert len(set(places)) == len(places)
    assert all(kind.meets in (None, "email", "phone") for kind in KINDS.values())


def test_any_kind_may_be_told_how_to_behave() -> None:
    for name in KINDS:
        for behavior in BEHAVIORS:
            assert kind_named(name, behavior).behavior == behavior
    assert kind_of(Email(behavior="unique")) == Kind("email", "unique", "email", KINDS["email"].priority, "email", True)


@pytest.mark.parametrize(
    ("name", "behavior", "says"),
    [
        ("badge", None, "identifier kind 'badge' is unknown"),
        ("pasport", None, "did you mean 'passport'"),
        ("passport", "uniqe", "did you mean 'unique'"),
        ("passport", "", "use unique, strong, weak, device, proxy"),
    ],
)
def test_unknown_kinds_and_behaviors_are_refused(name: str, behavior: str | None, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        Identifier("x", kind=name, behavior=behavior)


def test_own_kinds_stand_behind_those_that_behave_alike() -> None:
    own = kind_named("badge", "strong")
    assert KINDS["identifier"].priority < own.priority < KINDS["landline"].priority
    ranks = kind_ranks([own, KINDS["landline"], KINDS["passport"], KINDS["email"]], ["email", "badge"])
    assert ranks == {"email": 0, "badge": 1, "passport": 2, "landline": 3}
    assert kind_ranks([]) == {}
