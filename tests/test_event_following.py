"""Events on a device of several people go by their own time, as the device policy says."""

from typing import Any

import omniid
from omniid import time_window

KIOSK = "k-1"
CRM = [
    {"id": "1", "email": "ann@example.com", "name": "Ann Lee"},
    {"id": "2", "email": "bo@example.com", "name": "Bo Kim"},
]


def event(time: str, kind: str, mail: str | None = None) -> dict[str, Any]:
    return {"at": f"2024-05-01T{time}:00Z", "event": kind, "cookie": KIOSK, "email": mail}


EVENTS = [
    event("09:00", "visit"),
    event("10:00", "login", "ann@example.com"),
    event("10:05", "visit"),
    event("12:00", "login", "bo@example.com"),
    event("12:05", "visit"),
    event("18:00", "visit"),
    event("19:00", "visit", "test@test.com"),
]


def owners(policy: Any) -> list[str]:
    spec = omniid.infer_spec({"crm": CRM}).replace(
        fields=[omniid.Email("email"), omniid.PersonName(full="full_name"), omniid.Identifier("cookie", kind="cookie")],
        devices=policy,
    )
    found = omniid.resolve({"crm": CRM}, spec, events={"kiosk": EVENTS})
    names = {found.entity_of(("crm", "1")): "Ann", found.entity_of(("crm", "2")): "Bo"}
    return [
        names.get(row["entity_id"], row["entity_kind"] or "nobody") for row in sorted(found.events, key=lambda row: row["time"])
    ]


def test_events_go_by_their_own_time() -> None:
    alone = "anonymous"
    assert owners("unassigned") == [alone, "Ann", alone, "Bo", alone, alone, alone]
    assert owners("last_authenticated") == ["nobody", "Ann", "Ann", "Bo", "Bo", "Bo", "Bo"]
    assert owners("first_authenticated") == ["Ann", "Ann", "Ann", "Bo", "Ann", "Ann", "Ann"]
    assert owners(time_window("30m", "2h")) == ["nobody", "Ann", "Ann", "Bo", "Bo", "nobody", "nobody"]
