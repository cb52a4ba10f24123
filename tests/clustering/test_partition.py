"""Judged scenes: small stories with the partition and the refusals that a person would expect."""

from unittest.mock import patch

import numpy as np
import pytest

from omniid.clustering import cluster, conflicting
from omniid.errors import InputError
from omniid.tables import Refusal
from oracle.cluster import AtMost, Link
from oracle.scenes import limit_of, priorities_of, rows_of, scored


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


def disagree(*pairs, bits=-12):
    """Rows that disagree; all other pairs that are no links say nothing."""
    asked = []

    def conflict(left, right):
        asked.extend(zip(left.tolist(), right.tolist(), strict=True))
        against = np.array([bits if pair in pairs else 0 for pair in asked[len(asked) - len(left) :]], np.int64)
        return against - 1, against

    conflict.asked = asked
    return conflict


def test_one_lucky_link_does_not_join_people_whose_other_records_disagree():
    """Two couples of records, joined by one link; the other three pairs disagree."""
    links = [Link(0, 1, 20), Link(2, 3, 20), Link(1, 2, 10)]
    conflict = disagree((0, 2), (0, 3), (1, 3))
    found = cluster(4, scored(links), link_at=0, conflict=conflict)
    assert found.labels.tolist() == [0, 0, 2, 2]
    assert found.refusals == (Refusal(1, 2, 10, "conflict", conflict=-9),)  # 10 − 3/2 × 36/4 = −3.5
    assert cluster(4, scored(links), link_at=-4, conflict=conflict).labels.tolist() == [0, 0, 0, 0]


def test_pairs_of_records_and_complete_components_are_not_asked_about():
    conflict = disagree()
    links = [Link(0, 1, 1), Link(2, 3, 1), Link(2, 4, 1), Link(3, 4, 1)]
    assert cluster(5, scored(links), link_at=0, conflict=conflict).labels.tolist() == [0, 0, 2, 2, 2]
    assert conflict.asked == []


def test_a_pair_that_blocking_missed_links_inside_a_component():
    def conflict(left, right):
        return np.full(len(left), 5), np.full(len(left), -8)

    found = cluster(3, scored([Link(0, 1, 9), Link(1, 2, 1)]), link_at=0, conflict=conflict)
    assert found.labels.tolist() == [0, 0, 0]


def test_a_union_that_was_too_weak_becomes_good_enough():
    """0–1 alone is too weak beside their conflict with 2; once 1 and 3 are one, half of it is gone."""
    links = [Link(0, 2, 9), Link(1, 3, 8), Link(0, 3, 4), Link(0, 1, 1)]
    conflict = disagree((1, 2), bits=-5)
    assert cluster(4, scored(links), link_at=0, conflict=conflict).labels.tolist() == [0, 0, 0, 0]


def test_a_must_link_brings_the_companions_of_both_records():
    """2 agrees with 1; that it disagrees with 0 does not matter once somebody said that 0 and 1 are one person."""
    found = cluster(3, scored([Link(1, 2, 4)]), link_at=0, must=rows_of([(0, 1)]), conflict=disagree((0, 2)))
    assert found.labels.tolist() == [0, 0, 0]


def test_a_limit_is_named_before_a_conflict():
    passport = limit_of(AtMost("at_most(passport, 1)", 1, {0: {4}, 2: {5}}))
    found = cluster(3, scored([Link(0, 1, 9), Link(1, 2, 4)]), link_at=0, limits=[passport], conflict=disagree((0, 2)))
    assert [(refusal.limit, refusal.conflict) for refusal in found.refusals] == [("at_most(passport, 1)", -6)]


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_in_threads_change_nothing(workers):
    """Forty lone chains of four records, every other of which a conflict parts, one component a batch."""
    links = [Link(4 * at + step, 4 * at + step + 1, 9 + at % 5 - step) for at in range(40) for step in range(3)]
    parted = {(4 * at, 4 * at + 3) for at in range(0, 40, 2)}

    def conflict(left, right):
        against = np.array([-40 * (pair in parted) for pair in zip(left.tolist(), right.tolist(), strict=True)], np.int64)
        return against - 1, against

    wanted = cluster(160, scored(links), link_at=0, conflict=conflict)
    with patch.object(conflicting, "BATCH", 6):
        found = cluster(160, scored(links), link_at=0, conflict=conflict, workers=workers)
    assert len(set(wanted.labels.tolist())) > 40
    assert found.labels.tolist() == wanted.labels.tolist()
    assert found.refusals == wanted.refusals


def test_thousands_of_equal_records_cost_no_more_than_one():
    n = 5_000
    originals = np.zeros(n, np.int32)
    originals[-2:] = [n - 2, n - 1]
    links = [Link(0, row, 9) for row in range(1, n - 1)] + [Link(n - 2, n - 1, 7)]
    conflict = disagree((0, n - 1))
    found = cluster(n, scored(links), link_at=0, conflict=conflict, originals=originals)
    assert conflict.asked == [(0, n - 1)]
    assert found.sizes().tolist() == [n - 1, 1]
    assert [(r.left, r.right, r.conflict) for r in found.refusals] == [(n - 2, n - 1, -12)]  # 4,998 of 4,999 disagree


def test_a_component_that_is_too_large_is_solved_in_parts():
    """Forty couples in a ring of lucky links; neighboring couples disagree."""
    n = 80
    links = [Link(row, row + 1, 20 if row % 2 == 0 else 3) for row in range(n - 1)]
    linked = {(link.left, link.right) for link in links}
    couples = {(a, b) for a in range(n) for b in range(a + 1, n)} - linked
    found = cluster(n, scored(links), link_at=0, conflict=disagree(*couples), inner_max=6)
    assert found.sizes().tolist() == [2] * 40
    assert {refusal.limit for refusal in found.refusals} == {"conflict"}
    assert len(found.refusals) == 39


def test_a_component_that_is_too_large_and_agrees_stays_whole():
    links = [Link(row, row + 1, 3) for row in range(300)]
    assert cluster(301, scored(links), link_at=0, conflict=disagree(), inner_max=20).sizes().tolist() == [301]


def test_beta_must_be_a_fraction():
    with pytest.raises(InputError, match=r"beta \(1, 0\) is no fraction"):
        cluster(1, scored([]), link_at=0, beta=(1, 0))


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


def test_of_equal_values_the_identifier_with_priority_is_heeded_first():
    """Row 1 may join row 0 or row 2, not both; keys alone would give it to row 0."""
    links, passport = [Link(0, 1, 5, 1, place=1), Link(1, 2, 5, 1, place=0)], limit_of(AtMost("passport", 1, {0: {7}, 2: {8}}))
    for options in ({}, {"conflict": disagree((0, 2))}):
        found = cluster(3, scored(links), link_at=0, limits=[passport], priorities=priorities_of(links), **options)
        assert found.labels.tolist() == [0, 1, 1]
        assert [refusal.ambiguous for refusal in found.refusals] == [True]  # the values are equal all the same
        found = cluster(3, scored(links), link_at=0, limits=[passport], **options)
        assert found.labels.tolist() == [0, 0, 2]
