"""The laws of identity from end to end, with limits, decisions, devices and an earlier run all at once."""

import random
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from omniid import (
    Decision,
    Email,
    Identifier,
    PersonName,
    Resolution,
    Spec,
    Timestamp,
    all_pairs,
    at_most,
    disagree,
    resolve,
    time_window,
)

KEYS = [("records", str(number)) for number in range(8)]
SPEC = Spec(
    fields=[
        Identifier("login", kind="login"),
        Email(),
        PersonName(),
        Identifier("cookie", kind="cookie"),
        Timestamp("at"),
    ],
    blocking=[all_pairs()],
    limits=[at_most("email", 1), disagree("first_name")],
    link_at=-4.0,
)
LEARNED = [
    {"id": str(i), "login": f"u{i // 2}", "email": f"p{i // 2}@x.com", "first_name": first, "last_name": last}
    for i, (first, last) in enumerate(product(("ann", "tom", "eve", "raj"), ("lee", "stone", "hart")))
]
MODEL = resolve([{**row, "cookie": "c9", "at": "2026-01-01"} for row in LEARNED], SPEC).model
POLICIES = ["unassigned", "last_authenticated", "first_authenticated", time_window("1d", "2d")]
TABLES = ("crosswalk", "profiles", "provenance", "refusals", "review", "conflicts", "overridden", "households", "relations")

rows = st.lists(
    st.fixed_dictionaries(
        {
            "login": st.sampled_from([None, None, "u1", "u2"]),
            "email": st.sampled_from([None, None, "a@x.com", "b@x.com"]),
            "first_name": st.sampled_from([None, None, "ann", "tom", "eve"]),  # any two of them disagree
            "last_name": st.sampled_from([None, "lee"]),
            "cookie": st.sampled_from([None, "c1", "c1", "c2"]),
            "at": st.sampled_from([None, "2026-01-01", "2026-01-02", "2026-01-04"]),
        }
    ),
    min_size=2,
    max_size=len(KEYS),
).map(lambda drawn: [{"id": record_id, **row} for (_, record_id), row in zip(KEYS, drawn, strict=False)])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[Decision]]:
    drawn = draw(rows)
    drawn[0]["at"] = "2026-01-03"  # policies ask for a time somewhere
    there = st.permutations(KEYS[: len(drawn)])
    told = []
    for _ in range(draw(st.integers(0, 3))):
        mixed = draw(there)
        cut = draw(st.integers(1, min(2, len(mixed) - 1)))
        kind, time = draw(st.sampled_from(["MUST_LINK", "CANNOT_LINK"])), draw(st.sampled_from(["2026-05-01", "2026-05-02"]))
        told.append(Decision(kind, tuple(mixed[:cut]), tuple(mixed[cut : cut + 1]), time=time))
    return drawn, told


def entities(found: Resolution) -> dict[str, str]:
    return {row["record_id"]: row["entity_id"] for row in found.table("crosswalk").to_pylist()}


def parted(told: list[Decision]) -> set[frozenset[str]]:
    """The pairs on which the newest decision is CANNOT_LINK, which counts at equal times."""
    newest: dict[frozenset[str], tuple[str, bool]] = {}
    for one in told:
        for left, right in product(one.left, one.right):
            pair, says = frozenset((left[1], right[1])), (one.time, one.kind == "CANNOT_LINK")
            newest[pair] = max(newest.get(pair, says), says)
    return {pair for pair, (_, is_cannot) in newest.items() if is_cannot}


@settings(max_examples=settings().max_examples // 2)
@given(worlds(), st.sampled_from(POLICIES), st.randoms(use_true_random=False))
def test_no_order_of_records_and_decisions_matters_to_anything(world: Any, policy: Any, shuffle: random.Random) -> None:
    records, told = world
    spec = SPEC.replace(devices=policy)
    before = resolve(records, SPEC, model=MODEL)
    one = resolve(records, spec, model=MODEL, decisions=told, previous=before)
    mixed, other_told = shuffle.sample(records, len(records)), shuffle.sample(told, len(told))
    other = resolve(mixed, spec, model=MODEL, decisions=other_told, previous=resolve(mixed, SPEC, model=MODEL))
    for name in (*TABLES, "changes", "redirects"):
        assert one.table(name).equals(other.table(name)), name


@given(worlds(), st.sampled_from(POLICIES[1:]))
def test_no_limit_decision_or_device_rule_is_broken(world: Any, policy: Any) -> None:
    records, told = world
    found = resolve(records, SPEC.replace(devices=policy), model=MODEL, decisions=told)
    entity = entities(found)
    assert all(entity[one] != entity[other] for one, other in parted(told))
    free = {row["entity_id"] for row in found.table("overridden").to_pylist()}  # joined by people, or over a limit alone
    for field in ("email", "first_name"):
        held = {(entity[row["id"]], row[field]) for row in records if row[field]}
        owners = [name for name, _ in held if name not in free]
        assert len(owners) == len(set(owners)), field
    plain = entities(resolve(records, SPEC, model=MODEL, decisions=told))
    named = [row["id"] for row in records if row["login"] or row["email"] or row["first_name"] or row["last_name"]]
    for one, other in combinations(named, 2):  # a policy joins and parts no two persons, and renames nobody
        assert (entity[one] == entity[other]) == (plain[one] == plain[other])
    assert all(entity[one] == plain[one] for one in named)
