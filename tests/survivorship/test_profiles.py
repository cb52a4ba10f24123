"""Golden profiles against the slow obvious way, and the law that no value is lost."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import SpecError
from omniid.survivorship import Pinned, SurvivorshipRule, plural, rule_from_text, survive
from omniid.tables import NO_TIME, Profiles, RecordTable
from oracle import survive as slow

FIELDS = ("city", "street")
CITIES = ["Omsk", "omsk", "OMSK", "Perm", "Kazań", "10", "9", "Ufa"]
RULES = [
    "most_recent",
    "oldest",
    "source_priority(web, crm)",
    "source_priority(shop)",
    "most_frequent",
    "most_complete",
    "longest",
    "shortest",
    "min",
    "max",
    "trusted(half_life=2d)",
    "verified_first",
    "union",
    "union(most=2)",
]
DAY = 86_400_000_000

cells = st.one_of(st.none(), st.sampled_from(CITIES), st.lists(st.sampled_from([*CITIES, None]), max_size=3))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from(["crm", "shop", "web"]),
            "entity": st.sampled_from(["e0", "e1", "e2"]),
            "time": st.one_of(st.none(), st.integers(-3, 3).map(lambda day: day * DAY)),
            "verified": st.booleans(),
            "city": cells,
            "street": cells,
        }
    ),
    min_size=1,
    max_size=8,
)
chains = st.fixed_dictionaries(
    {
        "street": st.lists(st.sampled_from(RULES), max_size=3, unique=True),
        "city": st.lists(st.sampled_from([*RULES, "same_record_as(street)"]), max_size=3, unique=True),
    }
)
trusts = st.dictionaries(st.sampled_from(["crm", "shop", "web"]), st.integers(0, 100))
pinned = st.lists(st.tuples(st.integers(0, 7), st.sampled_from(FIELDS)), max_size=3)


def entries_of(
    table: RecordTable, field: str, entity: np.ndarray, verified: Sequence[bool] = (), pins: Sequence[Pinned] = ()
) -> dict[int, list[slow.Entry]]:
    """What the oracle sees: entity → its entries."""
    newest = {pin.row: number for number, pin in enumerate(pins, start=1) if pin.field == field}
    out: dict[int, list[slow.Entry]] = defaultdict(list)
    for row in range(len(table)):
        filled = sum(any(value is not None for value in table.display[name].entries_of(row)) for name in table.display)
        time = None if table.time[row] == NO_TIME else int(table.time[row])
        pairs = zip(table.columns[field].entries_of(row), table.display[field].entries_of(row), strict=True)
        for normal, shown in pairs:
            if normal is not None and shown is not None:
                told = bool(verified[row]) if len(verified) else False, newest.get(row, 0)
                out[int(entity[row])].append(slow.Entry(row, normal, shown, time, table.key(row)[0], filled, *told))
    return out


def parsed(rules: Mapping[str, Sequence[str]]) -> dict[str, list[SurvivorshipRule]]:
    return {field: [rule_from_text(rule) for rule in chain] for field, chain in rules.items()}


def provenance_of(profiles: Profiles) -> dict[tuple[str, str], list[dict[str, object]]]:
    out: dict[tuple[str, str], list[dict[str, object]]] = defaultdict(list)
    for row in profiles.provenance.to_pylist():
        out[row["entity_id"], row["field"]].append(row)
    return out


@given(rows, chains, trusts, pinned)
def test_every_rule_and_chain_agrees_with_its_slow_twin(make, raw, rules, trust, pins) -> None:
    flags = [row.pop("verified") for row in raw]
    table, entity, ids = make([{**row, "flag": str(flag)} for row, flag in zip(raw, flags, strict=True)])
    verified = np.array([table.display["flag"].entries_of(row) == ["True"] for row in range(len(table))])
    held = [Pinned(row, field, "by kim") for row, field in pins if row < len(table)]
    profiles = survive(table, entity, ids, parsed(rules), trust=trust, verified=dict.fromkeys(FIELDS, verified), pins=held)
    traced = provenance_of(profiles)
    rows_by_id = {row["entity_id"]: row for row in profiles.entities.to_pylist()}
    winners: dict[int, dict[str, int]] = defaultdict(dict)
    for field in ("street", "city"):
        by_entity = entries_of(table, field, entity, verified, held) if field in table.columns else {}
        for number, name in enumerate(ids):
            if number not in by_entity:
                assert rows_by_id[name].get(field) is None
                continue
            latest = max(
                (int(t) for t, e in zip(table.time, entity, strict=True) if e == number and t != NO_TIME), default=None
            )
            known = slow.Known(trust, winners[number], latest)
            order, decided = slow.survive(by_entity[number], ["pinned", *rules[field]], known)
            winners[number][field] = order[0].row
            found = traced[name, field]
            assert rows_by_id[name][field] == order[0].shown
            assert [(row["value"], (row["source"], row["record_id"])) for row in found] == [
                (entry.shown, table.key(entry.row)) for entry in order
            ]
            assert {row["rule"] for row in found} == {decided}
            unions = [rule for rule in rules[field] if rule.startswith("union")]
            if unions:
                firsts = list({entry.normal: entry.shown for entry in order[::-1]}.items())
                best = sorted(firsts, key=lambda one: [entry.normal for entry in order].index(one[0]))
                kept = [shown for _, shown in best][: 2 if "union(most=2)" in unions else None]
                assert rows_by_id[name][plural(field)] == kept
                assert [row["value"] for row in found if row["survived"]] == kept
            else:
                assert [row["survived"] for row in found] == [True] + [False] * (len(found) - 1)


@given(rows, chains)
def test_no_value_is_lost_and_provenance_makes_the_profile_again(make, raw, rules) -> None:
    table, entity, ids = make(raw)
    profiles = survive(table, entity, ids, parsed(rules))
    came = sorted(
        (ids[entity[row]], field, value, *table.key(row))
        for field in FIELDS
        if field in table.display
        for row in range(len(table))
        for value in table.display[field].entries_of(row)
        if value is not None
    )
    traced = profiles.provenance.to_pylist()
    assert sorted((r["entity_id"], r["field"], r["value"], r["source"], r["record_id"]) for r in traced) == came
    assert all(row["raw"] is not None for row in traced)
    for profile in profiles.entities.to_pylist():
        for field in FIELDS:
            kept = [
                r["value"] for r in traced if (r["entity_id"], r["field"]) == (profile["entity_id"], field) and r["survived"]
            ]
            assert profile.get(field) == (kept[0] if kept else None)
    assert profiles.entities["records"].to_pylist() == np.bincount(entity).tolist()


@given(rows)
def test_a_lone_record_survives_unchanged(make, raw) -> None:
    table, entity, ids = make([{**raw[0], "city": "Omsk", "street": None}])
    profile = survive(table, entity, ids, {}).entities.to_pylist()[0]
    assert profile == {
        "entity_id": ids[0],
        "entity_kind": "person",
        "records": 1,
        "sources": [raw[0]["source"]],
        "city": "Omsk",
    }


@given(rows, chains, st.randoms(use_true_random=False))
def test_numbers_of_values_and_entities_do_not_matter(make, raw, rules, random) -> None:
    table, entity, ids = make(raw)
    mixed = list(range(len(ids)))
    random.shuffle(mixed)
    one = survive(table, entity, ids, parsed(rules))
    other = survive(table, np.array(mixed, np.int32)[entity], [ids[mixed.index(i)] for i in range(len(ids))], parsed(rules))
    profiles = [sorted(found.entities.to_pylist(), key=lambda row: str(row["entity_id"])) for found in (one, other)]
    assert profiles[0] == profiles[1]
    assert sorted(map(str, one.provenance.to_pylist())) == sorted(map(str, other.provenance.to_pylist()))


def test_columns_of_provenance_and_profiles(make) -> None:
    profiles = survive(*make([{"city": "Omsk"}]), {})
    wanted = ["entity_id", "field", "value", "raw", "source", "record_id", "time", "rule", "survived", "reason"]
    assert profiles.provenance.column_names == wanted
    assert profiles.entities.column_names == ["entity_id", "entity_kind", "records", "sources", "city"]


def test_tables_without_values_or_records_have_all_columns(make) -> None:
    wanted = survive(*make([{"city": "Omsk"}]), {}).provenance.schema
    assert survive(*make([{"city": None}]), {}).provenance.schema == wanted
    empty = survive(RecordTable.of([]), np.zeros(0, np.int32), [], {})
    assert (empty.entities.num_rows, empty.provenance.schema) == (0, wanted)


def test_each_value_of_a_record_keeps_what_came(make) -> None:
    table, entity, ids = make([{"city": ["Omsk ", "Omsk", "Perm"]}])
    traced = survive(table, entity, ids, {}).provenance
    assert sorted(zip(traced["value"].to_pylist(), traced["raw"].to_pylist(), strict=True)) == [
        ("Omsk", "Omsk"),
        ("Omsk", "Omsk "),
        ("Perm", "Perm"),
    ]


def test_fields_named_as_columns_of_every_profile_stand_beside_them(make) -> None:
    rows = [{"records": "vinyl", "sources": "spring", "email": "a@x.com", "emails": "old"}]
    profile = survive(*make(rows), {"email": [rule_from_text("union")]}).entities.to_pylist()[0]
    assert (profile["records"], profile["sources"], profile["records_"], profile["sources_"]) == (1, ["crm"], "vinyl", "spring")
    assert (profile["emails"], profile["emails_"]) == ("old", ["a@x.com"])


def test_a_fallback_decides_only_where_the_first_rule_ties(make) -> None:
    rows = [{"city": "Omsk", "time": 5}, {"city": "Perm", "time": 5}, {"city": "Perm", "time": 1}, {"city": "Ufa"}]
    profiles = survive(*make(rows), parsed({"city": ["most_recent", "most_frequent"]}))
    assert profiles.entities["city"].to_pylist() == ["Perm"]
    assert set(profiles.provenance["rule"].to_pylist()) == {"most_frequent"}


def test_an_address_stays_in_one_piece(make) -> None:
    rows = [
        {"street": "Lenina 1", "city": "Omsk", "time": 1},
        {"street": "Mira 2", "city": "Perm", "time": 2},
        {"city": "Omsk", "time": 3},
    ]
    chains = parsed({"street": ["most_recent"], "city": ["same_record_as(street)", "most_recent"]})
    profile = survive(*make(rows), chains).entities.to_pylist()[0]
    assert (profile["street"], profile["city"]) == ("Mira 2", "Perm")
    rows[1]["city"] = None
    assert survive(*make(rows), chains).entities["city"].to_pylist() == ["Omsk"]  # its record has no city: the next rule


def test_cycles_are_refused(make) -> None:
    chains = parsed({"street": ["same_record_as(city)"], "city": ["same_record_as(street)"]})
    with pytest.raises(SpecError, match="wait for each other"):
        survive(*make([{"street": "a", "city": "b"}]), chains)
