"""Laws of golden profiles: pure in their member records, the same in any order, undone by a split, made of provenance."""

from collections import defaultdict
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.survivorship import Pinned, plural, rule_from_text, survive
from omniid.tables import Profiles

DAY = 86_400_000_000
GROUP = "street, city"
RANKING = [
    "most_recent",
    "oldest",
    "source_priority(web, crm)",
    "most_frequent",
    "most_complete",
    "longest",
    "shortest",
    "min",
    "max",
    "trusted(half_life=2d)",
    "verified_first",
]
TRUST = {"crm": 90, "web": 30, "shop": 45.5}

texts = st.one_of(st.none(), st.sampled_from(["Omsk", "OMSK", "Perm", "10", "9", "7.50"]))
cells = st.one_of(texts, st.lists(texts, max_size=2))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from(["crm", "shop", "web"]),
            "entity": st.sampled_from(["e0", "e1", "e2"]),
            "time": st.one_of(st.none(), st.integers(-3, 3).map(lambda day: day * DAY)),
            "pin": st.sampled_from(["", "", "", "name", "street", "spend"]),
            "ok": st.sampled_from(["yes", "no"]),
            "name": cells,
            "email": cells,
            "street": texts,
            "city": texts,
            "spend": texts,
        }
    ),
    min_size=1,
    max_size=7,
)
ranking = st.lists(st.sampled_from(RANKING), max_size=3, unique=True)
chains = st.fixed_dictionaries(
    {
        "name": ranking,
        "email": ranking.map(lambda chain: ["union(most=2)", *chain]),
        GROUP: ranking,
        "spend": st.tuples(st.sampled_from(["total", "count", "total(once_per=name)", "max"]), ranking).map(
            lambda pair: [pair[0], *pair[1]]
        ),
        "*": st.just(["same_record_as(name)", "most_recent"]),
    }
)


def made(make, raw, rules) -> Profiles:
    """Profiles of plain rows; each row tells which of its values is pinned (later rows later) and verified."""
    numbered = sorted(
        ({"record_id": f"{number:03}", **row} for number, row in enumerate(raw)), key=lambda row: row["record_id"]
    )
    table, entity, ids = make([{name: cell for name, cell in row.items() if name != "pin"} for row in numbered])
    keys = {table.key(row): row for row in range(len(table))}
    pins = [Pinned(keys[row["source"], row["record_id"]], row["pin"], row["record_id"]) for row in numbered if row["pin"]]
    verified = np.array([table.display["ok"].entries_of(row) == ["yes"] for row in range(len(table))], bool)
    read = {field: [rule_from_text(rule) for rule in chain] for field, chain in rules.items()}
    return survive(table, entity, ids, read, trust=TRUST, verified={"name": verified}, pins=pins)


def by_entity(profiles: Profiles) -> dict[str, tuple[object, list[object]]]:
    """Entity → its profile and its provenance; a column that nobody fills is none."""
    traced: dict[str, list[object]] = defaultdict(list)
    for row in profiles.provenance.to_pylist():
        traced[row["entity_id"]].append(row)
    told = [{name: value for name, value in row.items() if value not in (None, [])} for row in profiles.entities.to_pylist()]
    return {str(row["entity_id"]): (row, traced[row["entity_id"]]) for row in told}


def with_ids(raw):
    return [{"record_id": f"{number:03}", **row} for number, row in enumerate(raw)]


@given(rows, chains)
def test_a_profile_is_a_pure_function_of_its_member_records(make, raw, rules) -> None:
    raw = with_ids(raw)
    together = by_entity(made(make, raw, rules))
    for name, found in together.items():
        assert by_entity(made(make, [row for row in raw if row["entity"] == name], rules)) == {name: found}


@given(rows, chains, st.randoms(use_true_random=False))
def test_no_order_of_rows_or_merges_changes_a_profile_and_a_split_gives_back_what_was(make, raw, rules, random) -> None:
    raw = with_ids(raw)
    before = by_entity(made(make, raw, rules))

    def merged(steps):
        owner = {row["record_id"]: row["entity"] for row in raw}
        for left, right in steps:
            known = min(left, right)
            owner = {record: known if entity in (left, right) else entity for record, entity in owner.items()}
        return [{**row, "entity": owner[row["record_id"]]} for row in raw]

    one = made(make, merged([("e0", "e1"), ("e0", "e2")]), rules)
    mixed = merged([("e2", "e1"), ("e1", "e0")])
    random.shuffle(mixed)
    assert by_entity(one) == by_entity(made(make, mixed, rules))
    apart = [{**row, "entity": next(r["entity"] for r in raw if r["record_id"] == row["record_id"])} for row in mixed]
    assert by_entity(made(make, apart, rules)) == before


@given(rows, chains)
def test_profiles_are_made_again_of_provenance_alone(make, raw, rules) -> None:
    profiles = made(make, raw, rules)
    kept: dict[tuple[str, str], list[dict[str, object]]] = defaultdict(list)
    for row in profiles.provenance.to_pylist():
        assert row["reason"]
        if row["survived"]:
            kept[row["entity_id"], row["field"]].append(row)
    for profile in profiles.entities.to_pylist():
        for field in ("name", "email", "street", "city", "spend", "ok"):
            found = kept[profile["entity_id"], field]
            values = [str(row["value"]) for row in found]
            rule = str(found[0]["rule"]) if found else ""
            if rule.startswith("total"):
                assert Decimal(profile[field]) == sum(map(Decimal, values))
            elif rule == "count":
                assert profile[field] == str(len({(row["source"], row["record_id"]) for row in found}))
            else:
                assert profile.get(field) == (values[0] if values else None)
            if plural(field) in profile:
                assert profile[plural(field)] == values
