"""Scene D, live: a limit is tightened on a store after its difference was seen, and taken back."""

from pathlib import Path

import omniid
from omniid import at_most
from oracle import live_reading as reading


def test_scene_d_a_limit_is_tightened_after_its_difference_was_seen(store: Path) -> None:
    resolver = omniid.open(store)
    before, cursor = reading.ids(resolver), resolver.cursor
    difference = resolver.what_if(limits=[at_most("email", 1)])
    splits = [row for row in difference.table("changes").to_pylist() if row["kind"] == "split"]
    assert len(splits) > 1
    assert {row["cause"] for row in splits} == {"rule"}
    assert f"{len(splits)} split" in str(difference)
    assert all(row["entity_id"] == row["became"][0] and len(row["became"]) > 1 for row in splits)
    assert (reading.ids(resolver), resolver.cursor) == (before, cursor)  # nothing yet
    assert resolver.spec.limits == ()

    resolver.apply(difference)
    after = reading.ids(resolver)
    assert {(row["entity_id"], tuple(row["became"])) for row in splits} == {
        (row["entity_id"], tuple(row["became"]))
        for row in reading.rows(resolver.changes(since=cursor))
        if row["kind"] == "split"
    }
    of_split = {name for row in splits for name in row["became"]}
    for name in set(before.values()):
        members = [key for key, one in before.items() if one == name]
        if name not in of_split:  # what did not split keeps its id and its records
            assert {after[key] for key in members} == {name}
        else:
            assert name in {after[key] for key in members}
    resolver.close()
    with omniid.open(store) as resolver:
        assert resolver.spec.limits == (at_most("email", 1),)
        assert reading.ids(resolver) == after
        assert not resolver.rebuild()
        assert reading.ids(resolver, as_of=cursor) == before
        back = resolver.what_if(limits=[])
        assert {row["kind"] for row in back.table("changes").to_pylist()} == {"merged"}
        resolver.apply(back)  # taken back: all ids return
        assert reading.ids(resolver) == before
