"""A frozen plan: the same pairs at the fit and later, and in any part of the records the pairs of that part."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.blocking import (
    CrowdedKeys,
    all_pairs,
    audit,
    block_on,
    choose_rules,
    one_edit,
    plan_blocks,
    shared_qgrams,
    sorted_neighbourhood,
)
from omniid.blocking.keys import field
from omniid.errors import SpecError
from omniid.tables import RecordTable
from oracle.blocks import listed
from oracle.frozen_blocks import RULES, tables


def triples(plan):
    return sorted(listed(plan.candidates()))


@given(tables, st.sets(st.integers(0, 23)))
def test_a_part_of_the_records_gives_the_pairs_of_that_part(table, chosen):
    whole = plan_blocks(table, RULES, max_block=5, freeze=True)
    again = plan_blocks(table, RULES, max_block=5, crowded=whole.crowded)
    assert triples(again) == triples(whole)
    assert [(rule.pairs, rule.left_out, rule.crowded) for rule in again.rules] == [
        (rule.pairs, rule.left_out, rule.crowded) for rule in whole.rules
    ]
    rows = np.array(sorted(row for row in chosen if row < len(table)), np.int32)
    part = plan_blocks(table.take(rows), RULES, crowded=whole.crowded)
    place = {int(row): at for at, row in enumerate(rows)}
    inside = [(place[a], place[b], rule) for a, b, rule in triples(whole) if a in place and b in place]
    assert triples(part) == sorted(inside)


@given(tables)
def test_without_crowded_keys_a_frozen_plan_makes_what_any_plan_makes(table):
    rules = [rule for rule in RULES if rule.max_block is None and "spelling" not in rule.name]
    assert triples(plan_blocks(table, rules, freeze=True)) == triples(plan_blocks(table, rules))


def emails(numbers):
    return RecordTable.of([{"record_id": f"{number:04}", "email": "box@a.com", "city": f"c{number % 5}"} for number in numbers])


def test_a_crowded_key_is_refined_as_far_as_keys_go_and_then_makes_no_pairs():
    table = emails(range(40))
    refined = plan_blocks(table, [block_on("email")], max_block=10, refine=[field("city")], freeze=True)
    assert refined.pairs == 5 * 8 * 7 // 2
    assert refined.crowded.count(0) == 1
    assert refined.rules[0].left_out == 40 * 39 // 2 - refined.pairs
    nothing = plan_blocks(table, [block_on("email")], max_block=5, refine=[field("city")], freeze=True)
    assert nothing.pairs == 0
    assert nothing.crowded.count(0) == 6
    left = plan_blocks(table, [block_on("email", oversized="leave")], max_block=10, refine=[field("city")], freeze=True)
    assert (left.pairs, left.crowded.count(0)) == (0, 1)


def test_what_was_not_crowded_at_the_fit_makes_pairs_however_it_grows():
    small = plan_blocks(emails(range(4)), [block_on("email")], max_block=10, freeze=True)
    assert plan_blocks(emails(range(40)), [block_on("email")], max_block=10, crowded=small.crowded).pairs == 40 * 39 // 2


def test_the_list_survives_a_file_and_the_audit_shows_it():
    plan = plan_blocks(emails(range(40)), [block_on("email"), all_pairs()], max_block=5, refine=[field("city")], freeze=True)
    again = CrowdedKeys.from_dict(plan.crowded.to_dict(), 2)
    assert triples(plan_blocks(emails(range(40)), [block_on("email"), all_pairs()], crowded=again)) == triples(plan)
    assert "6 crowded keys frozen" in str(audit(emails(range(40)), plan))
    with pytest.raises(SpecError, match="of 2 rules, but there are 3"):
        CrowdedKeys.from_dict(plan.crowded.to_dict(), 3)
    with pytest.raises(SpecError, match="can't be read"):
        CrowdedKeys.from_dict({"refine": []}, 0)


@pytest.mark.parametrize(
    ("rule", "way_out"), [(sorted_neighbourhood("email"), "block_on"), (shared_qgrams("email"), "minhash_lsh")]
)
def test_rules_that_look_at_all_records_are_refused(rule, way_out):
    with pytest.raises(SpecError, match=f"incremental=True rules out; use {way_out}"):
        plan_blocks(emails(range(4)), [rule], freeze=True)


@given(st.lists(st.text("01", min_size=7, max_size=8), min_size=2, max_size=40, unique=True), st.data())
@example([f"{number:08b}" for number in range(64)], None)
def test_crowded_deletions_and_values_are_frozen(values, data):
    """Values of two letters are so near each other that groups around a deletion overflow."""
    some = data.draw(st.sets(st.sampled_from(range(len(values))))) if data is not None else range(0, 64, 3)
    rows = [{"record_id": f"{i:03}-{copy:02}", "v": v} for i, v in enumerate(values) for copy in range(12 if i == 0 else 1)]
    table, rules = RecordTable.of(rows), [one_edit("v")]
    whole = plan_blocks(table, rules, freeze=True)
    assert {pair[:2] for pair in triples(whole)} == {pair[:2] for pair in triples(plan_blocks(table, rules))}
    assert len(whole.crowded.rules[0][1]) == 1  # the value of twelve records
    rows = np.array([at for at, row in enumerate(rows) if int(row["record_id"][:3]) in some], np.int32)
    part = plan_blocks(table.take(rows), rules, crowded=whole.crowded)
    pairs = {pair[:2] for pair in triples(whole)}
    assert {pair[:2] for pair in triples(part)} == {
        (a, b) for (a, one), (b, two) in combinations(enumerate(rows.tolist()), 2) if (one, two) in pairs
    }


def test_chosen_rules_are_local_where_they_must_be():
    few = RecordTable.of([{"record_id": str(i), "email": f"{i}@x.com", "city": "rome"} for i in range(20)])
    kinds = {"email": "email", "city": "city"}
    assert [str(rule) for rule in choose_rules(few, kinds)] == ["all_pairs()"]
    assert {rule.strategy for rule in choose_rules(few, kinds, local=True)} == {"block_on", "one_edit"}
    none = RecordTable.of([{"record_id": str(i), "city": None} for i in range(600)])
    assert [str(rule) for rule in choose_rules(none, {"city": "city"}, local=True)] == ["city"]
