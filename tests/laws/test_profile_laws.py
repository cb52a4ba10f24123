"""Profiles of a live store: whatever order people are merged in, and undone, the profile is that of the records."""

from itertools import pairwise, permutations

import omniid
from omniid import Decision, Email, Identifier, Source, Spec, Timestamp, View
from omniid.fields import Attribute

SPEC = Spec(
    sources={"crm": Source(trust=80, field_trust={"plan": 20}), "web": Source(trust=40)},
    fields=[
        Email("email"),
        Identifier("card", kind="loyalty"),
        *(Attribute(name) for name in ("street", "city", "plan", "spend")),
        Timestamp("at"),
    ],
    survivorship={
        "street, city": ["source_priority(crm)", "most_recent"],
        "plan": ["trusted(half_life=90d)"],
        "email": ["union(most=2)", "most_recent"],
        "spend": ["total(once_per=card)", "most_recent"],
    },
    link_at=40.0,  # nobody but those with the same address or card
    views={"support": View(fields=["city"], survivorship={"city": ["most_recent"]})},
)
COLUMNS = ("id", "email", "card", "street", "city", "plan", "spend", "at")
TOLD = {
    "crm": [
        ("1", "ann@x.com", "71001", "High St 1", "York", "a", "10.5", "2026-01-01"),
        ("2", "ann.lee@y.com", "82002", "Mill Rd 2", "Hull", None, "4", "2026-03-01"),
    ],
    "web": [
        ("1", "ann@z.com", "93003", "Mill Rd 2", None, "b", "8", "2026-02-01"),
        ("2", "ann@z.com", "93003", None, "Leeds", "c", "9", "2026-04-01"),
    ],
}
ROWS = {source: [dict(zip(COLUMNS, row, strict=True)) for row in rows] for source, rows in TOLD.items()}
PEOPLE = ("crm", "1"), ("crm", "2"), ("web", "1")


def shown(people: omniid.Resolver) -> dict[str, object]:
    """Every profile with its provenance and its view, by the records that it is of."""
    out: dict[str, object] = {}
    for entity in sorted({row["entity_id"] for row in people.crosswalk()}):
        profile = people.get_profile(entity_id=entity, provenance=True)
        profile["view"] = people.get_profile(entity_id=entity, view="support")["city"]
        records = sorted((row["source"], row["record_id"]) for row in people.crosswalk() if row["entity_id"] == entity)
        out[str(records)] = {name: value for name, value in profile.items() if name != "entity_id"}
    return out


def test_merge_order_never_changes_a_profile_and_undoing_gives_back_exactly_what_was() -> None:
    with omniid.open(":memory:", spec=SPEC, backend="rows") as people:
        for source, rows in ROWS.items():
            people.upsert(rows, source=source)
        people.fit()
        people.pin(("web", "1"), "plan", author="kim", time="2026-05-01")
        before = shown(people)
        assert len(before) == 3
        merged = []
        for order in sorted(permutations(PEOPLE))[::2]:
            told = [people.decide(Decision("MUST_LINK", (one,), (other,))) for one, other in pairwise(order)]
            merged.append(shown(people))
            for decisions in reversed(told):
                people.undo(decisions)
            assert shown(people) == before
        (one,) = {str(found) for found in merged}
        (profile,) = merged[0].values()
        assert (profile["city"], profile["plan"], profile["spend"], profile["view"]) == ("Hull", "b", "23.5", "Leeds")
        assert "pinned by kim" in one
