"""Who holds a popular value is kept together, and counts as if each holder were read."""

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from omniid.resolver import popular_values
from omniid.resolver.filing import filed_rows
from omniid.resolver.people import Signature, count_people_of
from oracle.live_worlds import MODEL, SPEC, contents

Said = tuple[int, int, int]
parts = st.tuples(*[st.integers(0, 2)] * 3)
signatures = st.builds(Signature, parts, st.lists(st.integers(1, 4), max_size=2, unique=True).map(tuple))


def said_by(holders: list[Signature]) -> dict[Said, int]:
    known = [one.parts for one in holders if sum(part != 0 for part in one.parts) >= 2]
    return Counter([*known, *((0, 0, login) for one in holders for login in one.logins)])


@settings(max_examples=300)
@given(st.lists(signatures, max_size=9))
def test_people_are_counted_as_one_by_one(holders: list[Signature]) -> None:
    said = np.array(list(said_by(holders)), np.int64).reshape(-1, 3)
    assert popular_values._people(said) == count_people_of(holders)


@settings(max_examples=100)
@given(st.lists(st.tuples(signatures, st.frozensets(st.integers(1, 3))), max_size=9))
def test_a_first_load_keeps_what_is_kept_record_by_record(told: list[tuple[Signature, frozenset[int]]]) -> None:
    pairs = np.array([(key, at) for at, (_, keys) in enumerate(told) for key in keys], np.int64).reshape(-1, 2)
    parts = np.array([who.parts for who, _ in told], np.int64).reshape(-1, 3)
    logins = np.array([(at, login) for at, (who, _) in enumerate(told) for login in who.logins], np.int64).reshape(-1, 2)
    with patch.object(popular_values, "MANY", 2):
        rows = dict(popular_values.popular_rows(*pairs.T, parts, *logins.T))
    holders = {key: [who for who, keys in told if key in keys] for key in (1, 2, 3)}
    found = {key: np.frombuffer(said, np.int64).reshape(-1, 4).tolist() for key, said in rows.items()}
    assert {key: {(a, b, c): n for a, b, c, n in said} for key, said in found.items()} == {
        key: said_by(some) for key, some in holders.items() if len(some) > 1
    }


@settings(max_examples=8)
@given(st.lists(st.dictionaries(st.sampled_from("abcdef"), st.one_of(contents, contents, st.none()), max_size=3), max_size=8))
def test_what_is_kept_is_what_the_holders_say(told: list[Mapping[str, Any]]) -> None:
    with patch.object(popular_values, "MANY", 2), omniid.open(":memory:", SPEC, model=MODEL) as resolver:
        there = set[str]()
        for call in told:
            come = [{"record_id": name, **content} for name, content in call.items() if content]
            gone = [name for name, content in call.items() if content is None and name in there]
            if come:
                resolver.upsert(come, source="web")
            if gone:
                resolver.delete([("web", name) for name in gone])
            there = (there | {one["record_id"] for one in come}) - {*gone}
            with resolver.store.reading() as store:
                kept = {key: np.frombuffer(said, np.int64).reshape(-1, 4) for key, said in store.span("popular", "key")}
                filed = filed_rows(store, [row for row, *_ in store.span("filed", "row")])
            holders: dict[int, list[Signature]] = {}
            for one in filed.values():
                for key in {key for _, key in one.values}:
                    holders.setdefault(key, []).append(one.who)
            assert {key: {(a, b, c): n for a, b, c, n in said.tolist()} for key, said in kept.items()} == {
                key: said_by(some) for key, some in holders.items() if len(some) >= 2 and key in kept
            }
            assert not resolver.rebuild()


def test_a_rebuild_tells_and_mends_what_is_kept_wrongly() -> None:
    with patch.object(popular_values, "MANY", 2), omniid.open(":memory:", SPEC, model=MODEL) as resolver:
        resolver.upsert([{"record_id": name, "phone": "+79160000001", "first_name": name * 3} for name in "abc"], source="web")
        with resolver.store.writing() as store:
            rows = list(store.span("popular", "key"))
            store.put("popular", [(key, said + np.array([7, 8, 9, 1]).tobytes()) for key, said in rows])
        assert rows
        assert resolver.rebuild().tables == {"popular": len(rows)}
        assert not resolver.rebuild()


def test_a_popular_phone_is_not_read_holder_by_holder() -> None:
    read, real = [], popular_values.signatures_of_rows
    draw = random.Random(1)

    def watched(store: Any, rows: Any) -> dict[int, Signature]:
        read.append(len(rows))
        return real(store, rows)

    rows = [
        {"record_id": str(at), "phone": "+48 601 200 300", "first_name": draw.choice("abcdefgh"), "last_name": f"l{at}"}
        for at in range(200)
    ]
    with omniid.open(":memory:", SPEC, model=MODEL) as resolver:
        resolver.upsert(rows[:100])
        with patch.object(popular_values, "signatures_of_rows", watched):
            for row in rows[100:]:
                resolver.upsert(row)
        assert not read  # they were kept together when they were loaded
        assert not resolver.rebuild()
