"""The order of unions is the one that clustering takes, and each union was worth it."""

import inspect

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid.clustering import BETA, cluster
from omniid.explanation.unions import Link, order_unions
from omniid.tables import BITS, ScoredPairs


def test_beta_is_what_clustering_takes() -> None:
    assert inspect.signature(cluster).parameters["beta"].default == BETA


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, dict[tuple[int, int], int]]:
    n = draw(st.integers(2, 7))
    weights = draw(st.lists(st.integers(-9, 9), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2))
    pairs = [(left, right) for left in range(n) for right in range(left + 1, n)]
    return n, dict(zip(pairs, weights, strict=True))


@given(graphs())
def test_every_cluster_can_be_told_union_by_union(graph: tuple[int, dict[tuple[int, int], int]]) -> None:
    n, weights = graph

    def conflict(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        bits = np.array([weights[pair] for pair in zip(left.tolist(), right.tolist(), strict=True)], np.int64) * BITS
        return bits, np.minimum(bits, 0)

    linked = [pair for pair, bits in weights.items() if bits >= 0]
    left, right = (np.array([pair[side] for pair in linked], np.int32) for side in (0, 1))
    found = ScoredPairs(
        left,
        right,
        np.array([weights[pair] for pair in linked], np.int64) * BITS,
        np.zeros(len(linked), np.int8),
        np.zeros(len(linked), np.int16),
        np.zeros((len(linked), 0), np.int8),
        (),
        ("email",),
    )
    labels = cluster(n, found, link_at=0, conflict=conflict).labels
    for label in set(labels.tolist()):
        members = set(np.flatnonzero(labels == label).tolist())
        links = {pair: Link(0, weights[pair] * BITS, "email") for pair in linked if set(pair) <= members}
        against = {pair: [2 * bits * BITS] for pair, bits in weights.items() if bits < 0 and set(pair) <= members}
        steps = order_unions([[row] for row in members], links, against)
        assert len(steps) == len(members) - 1
        for step in steps:
            assert step.value >= 0
            assert step.value == step.link.weight + step.conflict * 3 / 2
            assert step.ends[0] in step.left + step.right


def test_a_tier_goes_before_any_value() -> None:
    links = {(0, 1): Link(0, 9 * BITS, "name"), (1, 2): Link(1, 2 * BITS, "email")}
    assert [step.ends for step in order_unions([[0], [1], [2]], links, {})] == [(1, 2), (0, 1)]


def test_records_that_were_one_before_join_as_one() -> None:
    steps = order_unions([[0, 1], [2]], {(0, 2): Link(0, 5 * BITS, "email")}, {(1, 2): [-4 * BITS]})
    assert [(step.left, step.right, step.conflict) for step in steps] == [((0, 1), (2,), -BITS)]


def test_an_entity_tells_its_unions_in_a_result() -> None:
    rows = [
        {"id": "1", "email": "ann@x.com", "phone": "+44 20 7946 0101", "name": "Ann Lee"},
        {"id": "2", "email": "ann@x.com", "name": "Ann Lee"},
        {"id": "3", "phone": "+44 20 7946 0101", "name": "Ann Lee"},
        {"id": "4", "phone": "+44 20 7946 0101", "name": "Ann Lee"},
    ]
    found = omniid.resolve(rows, decisions=[omniid.Decision("MUST_LINK", (("records", "1"),), (("records", "2"),))])
    entity = found.crosswalk[0]["entity_id"]
    told = found.explain_entity(entity)
    assert len(told.records) == 4
    assert {frozenset(one) for one in told.together} == {
        frozenset({("records", "1"), ("records", "2")}),
        frozenset({("records", "3"), ("records", "4")}),
    }
    assert len(told.unions) == 1
    union = told.unions[0]
    assert union.value == union.bits + 1.5 * union.conflict
    text = str(told)
    assert "Joined by a decision: records:1 and records:2" in text
    assert "Equal in all that is compared: records:3, records:4" in text
    assert "The weakest union (no. 1) was worth" in text
