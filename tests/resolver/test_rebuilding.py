"""A rebuild finds nothing but what somebody broke, and mends it; a check says when one is due."""

import json
from typing import Any

import numpy as np
import pytest

from omniid.resolver.copied_evidence import pairs_of_all
from omniid.resolver.settings import set_text
from oracle.small_town import COUPLE, batch, contents, ids_of, opened, town

OFFICE = [  # two people with one phone
    {"source": "shop", "id": "o1", "first_name": "Ola", "last_name": "Hill", "email": "ola@x.com", "phone": "+48602000005"},
    {"source": "shop", "id": "o2", "first_name": "Gus", "last_name": "Wood", "email": "gus@x.com", "phone": "+48602000005"},
]
ROWS = [*COUPLE, *OFFICE, *town()[:20]]
COPIES: list[dict[str, str]] = [{**row, "id": f"{row['id']}-{n}"} for n in range(3) for row in COUPLE[:5]]


def test_a_rebuild_after_small_calls_finds_nothing() -> None:
    with opened(ROWS) as resolver:
        for row in COPIES:  # equal records, one by one
            resolver.upsert(row)
        resolver.delete([("shop", "h1-0"), ("web", "x1"), ("web", "x1-1")])
        resolver.upsert({**COPIES[1], "phone": "+48602000009"})
        before = contents(resolver)
        told = resolver.rebuild()
        assert not told
        assert str(told) == "no difference"
        assert (told.records, told.changes) == ((), [])
        assert contents(resolver) == before
        assert resolver.check() == []


@pytest.mark.parametrize("table", ["members", "forms", "filed", "postings", "contacts", "evidence"])
def test_a_rebuild_finds_and_mends_what_is_missing(table: str) -> None:
    with opened(ROWS) as resolver:
        before, ids = contents(resolver), ids_of(resolver)
        lost: Any = before[table][0]
        with resolver.store.writing() as store:
            store.remove(table, {"postings": "bucket", "contacts": "key", "evidence": "pair"}.get(table, "row"), [lost[0]])
        if table in ("members", "forms", "filed"):
            assert any(f"no row of {table}" in one for one in resolver.check())
        told = resolver.rebuild()
        assert told
        assert told.tables[table] == 1
        assert f"1 of {table}" in str(told)
        assert ids_of(resolver) == ids
        assert contents(resolver)[table] == before[table]
        assert resolver.check() == []
        assert not resolver.rebuild()


def test_a_rebuild_forgets_what_nothing_says() -> None:
    with opened(ROWS) as resolver:
        before = contents(resolver)
        with resolver.store.writing() as store:
            store.put("evidence", [(1 << 32 | 7, 1, 7, 5_000_000)])
            store.put("forms", [(999, "[]")])
        (told,) = resolver.check()
        assert "not there, such as row 999" in told
        assert resolver.rebuild().tables == {"forms": 1, "evidence": 1}
        assert contents(resolver)["evidence"] == before["evidence"]
        assert contents(resolver)["forms"] == before["forms"]


def test_other_versions_of_the_normalisers_ask_for_a_rebuild() -> None:
    with opened(ROWS) as resolver:
        before = contents(resolver)
        with resolver.store.writing() as store:
            made = dict(store.span("settings", "name"))["versions"]
            set_text(store, "versions", json.dumps({**json.loads(made), "phonenumbers": "1.0"}))
            row, forms = store.span("forms", "row", limit=1)[0]
            store.put("forms", [(row, forms.replace("nowak", "nowack"))])
        (asked,) = resolver.check()
        assert "phonenumbers 1.0" in asked
        assert "rebuild()" in asked
        told = resolver.rebuild()
        assert told.tables["forms"] == 1
        assert told.records == (("shop", "h1"),)
        assert resolver.check() == []
        assert contents(resolver)["forms"] == before["forms"]


def test_copies_have_the_evidence_of_their_original() -> None:
    unlike = [row for row in COUPLE if row["id"] != "x2"]
    alone, parts = batch(unlike).parts, batch([*unlike, *COPIES]).parts
    keys, names = (some.records.keys(np.arange(len(some.records))) for some in (parts, alone))
    weights = {
        frozenset((names[left][1], names[right][1])): weight
        for left, right, weight in zip(alone.scores.left, alone.scores.right, alone.scores.weight, strict=True)
    }
    crossing = 0
    for left, right, weight in zip(*pairs_of_all(parts), strict=True):
        one, other = (keys[row][1].split("-")[0] for row in (left, right))
        assert left < right
        if one != other:
            assert weights[frozenset((one, other))] == weight
            crossing += 1
    times = {row["id"]: 4 if row in COUPLE[:5] else 1 for row in unlike}
    assert crossing == sum(times[one] * times[other] for one, other in map(tuple, weights))


def test_blocks_that_outgrew_the_plan_are_told() -> None:
    crowd = [
        {"source": "web", "id": f"c{n}", "first_name": "Zo", "last_name": f"Q{n}", "phone": "+48609000000"} for n in range(250)
    ]
    with opened([*ROWS, *crowd]) as resolver:
        told = resolver.check()
        assert told
        assert all("outgrown" in one and "fit() again" in one for one in told)
