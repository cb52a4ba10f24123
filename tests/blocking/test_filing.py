"""Index keys: every pair that a rule makes shares one, in any part of the records and either way round."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from omniid.blocking import index_keys, one_edit, outgrown, plan_blocks, shared_qgrams
from omniid.blocking.filing import edit_windows
from omniid.errors import SpecError
from omniid.tables import RecordTable
from oracle.frozen_blocks import RULES, tables

KEYED = [number for number, rule in enumerate(RULES) if rule.strategy != "one_edit"]


def sharing(filed, sought):
    """Pairs (a, b, rule) such that b looks up a key that a is filed under."""
    by_key = {}
    for row, key, rule in zip(*(part.tolist() for part in filed), strict=True):
        by_key.setdefault((key, rule), set()).add(row)
    return {
        (row, other, rule)
        for other, key, rule in zip(*(part.tolist() for part in sought), strict=True)
        for row in by_key.get((key, rule), ())
        if row != other
    }


def made(table, rules, crowded):
    """Pairs (a, b, rule), either way round, that each rule makes by itself."""
    found = set()
    for number, finder in enumerate(plan_blocks(table, rules, crowded=crowded).finders):
        for piece in finder.pieces(1000):
            rows, left, right = (part.tolist() for part in piece())
            found |= {(rows[a], rows[b], number) for a, b in zip(left, right, strict=True)}
    return found | {(b, a, rule) for a, b, rule in found}


@given(tables)
def test_every_pair_shares_a_key_either_way_round(table):
    crowded = plan_blocks(table, RULES, max_block=5, freeze=True).crowded
    filed, sought = (index_keys(table, RULES, crowded, looking_up=looking_up) for looking_up in (False, True))
    shared, pairs = sharing(filed, sought), made(table, RULES, crowded)
    assert pairs <= shared
    assert {one for one in pairs if one[2] in KEYED} == {one for one in shared if one[2] in KEYED}


@given(tables, st.data())
def test_a_record_has_the_same_keys_in_any_table(table, data):
    crowded = plan_blocks(table, RULES, max_block=5, freeze=True).crowded
    row = data.draw(st.integers(0, len(table) - 1))
    every, alone = index_keys(table, RULES, crowded), index_keys(table.take(np.array([row], np.int32)), RULES, crowded)
    mine = every.rows == row
    assert sorted(zip(every.keys[mine].tolist(), every.rules[mine].tolist(), strict=True)) == sorted(
        zip(alone.keys.tolist(), alone.rules.tolist(), strict=True)
    )


def edits(value, letters):
    """All values one typing error away."""
    cuts = [(value[:at], value[at:]) for at in range(len(value) + 1)]
    yield from (head + tail[1:] for head, tail in cuts if tail)
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    yield from (head + letter + tail[1:] for head, tail in cuts if tail for letter in letters)
    yield from (head + letter + tail for head, tail in cuts for letter in letters)


@given(st.text("ab@é", min_size=1, max_size=30), st.integers(1, 7))
def test_all_typing_errors_of_a_value_are_found(value, shortest):
    near = sorted({other for other in edits(value, "ax") if OSA.distance(value, other) == 1 and len(other) >= shortest})
    if len(value) < shortest or not near:
        return
    table = RecordTable.of([{"record_id": f"{at:04}", "v": one} for at, one in enumerate([value, *near])])
    rules = [one_edit("v", shortest=shortest)]
    crowded = plan_blocks(table, rules, freeze=True).crowded
    filed, sought = (index_keys(table, rules, crowded, looking_up=looking_up) for looking_up in (False, True))
    shared = {(a, b) for a, b, _ in sharing(filed, sought)}
    assert {(0, at) for at in range(1, len(near) + 1)} <= shared
    assert {(at, 0) for at in range(1, len(near) + 1)} <= shared


@given(st.integers(1, 64))
def test_windows_cover_every_place_of_an_edit(length):
    """The proof of `edit_windows`, place by place."""
    windows = edit_windows(length)
    for swap, most in ((True, length - 1), (False, length)):
        for at in range(most):
            assert any(first <= at and last <= length - 1 - at - swap for first, last in windows)
    for at in range(length + 1):  # the other value is one longer
        assert any(first <= at and last <= length - at for first, last in windows)


def test_longer_and_shorter_values_than_the_rule_looks_at_have_no_keys():
    table = RecordTable.of(
        [{"record_id": "1", "v": "a" * 6}, {"record_id": "2", "v": "a" * 65}, {"record_id": "3", "v": "a" * 7}]
    )
    rules = [one_edit("v")]
    crowded = plan_blocks(table, rules, freeze=True).crowded
    assert set(index_keys(table, rules, crowded).rows.tolist()) == {2}
    assert len(index_keys(table, rules, crowded, looking_up=True).rows) == 8  # not those of six characters


def test_rules_that_cannot_be_frozen_are_refused():
    table = RecordTable.of([{"record_id": "1", "v": "aa"}])
    with pytest.raises(SpecError, match="shared_qgrams"):
        index_keys(table, [shared_qgrams("v")], plan_blocks(table, [one_edit("v")], freeze=True).crowded)


@given(tables)
def test_what_outgrew_its_plan_is_what_a_new_fit_would_freeze(table):
    """With a plan frozen on no records, a key is above the cap exactly where a fit on these records lists it as crowded."""
    crowded = plan_blocks(table.take(np.zeros(0, np.int32)), RULES, freeze=True).crowded
    filed = index_keys(table, RULES, crowded)
    counts = Counter(zip(filed.keys.tolist(), filed.rules.tolist(), strict=True))
    of_rule, records = np.array([rule for _, rule in counts], np.int64), np.array(list(counts.values()), np.int64)
    fresh = plan_blocks(table, RULES, max_block=5, freeze=True)
    expected = {
        rule.name: rule.oversized
        for rule, one in zip(fresh.rules, RULES, strict=True)
        if rule.oversized and "edit" not in one.name
    }
    assert {one.rule: one.blocks for one in outgrown(RULES, of_rule, records, max_block=5)} == expected
