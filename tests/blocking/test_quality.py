"""The audit's numbers against brute force."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.blocking import audit, block_on, initial, plan_blocks
from omniid.errors import InputError
from omniid.tables import RecordTable
from oracle.blocks import agrees, first_rules

RULES = [block_on("email"), block_on(initial("name")), block_on("name")]
rows_and_labels = st.lists(
    st.tuples(
        st.fixed_dictionaries(
            {"email": st.sampled_from(["a", "b", None]), "name": st.lists(st.sampled_from(["xa", "xb", "y"]), max_size=2)}
        ),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)


@given(rows_and_labels)
def test_audit_equals_brute_force(drawn):
    rows, labels = [row for row, _ in drawn], np.array([label for _, label in drawn])
    table = RecordTable.of([{"record_id": f"{i:03}", **row} for i, row in enumerate(rows)])
    firsts = first_rules(RULES, rows)
    every = list(combinations(range(len(rows)), 2))
    true = {pair for pair in every if labels[pair[0]] == labels[pair[1]]}
    report = audit(table, RULES, labels)
    assert report.candidates == len(firsts)
    assert (report.true_pairs, report.found) == (len(true), len(true & set(firsts)))
    for number, line in enumerate(report.rules):
        assert line.pairs == sum(agrees(RULES[number], rows[i], rows[j]) for i, j in every)
        new = {pair for pair, first in firsts.items() if first == number}
        assert (line.new, line.new_true) == (len(new), len(new & true))
    assert (
        report.reduction_ratio == pytest.approx(1 - len(firsts) / len(every)) if every else math.isnan(report.reduction_ratio)
    )
    listed = np.array(sorted(true), np.int64).reshape(-1, 2)[:, ::-1]
    same = audit(table, plan_blocks(table, RULES), np.concatenate([listed, listed]))
    assert (same.true_pairs, same.found) == (report.true_pairs, report.found)


def test_without_truth_shares_are_undefined():
    table = RecordTable.of([{"record_id": "1", "email": "a"}, {"record_id": "2", "email": "a"}])
    report = audit(table, [block_on("email")])
    assert math.isnan(report.pairs_completeness)
    assert math.isnan(report.pairs_quality)
    assert "completeness" not in str(report)


@pytest.mark.parametrize(
    ("truth", "message"),
    [
        (np.array([0.5, 1.0]), "whole numbers"),
        (np.array([0, 1, 2]), "fits no table of 2 records"),
        (np.array([[0, 2]]), "row 2"),
        (np.array([[-1, 0]]), "row -1"),
    ],
)
def test_a_truth_that_does_not_fit_is_an_error(truth, message):
    table = RecordTable.of([{"record_id": "1", "email": "a"}, {"record_id": "2", "email": "a"}])
    with pytest.raises(InputError, match=message):
        audit(table, [block_on("email")], truth)
