"""Clusters joined by their profiles."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle.profiles as oracle
from omniid.clustering import UnionEvidence, join_profiles, profile_unions
from omniid.tables import Clustering, Refusal
from oracle.cluster import AtMost, Link
from oracle.scenes import limit_of, limits_on, rows_of, scored


@st.composite
def cases(draw, max_rows=9):
    """A partition, scored pairs, what every pair of records gains and conflicts, limits, CANNOT_LINKs and equal records."""
    n = draw(st.integers(2, max_rows))
    labels = [min(row, draw(st.integers(0, n - 1))) for row in range(n)]
    labels = [next(other for other in range(n) if find(labels, other) == find(labels, row)) for row in range(n)]
    pairs = [(left, right) for left in range(n) for right in range(left + 1, n)]
    near = draw(st.dictionaries(st.sampled_from(pairs), st.integers(-3, 3), max_size=14))
    gain = {pair: draw(st.integers(-1, 4)) for pair in pairs}
    against = {pair: draw(st.sampled_from([0, 0, -1, -2])) for pair in pairs}
    limits = [draw(limits_on(n, f"limit {i}")) for i in range(draw(st.integers(0, 2)))]
    cannot = draw(st.lists(st.sampled_from(pairs), max_size=2))
    originals = [draw(st.sampled_from([row, row, row, draw(st.integers(0, row))])) for row in range(n)]
    originals = [find(originals, row) for row in range(n)]
    return labels, near, gain, against, limits, cannot, originals


def find(parents, row):
    while parents[row] != row:
        row = parents[row]
    return row


def weigher(gain, against):
    """A profile is worth its best pair less the pairs looked at; any function of the pairs would do."""

    def weigh(left, right, start):
        ends = list(zip(np.minimum(left, right).tolist(), np.maximum(left, right).tolist(), strict=True))
        best = np.maximum.reduceat(np.array([gain[pair] for pair in ends], np.int64), start)
        total = np.add.reduceat(np.array([against[pair] for pair in ends], np.int64), start)
        return UnionEvidence(best - np.diff(start, append=len(ends)) // 3, total)

    return weigh


def slowly(gain, against):
    def worth(one, other):
        ends = [(min(a, b), max(a, b)) for a in one for b in other]
        return max(gain[pair] for pair in ends) - len(ends) // 3, sum(against[pair] for pair in ends)

    return worth


def run(case, near=None, workers=1):
    labels, pairs, gain, against, limits, cannot, originals = case
    links = scored([Link(*pair, weight) for pair, weight in (near or list(pairs.items()))])
    return join_profiles(
        Clustering(np.array(labels, np.int32)),
        links,
        weigher(gain, against),
        link_at=0,
        limits=[limit_of(limit) for limit in limits],
        cannot=rows_of(cannot),
        originals=np.array(originals, np.int32),
        workers=workers,
    )


def groups(labels):
    return {frozenset(np.flatnonzero(np.asarray(labels) == name).tolist()) for name in set(np.asarray(labels).tolist())}


@given(cases(), st.sampled_from([4, 60]))
def test_the_package_finds_what_the_slow_obvious_way_finds(case, most):
    labels, near, gain, against, limits, cannot, originals = case
    with patch.object(profile_unions, "MOST", most):
        found = run(case)
    worth = slowly(gain, against)
    wanted, made, refused = oracle.join_profiles(groups(labels), near, worth, 0, limits, cannot, originals, most=most)
    assert groups(found.labels) == wanted
    assert [tuple(union) for union in found.profile_unions] == made
    assert (found.by_links is None) == (not made)
    told = {frozenset(int(found.labels[row]) for row in (one.left, one.right)) for one in found.refusals}
    assert told == {frozenset(int(found.labels[row]) for row in pair) for pair, *_ in refused} - {
        frozenset([name]) for name in range(len(labels))
    }
    for one in found.refusals:  # each names what stands between the two final clusters
        here, there = (next(rows for rows in wanted if row in rows) for row in (one.left, one.right))
        assert one.limit == oracle.barrier(here, there, limits, cannot)


@given(cases(), st.randoms(use_true_random=False))
def test_no_order_of_pairs_matters(case, random):
    found, again = run(case), run(case, random.sample(list(case[1].items()), len(case[1])))
    assert found.labels.tolist() == again.labels.tolist()
    assert found.refusals == again.refusals
    assert found.profile_unions == again.profile_unions


@given(cases(), st.integers(1, 3), st.integers(1, 2))
def test_batches_and_threads_change_nothing(case, batch, workers):
    wanted = run(case)
    with patch.object(profile_unions, "BATCH", batch):
        found = run(case, workers=workers)
    assert (found.labels.tolist(), found.profile_unions) == (wanted.labels.tolist(), wanted.profile_unions)


@given(cases())
def test_no_union_breaks_a_decision(case):
    labels, found = case[0], run(case).labels
    for left, right in case[5]:
        assert labels[left] == labels[right] or found[left] != found[right]


ALIKE = dict.fromkeys([(left, right) for left in range(4) for right in range(left + 1, 4)], 3)
CALM = dict.fromkeys(ALIKE, 0)


@pytest.mark.parametrize(
    ("limits", "cannot", "name", "codes"),
    [
        ([AtMost("at_most(passport, 1)", 1, {0: {4}, 3: {5}})], [], "at_most(passport, 1)", ((4,), (5,))),
        ([], [(0, 3)], "CANNOT_LINK", ((), ())),
    ],
)
def test_what_forbids_a_union_is_listed(limits, cannot, name, codes):
    found = run(([0, 0, 2, 2], {(1, 2): -1}, ALIKE, CALM, limits, cannot, [0, 1, 2, 3]))
    assert found.labels.tolist() == [0, 0, 2, 2]
    assert found.refusals == (Refusal(1, 2, 2, name, *codes, False, 0),)


def test_a_refused_link_tells_what_the_grown_cluster_holds():
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 2: {5}})
    refused = Refusal(1, 3, 2, "conflict", (), (), False, -9)
    before = Clustering(np.array([0, 1, 1, 3, 3], np.int32), (refused,))
    gain = dict.fromkeys([(left, right) for left in range(5) for right in range(left + 1, 5)], -9) | {(1, 3): 3, (0, 3): 3}
    calm = dict.fromkeys(gain, 0)
    found = join_profiles(
        before,
        scored([Link(0, 3, -1)]),
        weigher(gain, calm),
        link_at=0,
        limits=[limit_of(passport)],
        originals=None,
    )
    assert found.labels.tolist() == [0, 1, 1, 0, 0]
    assert found.refusals == (Refusal(1, 3, 2, "at_most(passport, 1)", (5,), (4,), False, -9),)


def test_two_single_records_are_not_compared_again():
    found = run(([0, 1], {(0, 1): -1}, {(0, 1): 3}, {(0, 1): 0}, [], [], [0, 1]))
    assert found.labels.tolist() == [0, 1]
