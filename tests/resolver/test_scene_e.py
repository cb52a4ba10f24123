"""Scene E, live: a record that is deleted and added again keeps its id; a merge that is undone gives both old ids back."""

from pathlib import Path

import omniid
from oracle import live_reading as reading

ALONE = {"record_id": "lone", "first_name": "Ewa", "last_name": "Zielona", "email": "ewa.zielona@example.com"}


def test_scene_e_delete_a_record_and_add_it_again(store: Path) -> None:
    with omniid.open(store) as resolver:
        since = resolver.cursor
        resolver.upsert(ALONE, source="loyalty")
        there = reading.ids(resolver)
        name = there["loyalty", "lone"]
        resolver.delete([("loyalty", "lone")])
        assert ("loyalty", "lone") not in reading.ids(resolver)
        assert reading.feed(resolver, since=since) == [
            ("created", name, frozenset(), frozenset([name])),
            ("erased", name, frozenset([name]), frozenset()),
        ]
        resolver.upsert({**ALONE, "record_id": "another"}, source="loyalty")  # other members: the id stays retired
        assert reading.ids(resolver)["loyalty", "another"] != name
        resolver.delete([("loyalty", "another")])
    with omniid.open(store) as resolver:
        assert not resolver.rebuild()
        resolver.upsert(ALONE, source="loyalty")
        assert reading.ids(resolver) == there


def test_scene_e_merge_and_undo_gives_both_old_ids_back(store: Path) -> None:
    resolver = omniid.open(store)
    before, members, since = reading.ids(resolver), reading.groups(resolver), resolver.cursor
    small = next(name for name in before.values() if len(members[name]) == 1)
    large = next(name for name in reversed(before.values()) if len(members[name]) > 3 and name != small)
    told = resolver.merge(small, large, author="kim", time="2026-05-01")
    (survivor,) = {reading.ids(resolver)[key] for key in members[small] | members[large]}
    assert survivor in {small, large}
    (gone,) = {small, large} - {survivor}
    assert resolver.get_profile(entity_id=gone)["entity_id"] == survivor  # the old id leads to the new one
    resolver.close()
    resolver = omniid.open(store)
    assert not resolver.rebuild()
    resolver.undo(told, author="lee", reason="wrong Nowak", time="2026-05-02")
    assert reading.ids(resolver) == before
    both = frozenset([small, large])
    assert reading.feed(resolver, since=since) == [
        ("merged", survivor, both, frozenset([survivor])),
        ("split", survivor, frozenset([survivor]), both),
    ]
    assert {row["cause"] for row in reading.rows(resolver.changes(since=since))} == {"decision"}
    resolver.close()
    with omniid.open(store) as resolver:
        assert reading.ids(resolver) == before
        assert not resolver.rebuild()
