"""Many plain neighborhoods placed at once by arrays are placed as each is alone; anonymous records go where tables put them."""

import random
from itertools import combinations
from unittest.mock import patch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import omniid
from omniid import Email, Identifier, PersonName, Spec, Timestamp
from omniid.resolver import updating
from omniid.resolver.bulk_placing import place_in_bulk
from omniid.resolver.incoming import join_key
from omniid.resolver.learned import Learned
from omniid.resolver.light_placing import place_lightly
from omniid.resolver.light_records import LightRecords
from omniid.resolver.neighborhoods import Neighborhood
from omniid.resolver.placing import joined
from omniid.resolver.stored_briefs import StoredBrief
from oracle.small_town import contents, town
from oracle.told_briefs import known_briefs, mixed


@settings(max_examples=25)
@given(draw=st.randoms(use_true_random=False), sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_neighborhoods_placed_at_once_are_placed_as_each_alone(draw: random.Random, sizes: list[int]) -> None:
    known, texts = known_briefs(profile_pass=draw.random() < 0.5)
    rows = list(range(sum(sizes)))
    draw.shuffle(rows)
    parts = []
    for size in sizes:
        mine, rows = rows[:size], rows[size:]
        parts.append(neighborhood(known, draw, draw.choices(texts, k=draw.randint(1, 3)), mine))
    assume(not any(meet(known, one, other) for one, other in combinations(parts, 2)))
    assert place_in_bulk(known, parts) == joined(place_lightly(known, part) for part in parts)


def neighborhood(known: Learned, draw: random.Random, some: list[str], rows: list[int]) -> Neighborhood:
    """Records alike each other, with their scored pairs; equal ones always have theirs, as in a store."""
    briefs = {
        row: StoredBrief(row, join_key("crm", str(row)), None, mixed(draw, some, len(known.briefs.fields))) for row in rows
    }
    evidence, records = {}, LightRecords(known, [known.briefs.ready(one.brief) for one in briefs.values()])
    place = list(briefs)
    for pair in combinations(range(len(rows)), 2):
        found = records.score(*pair)
        left, right = sorted(place[at] for at in pair)
        if found.weight >= known.scorer.cut or found.tier:
            evidence[left, right] = found.weight
    return Neighborhood(tuple(sorted(rows)), (), evidence, dict(sorted(briefs.items())), frozenset(), {}, [])


def meet(known: Learned, one: Neighborhood, other: Neighborhood) -> bool:
    """Whether a record of one equals a record of the other and is kept as its pair, which would make them one neighborhood."""
    texts = [[known.briefs.ready(brief.brief) for brief in part.briefs.values()] for part in (one, other)]
    for left in texts[0]:
        for right in texts[1]:
            both = LightRecords(known, [left, right])
            if both.originals() == [0, 0] and both.score(0, 1).weight >= known.scorer.cut:
                return True
    return False


@pytest.mark.parametrize("many", [0, 10**9])
def test_anonymous_visits_go_where_tables_put_them(many: int) -> None:
    fields = [PersonName(), Email(), Identifier("visitor", kind="cookie"), Timestamp("seen")]
    rows = [
        {**row, "visitor": f"c{at % 17}", "seen": f"2026-03-{1 + at % 28:02}T10:00:00Z"} for at, row in enumerate(town()[:60])
    ]
    visits = [
        {"source": "web", "id": f"v{at}", "visitor": f"c{at % 23}", "seen": f"2026-03-{1 + at % 9:02}T12:00:00Z"}
        for at in range(40)
    ]
    spec = Spec(fields=fields, devices="last_authenticated")
    with omniid.open(":memory:", spec, backend="rows") as resolver, patch.object(updating, "MANY", many):
        resolver.upsert(rows)
        resolver.fit()
        for start in range(0, 40, 8):
            resolver.upsert(visits[start : start + 8])
        members = contents(resolver)["members"]
        assert any(not votes and person for *_, votes, person in members)
        assert any(not person for *_, person in members)
        assert not resolver.rebuild()
