"""Candidate pairs equal the brute-force join, each once, with the first rule; nothing depends on order, chunk or workers."""

import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.blocking import (
    all_pairs,
    block,
    block_on,
    first_words,
    initial,
    local_part,
    minhash_lsh,
    month_day,
    one_edit,
    plan_blocks,
    prefix,
    shared_qgrams,
    sorted_name,
    sorted_neighbourhood,
    sound_of_words,
    soundex,
    year,
    year_month,
)
from omniid.errors import CancelledError, SpecError
from omniid.tables import RecordTable
from oracle.blocks import agrees, first_rules, listed

CHOICES = {
    "first_name": ["anna", "ana", "anna maria", "jon", "smith", "7"],
    "last_name": ["smith", "smyth", "kovacs", "anna", "maria kovacs"],
    "birth_date": ["1980-02-03", "1980-02-04", "1981-02-03", "1980", "1980-02"],
    "email": ["anna.smith@a.com", "anna.smith@b.com", "jon@a.com"],
    "postcode": ["ab12", "ab13", "a"],
    "street": ["12 main st", "12 mane street", "7 high st", "12"],
}
RULES = [
    block_on("email"),
    block_on("first_name", "last_name"),
    block_on("birth_date", soundex("last_name")),
    block_on(sorted_name("first_name", "last_name")),
    block_on(prefix("postcode", 2), year("birth_date")),
    block_on(month_day("birth_date"), initial("first_name")),
    block_on(year_month("birth_date"), "postcode"),
    block_on(local_part("email"), "first_name"),
    block_on(first_words("street"), "postcode"),
    block_on(sound_of_words("street"), initial("last_name")),
]


def cells(values):
    one = st.one_of(st.none(), st.sampled_from(values))
    return st.one_of(one, one, st.lists(st.sampled_from(values), max_size=3))


rows_of_anything = st.lists(
    st.fixed_dictionaries({name: cells(values) for name, values in CHOICES.items()}), min_size=1, max_size=14
)
some_rules = st.lists(st.sampled_from(RULES), min_size=1, max_size=4, unique=True)


def numbered(rows):
    return [{"record_id": f"{number:03}", **row} for number, row in enumerate(rows)]


@given(rows_of_anything, some_rules, st.sampled_from([1, 2, 7, 65_536]), st.sampled_from([1, 2]))
def test_equals_the_brute_force_join(rows, rules, chunk, workers):
    table = RecordTable.of(numbered(rows))
    pairs = listed(block(table, rules, chunk=chunk, workers=workers))
    assert {(left, right): rule for left, right, rule in pairs} == first_rules(rules, rows)
    assert len({(left, right) for left, right, _ in pairs}) == len(pairs)
    assert all(left < right for left, right, _ in pairs)


@given(rows_of_anything, some_rules, st.sampled_from([2, 3]), st.randoms(use_true_random=False))
def test_order_of_rows_values_and_codes_changes_nothing(rows, rules, max_block, shuffle):
    rows = numbered(rows)
    table = RecordTable.of(rows)
    rules = [*rules, sorted_neighbourhood("last_name", window=3), one_edit("postcode", shortest=1), minhash_lsh("street")]
    expected = listed(block(table, rules, max_block=max_block))
    shuffled = rows[:]
    shuffle.shuffle(shuffled)
    assert sorted(listed(block(RecordTable.of(shuffled), rules, max_block=max_block))) == sorted(expected)
    # The same records with the vocabularies numbered differently: extra records first, then taken away again.
    extra = RecordTable.of([{**row, "record_id": f"!{row['record_id']}"} for row in reversed(rows)] + rows)
    own = np.arange(len(rows), 2 * len(rows), dtype=np.int32)
    taken = {name: column.take(own) for name, column in extra.columns.items()}
    renumbered = RecordTable(table.sources, table.source, table.record_id, taken, taken, taken, table.time, table.rejects)
    assert sorted(listed(block(renumbered, rules, max_block=max_block))) == sorted(expected)


@given(rows_of_anything, some_rules, st.sampled_from([2, 120]))
def test_chunks_and_workers_change_nothing_and_iterating_twice_gives_the_same(rows, rules, max_block):
    table = RecordTable.of(numbered(rows))
    pairs = block(table, rules, max_block=max_block)
    expected = listed(pairs)
    assert listed(pairs) == expected
    assert sorted(listed(block(table, rules, max_block=max_block, chunk=1, workers=3))) == sorted(expected)


@given(rows_of_anything, some_rules, st.sampled_from(RULES), st.sampled_from([2, 120]))
def test_a_further_rule_only_adds_pairs(rows, rules, further, max_block):
    table = RecordTable.of(numbered(rows))
    before = listed(block(table, rules, max_block=max_block))
    after = listed(block(table, [*rules, further], max_block=max_block))
    assert set(before) <= set(after)  # with the same first rule


@given(rows_of_anything, some_rules)
def test_a_cap_only_takes_pairs_away_and_the_plan_counts_them(rows, rules):
    table = RecordTable.of(numbered(rows))
    for rule in rules:
        whole = {triple[:2] for triple in listed(block(table, [rule]))}
        for oversized in ("refine", "leave"):
            capped_rule = block_on(*rule.keys, oversized=oversized)
            plan = plan_blocks(table, [capped_rule], max_block=2).rules[0]
            capped = {triple[:2] for triple in listed(block(table, [capped_rule], max_block=2))}
            assert capped <= whole
            assert (plan.left_out > 0) >= (len(capped) < len(whole))  # what is missing is never missing silently
            assert len(capped) <= plan.pairs


