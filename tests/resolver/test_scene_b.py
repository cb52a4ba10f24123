"""Scene B, live: spouses whom one mailbox joined are split by a person, and nothing joins them again."""

from pathlib import Path
from typing import Any

import omniid
from omniid import Resolver
from oracle import live_reading as reading

HIM, HER = ("loyalty", "h1"), ("loyalty", "w1")


def test_scene_b_a_split_survives_runs_restarts_rebuilds_and_models(store: Path, town: dict[str, Any]) -> None:
    resolver = omniid.open(store)
    both = reading.ids(resolver)[HIM]
    assert reading.ids(resolver)[HER] == both
    since = resolver.cursor
    resolver.split(both, [[HIM], [HER]], author="kim", reason="called them", time="2026-05-01")
    his, hers = reading.ids(resolver)[HIM], reading.ids(resolver)[HER]
    assert his == both != hers
    assert reading.feed(resolver, since=since) == [("split", both, frozenset([both]), frozenset([both, hers]))]
    assert reading.rows(resolver.changes(since=since))[0]["cause"] == "decision"
    since = resolver.cursor

    def still_split(later: Resolver) -> None:
        named = reading.ids(later)
        assert (named[HIM], named[HER]) == (his, hers)

    for _ in range(2):  # two re-runs of the nightly load
        for name, rows in town.items():
            resolver.sync(name, rows)
        still_split(resolver)
    assert reading.feed(resolver, since=since) == []
    resolver.close()
    resolver = omniid.open(store)
    still_split(resolver)
    assert not resolver.rebuild()
    still_split(resolver)
    resolver.apply(resolver.fit())
    still_split(resolver)
    follow(resolver, town)
    still_split(resolver)
    assert not resolver.rebuild()
    resolver.close()


def follow(resolver: Resolver, town: dict[str, Any]) -> None:
    """New records of each follow the right one, by their phones first and then by their first names alone."""
    first = {row["record_id"]: row for row in town["loyalty"]}
    for number in (2, 3):
        for side, name in (("h", "Jan"), ("w", "Anna")):
            record = {**first[f"{side}1"], "record_id": f"{side}{number}", "first_name": name}
            resolver.upsert(record if number == 2 else {**record, "phone": None}, source="loyalty")
    named = reading.ids(resolver)
    for side, leader in (("h", HIM), ("w", HER)):
        assert {named["loyalty", f"{side}{number}"] for number in (1, 2, 3)} == {named[leader]}
