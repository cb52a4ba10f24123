"""Oversized blocks: split by further keys, then windows; counted, connected, bounded."""

import time
from itertools import pairwise

import numpy as np
import pytest

from omniid.blocking import block, block_on, plan_blocks, year
from omniid.blocking.refine import WINDOW
from omniid.tables import Column, RecordTable, no_rejects
from oracle.blocks import listed


def people(n, **columns):
    return RecordTable.of([{"record_id": f"{i:05}", **{name: make(i) for name, make in columns.items()}} for i in range(n)])


def test_a_large_block_is_split_by_the_first_key_that_does():
    table = people(40, email=lambda i: "info@shop.com", birth_date=lambda i: f"19{50 + i // 10}-01-01")
    plan = plan_blocks(table, [block_on("email")], max_block=10)
    pairs = listed(plan.candidates())
    assert {(left, right) for left, right, _ in pairs} == {
        (i, j) for i in range(40) for j in range(i + 1, 40) if i // 10 == j // 10
    }
    rule = plan.rules[0]
    assert (rule.oversized, rule.windowed, rule.pairs, rule.left_out) == (1, 0, 4 * 45, 780 - 4 * 45)
    assert rule.largest == (("info@shop.com", 40),)


def test_refining_keys_can_be_given():
    table = people(30, email=lambda i: "a@b.com", joined=lambda i: f"{2000 + i // 6}-01-01")
    pairs = listed(block(table, [block_on("email")], max_block=6, refine=[year("joined")]))
    assert len(pairs) == 5 * 15


def test_records_without_the_further_key_stay_together():
    table = people(
        20, email=lambda i: "a@b.com", birth_date=lambda i: None if i < 5 else "1990-01-01" if i < 12 else "1991-01-01"
    )
    pairs = {triple[:2] for triple in listed(block(table, [block_on("email")], max_block=8))}
    assert len(pairs) == 10 + 21 + 28
    assert (0, 4) in pairs
    assert (4, 5) not in pairs


def test_several_values_of_the_further_key_put_a_record_in_several_parts():
    table = people(
        12, email=lambda i: "a@b.com", birth_date=lambda i: ["1990-01-01", "1991-01-01"] if i == 0 else f"199{i % 2}-01-01"
    )
    pairs = [triple[:2] for triple in listed(block(table, [block_on("email")], max_block=7))]
    assert len(set(pairs)) == len(pairs)
    assert {right for left, right in pairs if left == 0} == set(range(1, 12))


def test_leave_makes_no_pairs_of_large_blocks_and_says_so():
    table = people(40, email=lambda i: "a@b.com" if i < 30 else "b@b.com")
    plan = plan_blocks(table, [block_on("email", oversized="leave")], max_block=10)
    assert len(listed(plan.candidates())) == 45
    assert (plan.rules[0].oversized, plan.rules[0].pairs, plan.rules[0].left_out) == (1, 45, 435)


@pytest.mark.parametrize("n", [121, 125, 130, 139, 200, 777])
def test_equal_records_stay_connected_in_windows(n):
    table = people(n, email=lambda i: "a@b.com")
    plan = plan_blocks(table, [block_on("email")])
    pairs = [triple[:2] for triple in listed(plan.candidates())]
    assert len(set(pairs)) == len(pairs) == plan.rules[0].pairs
    assert plan.rules[0].pairs + plan.rules[0].left_out == n * (n - 1) // 2
    assert plan.rules[0].windowed == 1
    assert {(i, i + 1) for i in range(n - 1)} <= set(pairs)
    assert max(right - left for left, right in pairs) < WINDOW


def test_windows_follow_the_records_contents():
    table = people(200, email=lambda i: "a@b.com", note=lambda i: f"note {i * 77 % 200:03}")
    pairs = {triple[:2] for triple in listed(block(table, [block_on("email")]))}
    order = sorted(range(200), key=lambda i: i * 77 % 200)
    assert all(tuple(sorted(near)) in pairs for near in pairwise(order))


def test_a_million_equal_records_neither_hang_nor_fill_memory():
    n = 1_000_000
    columns = {name: Column(np.zeros(n, np.int32), Column.of([name]).vocabulary) for name in ("email", "city")}
    small = RecordTable.of([{"record_id": "1"}])
    table = RecordTable(
        ("s",), np.zeros(n, np.int32), small.record_id, columns, columns, columns, np.zeros(n, np.int64), no_rejects()
    )
    began = time.perf_counter()
    plan = plan_blocks(table, [block_on("email"), block_on("city")])
    chunks = iter(plan.candidates())
    assert sum(len(next(chunks).left) for _ in range(5)) < 10 * 65_536
    assert plan.rules[0].pairs == 999_990 // 10 * 145 + 45
    assert time.perf_counter() - began < 30
