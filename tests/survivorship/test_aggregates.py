"""Totals and counts: exact, once per thing, and told in provenance."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from omniid.survivorship import Pinned, count, most_recent, rule_from_text, survive, total
from oracle import survive as slow

amount = st.one_of(st.none(), st.sampled_from(["1", "2.50", "-0.5", "1000000000000", "many", "0.125", ["3", "4"]]))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "entity": st.sampled_from(["e0", "e1"]),
            "time": st.one_of(st.none(), st.integers(0, 3)),
            "spend": amount,
            "order": st.one_of(st.none(), st.sampled_from(["a", "b"])),
        }
    ),
    min_size=1,
    max_size=7,
)


@given(rows, st.booleans())
def test_totals_and_counts_agree_with_their_slow_twins(make, raw, once) -> None:
    table, entity, ids = make(raw)
    per = "order" if once else None
    spent, told = (survive(table, entity, ids, {"spend": [rule, most_recent()]}) for rule in (total(per), count(per)))
    for number, name in enumerate(ids):
        members = [row for row in range(len(table)) if entity[row] == number]
        newest = sorted(members, key=lambda row: (-int(table.time[row]), row))
        amounts: dict[object, list[str]] = defaultdict(list)
        for row in newest:
            said = [value for value in table.display["spend"].entries_of(row) if value] if "spend" in table.display else []
            orders = [value for value in table.display["order"].entries_of(row) if value] if "order" in table.display else []
            thing = orders[0] if once and orders else row
            if said and thing not in amounts:
                amounts[thing] = said
        numbers = [Decimal(value) for said in amounts.values() for value in said if slow.is_number(value)]
        found = spent.entities.to_pylist()[number].get("spend")
        assert (None if found is None else Decimal(found)) == (sum(numbers) if numbers else None)
        kept = [r for r in spent.provenance.to_pylist() if r["survived"] and (r["entity_id"], r["field"]) == (name, "spend")]
        assert sorted(Decimal(row["value"]) for row in kept) == sorted(numbers)
        assert told.entities.to_pylist()[number].get("spend") == (str(len(amounts)) if amounts else None)


def test_totals_are_written_as_exactly_as_the_amounts_of_the_person(make) -> None:
    rows = [
        {"spend": "0.1", "entity": "e0"},
        {"spend": "0,20", "entity": "e0"},
        {"spend": "7", "entity": "e1"},
        {"spend": "1,234", "entity": "e2"},
        {"spend": "9" * 12, "entity": "e3"},
        *[{"spend": "0.123456", "entity": "e4"}] * 3,
    ]
    profiles = survive(*make(rows), {"spend": [total()]})
    assert profiles.entities["spend"].to_pylist() == ["0.30", "7", None, "9" * 12, "0.370368"]
    words = {row["value"]: row["reason"] for row in profiles.provenance.to_pylist()}
    assert words["1,234"] == "it is not added: told already, of another source, or no plain number"
    assert words["7"] == "it is added"


def test_a_pinned_value_stands_alone(make) -> None:
    table, entity, ids = make([{"spend": "5"}, {"spend": "6"}, {"spend": "7", "entity": "e1"}])
    profiles = survive(table, entity, ids, {"spend": [total()]}, pins=[Pinned(1, "spend", "by kim")])
    assert profiles.entities["spend"].to_pylist() == ["6", "7"]
    assert [(row["rule"], row["survived"]) for row in profiles.provenance.to_pylist()] == [
        ("pinned", True),
        ("pinned", False),
        ("total", True),
    ]


def test_one_channel_may_count_alone(make) -> None:
    rows = [
        {"spend": "5", "source": "shop", "order": "a"},
        {"spend": "6", "source": "web", "order": "a"},
        {"spend": "7", "source": "web", "order": "b"},
        {"spend": "9", "source": "web", "entity": "e1"},
    ]
    for rule, wanted in (
        (total(source="shop"), ["5", None]),
        (count(source="web"), ["2", "1"]),
        (total(source="app"), [None] * 2),
    ):
        assert survive(*make(rows), {"spend": [rule]}).entities["spend"].to_pylist() == wanted
    assert survive(*make(rows), {"spend": [total("order", "shop")]}).entities["spend"].to_pylist() == ["5", None]


def test_rules_are_written_and_read() -> None:
    for rule in (total(), total("order"), count(), count("a, b"), total("order", "the shop"), count(source="a=b")):
        again = rule_from_text(rule.name)
        assert (again, again.once_per, again.combines) == (rule, rule.once_per, rule.combines)