def test_many_values_per_record_take_the_slow_path_and_agree():
    draw = random.Random(5)
    rows = [{"phone": [f"p{draw.randrange(400)}" for _ in range(draw.choice([1, 2, 30]))]} for _ in range(60)]
    table, rule = RecordTable.of(numbered(rows)), block_on("phone")
    expected = [pair for pair in combinations(range(60), 2) if agrees(rule, rows[pair[0]], rows[pair[1]])]
    assert sorted(triple[:2] for triple in listed(block(table, [rule]))) == expected
    assert sorted(triple[:2] for triple in listed(block(table, [all_pairs(), rule]))) == list(combinations(range(60), 2))
    assert Counter(rule for _, _, rule in listed(block(table, [rule, all_pairs()])))[0] == len(expected)


def test_chunks_have_a_bounded_size():
    table = RecordTable.of(numbered([{"city": str(number // 40)} for number in range(400)]))
    sizes = [len(chunk.left) for chunk in block(table, [block_on("city")], chunk=100)]
    assert sum(sizes) == 10 * 40 * 39 // 2
    assert max(sizes) < 240


def test_the_plan_counts_before_pairs_are_made():
    rows = [{"city": "york", "email": f"{number}@x.com"} for number in range(5)] + [
        {"city": "bath"},
        {"city": "bath"},
        {"city": None},
    ]
    plan = plan_blocks(RecordTable.of(numbered(rows)), [block_on("city"), block_on("email")])
    city, email = plan.rules
    assert (city.records, city.blocks, city.pairs, city.largest) == (7, 2, 11, (("york", 5), ("bath", 2)))
    assert (email.records, email.blocks, email.pairs, email.largest) == (5, 0, 0, ())
    assert "york (5)" in str(plan)


def test_progress_is_told_and_may_cancel():
    table = RecordTable.of(numbered([{"city": "york"}] * 30))
    told = []
    listed(block(table, [block_on("city")], chunk=50, progress=lambda *news: told.append(news)))
    assert told[-1] == ("block", 435, 435)
    with pytest.raises(CancelledError, match="progress"):
        listed(block(table, [block_on("city")], progress=lambda *_: False))


@pytest.mark.parametrize("rows", [[], [{"email": "a@b.com"}], [{"email": None}] * 3])
def test_nothing_to_pair_gives_no_pairs(rows):
    rules = [block_on("email"), sorted_neighbourhood("email"), one_edit("email"), minhash_lsh("email"), shared_qgrams("email")]
    table = RecordTable.of([{"record_id": "x", "email": None}]) if not rows else RecordTable.of(numbered(rows))
    assert listed(block(table, rules)) == []


def test_bad_declarations_say_what_to_change():
    table = RecordTable.of(numbered([{"email": "a@b.com"}]))
    with pytest.raises(SpecError, match=r"no field 'mail'.*there are: email"):
        block(table, [block_on("mail")])
    with pytest.raises(SpecError, match="at least one rule"):
        block(table, [])
    with pytest.raises(SpecError, match="max_block must be at least 2"):
        block(table, [block_on("email")], max_block=1)
    with pytest.raises(SpecError, match="chunk, workers and one_in"):
        block(table, [block_on("email")], chunk=0)


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=60), st.integers(1, 4))
def test_a_sample_holds_all_pairs_of_the_records_drawn(cities, one_in):
    table = RecordTable.of([{"record_id": f"{i:02}", "city": city, "n": "x"} for i, city in enumerate(cities)])
    plan = plan_blocks(table, [block_on("city"), sorted_neighbourhood("n", window=3)])
    whole, part = (
        {
            (left, right): rule
            for chunk in plan.candidates(one_in=k)
            for left, right, rule in zip(*(side.tolist() for side in chunk), strict=True)
        }
        for k in (1, one_in)
    )
    drawn = {left for left, _ in part}
    assert part == {pair: rule for pair, rule in whole.items() if pair[0] in drawn}
    assert one_in > 1 or part == whole


def test_samples_of_one_in_k_hold_about_that_share_of_the_pairs():
    table = RecordTable.of([{"record_id": f"{i:04}", "city": f"{i % 100}"} for i in range(3000)])
    plan = plan_blocks(table, [block_on("city")])
    sizes = [sum(len(chunk.left) for chunk in plan.candidates(one_in=k)) for k in (1, 3, 10)]
    assert sizes[0] == plan.pairs
    assert abs(sizes[1] / sizes[0] - 1 / 3) < 0.05
    assert abs(sizes[2] / sizes[0] - 1 / 10) < 0.03


@given(
    st.lists(st.fixed_dictionaries({name: cells(values) for name, values in CHOICES.items()}), min_size=1, max_size=12),
    st.data(),
)
def test_records_that_take_no_part_are_as_if_they_were_not_there(records, data):
    only = np.array(data.draw(st.lists(st.booleans(), min_size=len(records), max_size=len(records))))
    table = RecordTable.of([{"record_id": f"{i:02}", **record} for i, record in enumerate(records)])
    rules = [*RULES, all_pairs(), one_edit("email"), sorted_neighbourhood("last_name", window=3), minhash_lsh("street")]
    rules = [rule for rule in rules if all(name in table.columns for key in rule.keys for name in key.fields)]
    kept = np.flatnonzero(only).astype(np.int32)
    expected = [
        (kept[left], kept[right], rule)
        for chunk in plan_blocks(table.take(kept), rules).candidates()
        for left, right, rule in zip(*(side.tolist() for side in chunk), strict=True)
    ]
    found = [
        pair
        for chunk in plan_blocks(table, rules, only=only).candidates()
        for pair in zip(*(s.tolist() for s in chunk), strict=True)
    ]
    assert sorted(found) == sorted(expected)
