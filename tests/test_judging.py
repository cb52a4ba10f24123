"""Labels brought to the candidate pairs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.blocking import block_on, plan_blocks
from omniid.judging import judged_candidates
from omniid.labels import KnownRows
from omniid.tables import RecordTable


def plan_of(cities, originals=None):
    table = RecordTable.of([{"record_id": f"{i:02}", "city": city} for i, city in enumerate(cities)])
    only = None if originals is None else originals == np.arange(len(cities))
    return plan_blocks(table, [block_on("city")], only=only)


def known(n, pairs=(), person=None):
    ends = np.array([pair[:2] for pair in pairs], np.int32).reshape(-1, 2)
    same = np.array([pair[2] for pair in pairs], bool)
    return KnownRows(
        ends[:, 0], ends[:, 1], same, np.full(n, -1, np.int32) if person is None else np.array(person, np.int32), 0
    )


def as_set(found):
    return set(zip(found.pairs.left.tolist(), found.pairs.right.tolist(), found.pairs.same.tolist(), strict=True))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-1, 2)), min_size=2, max_size=12))
def test_a_truth_column_judges_the_candidate_pairs_of_its_records(records):
    cities, person = zip(*records, strict=True)
    originals = np.arange(len(cities), dtype=np.int32)
    found = judged_candidates(plan_of(cities), originals, known(len(cities), person=person))
    wanted = {
        (i, j, person[i] == person[j])
        for j in range(len(cities))
        for i in range(j)
        if cities[i] == cities[j] and min(person[i], person[j]) >= 0
    }
    assert as_set(found) == wanted


def test_pairs_that_no_rule_makes_are_counted_and_left_out():
    found = judged_candidates(
        plan_of("aab"), np.arange(3, dtype=np.int32), known(3, [(0, 1, True), (0, 2, True), (1, 2, False)])
    )
    assert as_set(found) == {(0, 1, True)}
    assert found.unmade == 2


def test_copies_are_judged_as_their_originals():
    originals = np.array([0, 1, 0, 1], np.int32)
    plan = plan_of("aaaa", originals)
    found = judged_candidates(plan, originals, known(4, [(2, 3, True), (0, 2, False)]))
    assert as_set(found) == {(0, 1, True), (0, 0, False)}
    by_person = judged_candidates(plan, originals, known(4, person=[-1, -1, 5, 6]))
    assert as_set(by_person) == {(0, 1, False)}


def test_copies_of_two_persons_say_nothing():
    originals = np.array([0, 1, 0], np.int32)
    assert as_set(judged_candidates(plan_of("aaa", originals), originals, known(3, person=[1, 1, 2]))) == set()
