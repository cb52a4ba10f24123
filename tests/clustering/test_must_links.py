"""MUST_LINKs are followed newest first, and a contradiction is shown by a path."""

import numpy as np

from omniid.clustering.must_links import contract_must_links
from omniid.tables import Conflict
from oracle.scenes import rows_of


def test_must_links_make_sets_named_by_their_smallest_row():
    labels, followed, conflicts = contract_must_links(6, rows_of([(5, 2), (2, 4), (4, 5)]), rows_of([]))
    assert labels.tolist() == [0, 1, 2, 3, 2, 2]
    assert followed.tolist() == [[5, 2], [2, 4]]
    assert conflicts == ()


def test_the_newest_must_link_wins_where_both_cannot_hold():
    cannot = rows_of([(0, 3)])
    newest_first, other = rows_of([(0, 1), (1, 3)]), rows_of([(1, 3), (0, 1)])
    assert contract_must_links(4, newest_first, cannot).labels.tolist() == [0, 0, 2, 3]
    assert contract_must_links(4, other, cannot).labels.tolist() == [0, 1, 2, 1]


def test_a_conflict_walks_from_one_end_of_the_cannot_link_to_the_other():
    must = rows_of([(0, 1), (1, 2), (3, 4), (2, 3)])
    conflict = contract_must_links(5, must, rows_of([(4, 0)])).conflicts
    assert conflict == (Conflict(2, 3, (0, 1, 2, 3, 4)),)


def test_of_several_cannot_links_the_smallest_is_shown():
    must = rows_of([(0, 1), (2, 3), (1, 2)])
    conflicts = contract_must_links(4, must, rows_of([(1, 3), (3, 0)])).conflicts
    assert conflicts == (Conflict(1, 2, (0, 1, 2, 3)),)


def test_without_must_links_every_row_is_alone():
    labels, followed, conflicts = contract_must_links(3, rows_of([]), rows_of([(0, 1)]))
    assert (labels.tolist(), followed.shape, conflicts) == (np.arange(3).tolist(), (0, 2), ())
