"""Fields decided together: against the slow way, and what a group may not be."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import SpecError, most_recent, union
from omniid.survivorship import Pinned, rule_from_text, same_record_as, survive
from omniid.survivorship.groups import groups_among
from omniid.tables import NO_TIME
from oracle import survive as slow

ADDRESS = ("street", "city", "postcode")
KEY = "street, city, postcode"
RULES = ["most_recent", "oldest", "source_priority(web)", "most_complete", "most_frequent", "longest", "max"]

cell = st.one_of(st.none(), st.sampled_from(["a", "A", "bb"]))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from(["crm", "web"]),
            "entity": st.sampled_from(["e0", "e1"]),
            "time": st.one_of(st.none(), st.integers(0, 3)),
            "street": cell,
            "city": st.one_of(cell, st.just(["bb", "a"])),
            "postcode": cell,
            "name": cell,
        }
    ),
    min_size=1,
    max_size=6,
)


def first(column, row: int) -> str | None:
    return next((value for value in column.entries_of(row) if value is not None), None) if column is not None else None


def expected(table, members: Sequence[int], chain: Sequence[str], pinned: Sequence[int]) -> dict[str, str | None]:
    """The slow way: rank whole addresses, take the first, and fill its gaps from the best one that agrees with it."""
    said = {row: {field: first(table.columns.get(field), row) for field in ADDRESS} for row in members}
    shown = {row: {field: first(table.display.get(field), row) for field in ADDRESS} for row in members}
    entries = [
        slow.Entry(
            row,
            tuple((said[row][field] is None, said[row][field] or "") for field in ADDRESS if field in table.display),
            ", ".join(text for text in shown[row].values() if text),
            None if table.time[row] == NO_TIME else int(table.time[row]),
            table.key(row)[0],
            sum(first(column, row) is not None for column in table.display.values()),
            pinned=pinned.index(row) + 1 if row in pinned else 0,
        )
        for row in members
        if any(said[row].values())
    ]
    if not entries:
        return dict.fromkeys(ADDRESS)
    order, _ = slow.survive(entries, ["pinned", *chain], slow.Known())
    best = said[order[0].row]

    def agrees(row: int) -> bool:
        both = [(best[field], said[row][field]) for field in ADDRESS if best[field] and said[row][field]]
        return bool(both) and all(one == other for one, other in both)

    fits = [entry.row for entry in order if agrees(entry.row)]
    return {
        field: shown[order[0].row][field] or next((shown[row][field] for row in fits if shown[row][field]), None)
        for field in ADDRESS
    }


@given(rows, st.lists(st.sampled_from(RULES[:-1]), max_size=2, unique=True), st.lists(st.integers(0, 5), max_size=2))
def test_one_record_gives_all_fields_of_a_group(make, raw, chain, pins) -> None:
    table, entity, ids = make(raw)
    held = [row for row in dict.fromkeys(pins) if row < len(table) and first(table.display.get("city"), row)]
    profiles = survive(
        table, entity, ids, {KEY: [rule_from_text(rule) for rule in chain]}, pins=[Pinned(row, "city", "") for row in held]
    )
    for number, profile in enumerate(profiles.entities.to_pylist()):
        members = [row for row in range(len(table)) if entity[row] == number]
        wanted = expected(table, members, chain, [row for row in held if row in members])
        found = {field: profile.get(field) for field in ADDRESS}
        assert {field: value if field != "city" else first_of_cell(value) for field, value in found.items()} == {
            field: value if field != "city" else first_of_cell(value) for field, value in wanted.items()
        }
        kept = [row for row in profiles.provenance.to_pylist() if row["survived"] and row["entity_id"] == ids[number]]
        for field in ADDRESS:
            assert [row["value"] for row in kept if row["field"] == field] == [found[field]] * (found[field] is not None)


def first_of_cell(value: str | None) -> bool:
    """A cell of several values gives any of them."""
    return value is not None


def test_a_gap_is_filled_by_a_record_that_tells_of_the_same_address(make) -> None:
    rows = [
        {"street": "Mira 1", "city": "Omsk", "time": 9},
        {"street": "Mira 1", "postcode": "644", "time": 1},
        {"street": "Lenina 2", "city": "Omsk", "postcode": "645", "time": 5},
    ]
    profiles = survive(*make(rows), {KEY: [most_recent()]})
    assert [profiles.entities[field][0].as_py() for field in ADDRESS] == ["Mira 1", "Omsk", "644"]
    del rows[1]
    profiles = survive(*make(rows), {KEY: [most_recent()]})
    assert profiles.entities["postcode"].to_pylist() == [None]
    (lost,) = [row for row in profiles.provenance.to_pylist() if row["field"] == "postcode"]
    assert (lost["value"], lost["survived"], lost["rule"]) == ("645", False, "most_recent")


def test_a_field_may_follow_a_group(make) -> None:
    rows = [{"city": "Omsk", "region": "north", "time": 1}, {"city": "Perm", "region": "south", "time": 2}]
    chains = {"region": [same_record_as("city")], "city, street": [most_recent()]}
    assert survive(*make([{**row, "street": "x"} for row in rows]), chains).entities["region"].to_pylist() == ["south"]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"street, city": [], "city, postcode": []}, "decides 'city' by 'street, city' and by 'city, postcode'"),
        ({"street, city": [], "city": []}, "decides 'city' by 'city' and by 'street, city'"),
        ({"street, city": [union()]}, "so union has no place"),
        ({"street, city": [same_record_as("city")]}, "waits for a field of the same group"),
    ],
)
def test_what_can_be_no_group_is_refused(rules, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        groups_among(rules, ADDRESS)


def test_groups_that_wait_for_each_other_are_refused(make) -> None:
    rules = {"street, city": [same_record_as("name")], "name": [same_record_as("city")]}
    with pytest.raises(SpecError, match="wait for each other"):
        survive(*make([{"street": "a", "city": "b", "name": "c"}]), rules)
