"""What a change touches is closed under all that can decide who is who."""

import random
from collections.abc import Iterable
from unittest.mock import patch

import pytest

import omniid
from omniid.resolver import updating
from omniid.resolver.neighborhoods import Neighborhood
from omniid.store import Snapshot
from oracle import live_reading as reading
from oracle.asked_stores import channels, learned
from oracle.live_worlds import MODEL, SPEC, content

find_neighborhood = updating.find_neighborhood


def test_a_device_that_a_customer_leaves_says_more_of_those_who_stay() -> None:
    with omniid.open(":memory:", SPEC, model=MODEL) as resolver:
        people = {
            "ann": content(login="u1", first_name="ann", cookie="c1", at="2026-01-05"),
            "tom": content(login="u2", first_name="tom", cookie="c1", at="2026-01-05"),
            "visit": content(cookie="c1", at="2026-01-02"),
        }
        for name, told in people.items():
            resolver.upsert({"record_id": name, **told}, source="web")
        assert len(reading.groups(resolver)) == 3  # two people used the device, and neither before the visit
        resolver.upsert({"record_id": "tom", **people["tom"], "cookie": None}, source="web")
        named = reading.ids(resolver)
        assert named["web", "visit"] == named["web", "ann"]  # one is left
        resolver.upsert({"record_id": "tom", **people["tom"]}, source="web")
        assert len(reading.groups(resolver)) == 3
        resolver.delete([("web", "ann")])
        named = reading.ids(resolver)
        assert named["web", "visit"] == named["web", "tom"]


def test_the_feed_tells_of_a_customer_whom_nothing_names_any_more() -> None:
    with omniid.open(":memory:", SPEC, model=MODEL) as resolver:
        resolver.upsert({"record_id": "order", **content(email="a@x.com")})
        (entity,) = reading.groups(resolver)
        since = resolver.cursor
        both = [{"record_id": name, **content(email="a@x.com", first_name=name, last_name="lee")} for name in ("ann", "tom")]
        resolver.upsert(both)  # the mailbox turns out to be of several people
        assert reading.kinds(resolver)[frozenset([("records", "order")])] == "anonymous"
        assert ("updated", entity, frozenset([entity]), frozenset([entity])) in reading.feed(resolver, since=since)


def test_what_is_stored_of_a_record_does_not_depend_on_those_that_came_with_it() -> None:
    some = [content(first_name="tom", last_name="lee", email="b@x.com"), content(email="a@x.com", last_name="lee")]
    rows = [{"record_id": str(number), **told} for number, told in enumerate(some)]
    with omniid.open(":memory:", SPEC, model=MODEL) as resolver:
        resolver.upsert(rows[1:])
        resolver.upsert(rows)
        assert not resolver.rebuild()


def namesakes(n: int) -> list[dict[str, object]]:
    """Records of one name, by turns with a phone and an address: each may be the person of those of the other kind, no more."""
    told = [{"phone": f"+48 601 200 {100 + number}"} if number % 2 else {"email": f"p{number}@x.com"} for number in range(n)]
    return [{"record_id": f"{at:02}", **content(first_name="ann", last_name="lee", **one)} for at, one in enumerate(told)]


@pytest.mark.parametrize("by_profiles", [False, True])
def test_possible_links_tie_records_only_where_clusters_are_compared(by_profiles: bool) -> None:
    sizes = []

    def watched(store: Snapshot, rows: Iterable[int], tied_from: int) -> Neighborhood:
        near = find_neighborhood(store, rows, tied_from)
        sizes.append(len(near.rows))
        return near

    rows, spec = namesakes(12), SPEC.replace(profile_pass=by_profiles)
    with omniid.open(":memory:", spec, model=MODEL) as resolver, patch.object(updating, "find_neighborhood", watched):
        resolver.upsert(rows)
        assert len(reading.groups(resolver)) == 12
        assert len(reading.rows(resolver.review())) == 36
        sizes.clear()
        for row in rows[:3]:
            resolver.upsert({**row, "at": "2026-01-01"})
        assert sizes == [12 if by_profiles else 1] * 3
        assert not resolver.rebuild()


def test_what_a_link_tied_is_looked_at_when_it_is_a_link_no_more() -> None:
    """Ann's two records link by her address; one of them then says that it was a slip, and what is left may be or not."""
    spec = SPEC.replace(profile_pass=False)
    with omniid.open(":memory:", spec, model=MODEL) as resolver:
        told = {"first_name": "ann", "last_name": "lee", "email": "a@x.com"}
        resolver.upsert([{"record_id": name, **content(**told)} for name in ("one", "two", "three")])
        assert len(reading.groups(resolver)) == 1
        resolver.upsert({"record_id": "two", **content(**told, login="u2", phone="+48 602 200 300"), "email": "b@x.com"})
        resolver.upsert({"record_id": "three", **content(first_name="ann", last_name="lee")})
        assert len(reading.groups(resolver)) == 3
        assert reading.rows(resolver.review())
        assert not resolver.rebuild()


@pytest.mark.parametrize("by_profiles", [False, True])
def test_records_one_by_one_leave_nothing_to_rebuild(by_profiles: bool) -> None:
    draw, (spec, model) = random.Random(3), learned()
    rows = [(name, {**row}) for name, some in channels().items() for row in some]
    draw.shuffle(rows)
    rows = rows[:70]
    with omniid.open(":memory:", spec.replace(profile_pass=by_profiles), model=model, backend="rows") as resolver:
        for name, row in rows:
            resolver.upsert(row, source=name)
        for name, row in rows[::5]:  # what others of the channel say, under the same number
            other = draw.choice([one for source, one in rows if source == name])
            number = next(iter(row))
            resolver.upsert({**other, number: row[number]}, source=name)
        resolver.delete([(name, row[next(iter(row))]) for name, row in rows[::9]])
        assert not resolver.rebuild()
