"""Pairs weighed by arrays from briefs weigh what they do one by one; and a store holds the same however its records came."""

from itertools import combinations, pairwise
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from omniid import Email, Identifier, PersonName, Spec
from omniid.resolver import light_discovery, updating
from omniid.resolver.bulk_scoring import weigh_in_bulk
from oracle.small_town import COUPLE, contents, opened, town

OFFICE = [  # four people with one phone, and two records of nobody in particular
    {"source": "web", "id": f"o{n}", "first_name": name, "last_name": f"{name}sen", "phone": "+48602000005"}
    for n, name in enumerate(("Ola", "Gus", "Mia", "Ned"))
] + [{"source": "shop", "id": f"n{n}", "phone": "+48602000005"} for n in range(2)]
MANY_NAMES = {"source": "web", "id": "m1", "email": ["eve@x.com", "eva@x.com", "eve@x.com"], "last_name": "Lake"}
ROWS = [*COUPLE, *OFFICE, *town()[:14], {**town()[3], "id": "again"}]


def test_pairs_weigh_what_they_do_one_by_one():
    with opened([*ROWS, MANY_NAMES]) as resolver, resolver.store.reading() as store:
        learned = resolver._models.read(store)
        assert learned is not None
        texts = {row: text for row, _, _, text in store.span("briefs", "row")}
        ready = {row: learned.briefs.ready(text) for row, text in texts.items()}
        pairs = list(combinations(sorted(texts), 2))
        scored = {(one, two): learned.scorer.score(ready[one], ready[two]) for one, two in pairs}
        assert any(one.shared for one in ready.values())
        assert weigh_in_bulk(learned, texts, pairs) == {pair: one.weight for pair, one in scored.items() if one is not None}


@pytest.mark.parametrize("many", [0, 10**9])
@settings(max_examples=5)
@given(st.permutations(range(len(ROWS))), st.lists(st.integers(0, len(ROWS)), max_size=4))
def test_records_in_any_lots_leave_the_same_behind(many, order, cuts):
    rows = [ROWS[at] for at in order]
    ends = sorted({0, *cuts, len(rows)})
    with opened(rows) as whole, opened() as parts, patch.object(light_discovery, "MANY", many):
        for start, stop in pairwise(ends):
            parts.upsert(rows[start:stop])
        assert renumbered(parts) == renumbered(whole)


@pytest.mark.parametrize(("many", "lightly"), [(0, 1000), (10**9, 0)])
def test_what_a_weak_identifier_alone_speaks_for_is_kept_where_review_begins_at_links(many, lightly):
    rows = [{**row, "home": f"+48226{row['id'].partition('-')[0].zfill(6)}"} for row in town()[:80]]
    late = {"source": "web", "id": "late", "home": rows[5]["home"]}
    spec = Spec(fields=[PersonName(), Email(), Identifier("home", kind="landline")], link_at=-2.0, review_at=-2.0)
    with (
        omniid.open(":memory:", spec, backend="rows") as resolver,
        patch.object(light_discovery, "MANY", many),
        patch.object(updating, "LIGHTLY", lightly),
    ):
        resolver.upsert(rows)
        resolver.fit()
        resolver.upsert(late)
        held = contents(resolver)
        assert any(weight == -2_000_001 for *_, weight in held["evidence"])
        assert not resolver.rebuild()


def renumbered(resolver):
    """What is derived, by the keys of the records in place of their numbers."""
    held = contents(resolver)
    key = {row: key for row, key, *_ in held["records"]}
    by_row = {name: {key[row]: rest for row, *rest in held[name]} for name in ("forms", "filed", "briefs")}
    evidence = {frozenset((key[left], key[right])): weight for _, left, right, weight in held["evidence"]}
    return by_row, evidence, held["contacts"]
