"""What a change touches is closed under all that can decide who is who."""

import omniid
from oracle import live_reading as reading
from oracle.live_worlds import MODEL, SPEC, content


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
