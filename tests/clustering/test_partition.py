"""Judged scenes: small stories with the partition and the refusals that a person would expect."""

import numpy as np
import pytest

from omniid.clustering import cluster
from omniid.errors import InputError
from omniid.tables import Refusal
from oracle.cluster import AtMost, Link
from oracle.scenes import limit_of, rows_of, scored


def run(n, links, *, link_at=0, limits=(), must=(), cannot=()):
    found = [limit_of(limit) for limit in limits]
    return cluster(n, scored(links), link_at=link_at, limits=found, must=rows_of(must), cannot=rows_of(cannot))


def test_a_pair_exactly_at_the_threshold_is_a_link():
    links = [Link(0, 1, 5), Link(1, 2, 4)]
    assert run(3, links, link_at=5).labels.tolist() == [0, 0, 2]


def test_the_better_link_wins_and_the_other_is_refused_by_name():
    """Row 1 knows no passport; rows 0 and 2 hold different ones."""
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 2: {5}})
    found = run(3, [Link(0, 1, 7), Link(1, 2, 9)], limits=[passport])
    assert found.labels.tolist() == [0, 1, 1]
    assert found.refusals == (Refusal(0, 1, 7, "at_most(passport, 1)", (4,), (5,), ambiguous=False),)


def test_of_equal_links_the_smaller_key_wins_and_the_refusal_is_ambiguous():
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 2: {5}})
    found = run(3, [Link(0, 1, 7), Link(1, 2, 7)], limits=[passport])
    assert found.labels.tolist() == [0, 0, 2]
    assert found.refusals == (Refusal(1, 2, 7, "at_most(passport, 1)", (4,), (5,), ambiguous=True),)


def test_a_refusal_is_not_ambiguous_where_the_two_records_could_never_be_one():
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 1: {4}, 2: {5}})
    found = run(3, [Link(0, 1, 7), Link(1, 2, 7)], limits=[passport])
    assert [refusal.ambiguous for refusal in found.refusals] == [False]


def test_equal_evidence_competes_for_a_whole_part():
    """Rows 1 and 2 are surely one; 0 and 3 claim them with equal weight through different rows."""
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 3: {5}})
    found = run(4, [Link(0, 1, 7), Link(1, 2, 9), Link(2, 3, 7)], limits=[passport])
    assert found.labels.tolist() == [0, 0, 0, 3]
    assert [(refusal.left, refusal.right, refusal.ambiguous) for refusal in found.refusals] == [(2, 3, True)]


def test_a_strong_link_goes_before_a_heavier_weighed_one():
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 2: {5}})
    assert run(3, [Link(0, 1, 99), Link(1, 2, 1, tier=1)], limits=[passport]).labels.tolist() == [0, 1, 1]


def test_split_spouses_stay_split_though_everything_links_them():
    found = run(2, [Link(0, 1, 30, tier=1)], cannot=[(1, 0)])
    assert found.labels.tolist() == [0, 1]
    assert found.refusals == (Refusal(0, 1, 30, "CANNOT_LINK", (), (), ambiguous=False),)


def test_a_cannot_link_between_unlinked_rows_changes_nothing():
    assert run(3, [Link(0, 1, 1)], cannot=[(0, 2)]).refusals == ()


def test_a_must_link_joins_without_any_evidence_and_overrides_a_limit():
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 1: {5}, 2: {4}, 3: {6}})
    found = run(4, [Link(0, 2, 9), Link(0, 3, 9)], limits=[passport], must=[(0, 1)])
    assert found.labels.tolist() == [0, 0, 0, 3]  # passport 4 is no new value to the set, 6 is
    assert found.overridden == (0,)
    assert [(refusal.left_codes, refusal.right_codes) for refusal in found.refusals] == [((4, 5), (6,))]


def test_a_refused_union_is_tried_again_when_a_side_joins_an_overridden_set():
    """0–1 comes first and is refused (4 against 5); once 0 has joined the overridden 2, which holds both, 1 may join."""
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 1: {5}, 2: {4, 5}})
    found = run(3, [Link(0, 1, 9), Link(0, 2, 7)], limits=[passport])
    assert found.labels.tolist() == [0, 0, 0]
    assert found.refusals == ()
    assert found.overridden == (2,)


def test_a_single_record_over_a_limit_is_overridden_and_kept():
    found = run(1, [], limits=[AtMost("at_most(email, 1)", 1, {0: {1, 2}})])
    assert (found.labels.tolist(), found.overridden) == ([0], (0,))


def test_a_conflict_among_decisions_is_reported_and_the_cannot_link_holds():
    found = run(3, [Link(0, 2, 9)], must=[(0, 1), (1, 2)], cannot=[(0, 2)])
    assert found.labels.tolist() == [0, 0, 2]
    assert [conflict.path for conflict in found.conflicts] == [(0, 1, 2)]


def test_dropping_a_limit_can_move_a_record():
    """Email parts 0 from 1, so that 1 goes with 2; without it 1 is 0's."""
    email, passport = AtMost("email", 1, {0: {1}, 1: {2}}), AtMost("passport", 1, {0: {7}, 2: {8}})
    links = [Link(0, 1, 9), Link(1, 2, 5)]
    assert run(3, links, limits=[email, passport]).labels.tolist() == [0, 1, 1]
    assert run(3, links, limits=[passport]).labels.tolist() == [0, 0, 2]


def test_components_within_the_limits_are_not_touched_by_the_walk_of_others():
    passport = AtMost("at_most(passport, 1)", 1, {0: {4}, 1: {5}, 2: {6}, 3: {6}})
    assert run(5, [Link(0, 1, 9), Link(2, 3, 1), Link(3, 4, 1)], limits=[passport]).labels.tolist() == [0, 1, 2, 2, 2]


def test_no_records_one_record_and_no_pairs():
    assert run(0, []).labels.tolist() == []
    assert run(1, []).labels.tolist() == [0]
    assert run(3, [], limits=[AtMost("at_most(email, 1)", 1, {})]).labels.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("option", "pair"),
    [("must", (0, 2)), ("cannot", (-1, 0)), ("cannot", (1, 1))],
    ids=["too large", "negative", "one row twice"],
)
def test_a_decision_must_name_two_rows_that_exist(option, pair):
    with pytest.raises(InputError, match=rf"{option.upper()}_LINK .* name two different rows in range\(2\)"):
        run(2, [], **{option: [pair]})


def test_many_components_with_and_without_violations_agree_with_a_plain_count():
    """20,000 people of three records in a chain; every tenth has a foreign passport at one end."""
    n = 60_000
    rows = np.arange(n)
    people, place = rows // 3, rows % 3
    codes = np.where((people % 10 == 0) & (place == 2), 1_000_000 + rows, people)
    keep = place != 1
    passport = AtMost(
        "at_most(passport, 1)", 1, {int(row): {int(code)} for row, code in zip(rows[keep], codes[keep], strict=True)}
    )
    links = [Link(int(row), int(row) + 1, 5 if row % 3 else 9) for row in rows if row % 3 < 2]
    found = run(n, links, limits=[passport])
    assert len(found.refusals) == 2_000
    assert found.sizes().tolist() == [size for person in range(20_000) for size in ([2, 1] if person % 10 == 0 else [3])]
