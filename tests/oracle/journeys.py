"""Journeys the slow, obvious way: plain rows, one after the other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from omniid.tables.events import MEANINGS

Row = Mapping[str, Any]
CLOSING = ("empty", "checkout", "order")
OWN = ("outbound", "close_case", "cancel", "balance", "earn", "burn")


def seconds(row: Row) -> int:
    return int(datetime.fromisoformat(row["at"]).timestamp())


def settle(rows: Iterable[Row]) -> list[Row]:
    """Each id once, in order; rows of one id are equal here."""
    once = {row["id"]: row for row in rows}
    return sorted(once.values(), key=lambda row: (seconds(row), MEANINGS.index(row["kind"]), len(row["id"]), row["id"]))


def by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in settle(rows):
        found[row["mail"]].append(row)
    return found


def sessions(rows: list[Row], gap: int) -> list[int]:
    begun: dict[object, int] = {}
    numbers, last, loose = [], None, 0
    for row in rows:
        if row["visit"] is not None:
            key: object = ("own", row["visit"])
        else:
            if last is None or seconds(row) - last > gap:
                loose += 1
            last = seconds(row)
            key = loose
        numbers.append(begun.setdefault(key, len(begun) + 1))
    return numbers


def lifetime(rows: list[Row]) -> tuple[int, int, int]:
    """Orders, what they cost and what came back, in cents; every order once, its last amount counts."""
    told: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["kind"] in ("order", "return", "cancel"):
            if row["no"] is None and row["kind"] == "cancel":
                continue
            told[row["no"] or f"alone {row['id']}"].append(row)
    count = gross = back = 0
    for events in told.values():
        if any(row["kind"] == "cancel" for row in events):
            continue
        amounts = [row["cents"] for row in events if row["kind"] == "order" and row["cents"] is not None]
        worth = amounts[-1] if amounts else 0
        count += any(row["kind"] == "order" for row in events)
        gross += worth
        came = [row["cents"] for row in events if row["kind"] == "return"]
        back += max(sum(cents for cents in came if cents is not None), worth if None in came else 0)
    return count, gross, back


def open_baskets(rows: list[Row]) -> dict[str | None, tuple[int, frozenset[str]]]:
    """Basket → things in it and which, for those that are open."""
    held: dict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        if row["kind"] in CLOSING:
            held[row["basket"]] = []
        elif row["kind"] in ("add", "remove"):
            held[row["basket"]].append(row)
    found = {}
    for basket, events in held.items():
        step = {"add": 1, "remove": -1}
        items: dict[str | None, int] = defaultdict(int)
        for row in events:
            items[row["item"]] += step[row["kind"]]
        if sum(items.values()) > 0:
            found[basket] = sum(items.values()), frozenset(item for item, n in items.items() if n > 0 and item is not None)
    return found


def open_cases(rows: list[Row]) -> set[str | None]:
    state: dict[str | None, bool] = {}
    for row in rows:
        if row["case"] is not None or row["kind"] in ("open_case", "close_case"):
            state.setdefault(row["case"], True)
            if row["kind"] in ("open_case", "close_case"):
                state[row["case"]] = row["kind"] == "open_case"
    return {case for case, is_open in state.items() if is_open}


def balances(rows: list[Row]) -> dict[str | None, int]:
    held: dict[str | None, int] = {}
    told = repeats(rows)
    for row in rows:
        if row["left"] is not None:
            held[row["account"]] = row["left"]
        elif row["points"] is not None and row["id"] not in told:
            change = -abs(row["points"]) if row["kind"] == "burn" else row["points"]
            held[row["account"]] = held.get(row["account"], 0) + change
    return held


def repeats(rows: list[Row]) -> set[str]:
    """Ids of the events that tell an order again: of several the last one with an amount counts, else the last."""
    told: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["kind"] == "order" and row["no"] is not None:
            told[row["no"]].append(row)
    again: set[str] = set()
    for events in told.values():
        best = max(range(len(events)), key=lambda i: (events[i]["cents"] is not None, i))
        again |= {row["id"] for i, row in enumerate(events) if i != best}
    return again


def answered(rows: list[Row], window: int) -> dict[str, tuple[int, int]]:
    """Channel → messages sent and answered."""
    found: dict[str, tuple[int, int]] = {}
    for i, row in enumerate(rows):
        if row["kind"] == "outbound":
            later = [one for one in rows[i + 1 :] if one["channel"] == row["channel"] and one["kind"] not in OWN]
            hit = bool(later) and seconds(later[0]) - seconds(row) <= window
            sent, replies = found.get(row["channel"], (0, 0))
            found[row["channel"]] = sent + 1, replies + hit
    return found
