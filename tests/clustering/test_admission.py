"""Clusters that join others one by one: what limits and decisions forbid is not made."""

import numpy as np

from omniid.clustering import Admission
from omniid.tables import CountLimit

ROWS = np.array([0, 1, 2, 3], np.int32)
CARDS = CountLimit("at_most(card, 2)", ("card",), ROWS, np.array([5, 6, 7, 6], np.int32), n=2)
NONE = np.zeros((0, 2), np.int32)


def test_units_are_admitted_in_order_until_a_limit_is_reached_and_those_that_add_nothing_still_are() -> None:
    admission = Admission([CARDS], NONE)
    units, persons = np.array([1, 2, 3], np.int32), np.zeros(3, np.int32)
    assert admission.admit(ROWS, units, persons).tolist() == [-1, 0, -1]
    assert admission.broken(np.zeros(4, np.int32)).tolist() == [0]
    assert admission.broken(np.array([0, 0, 2, 0], np.int32)).tolist() == []


def test_a_decision_on_what_was_admitted_counts_too() -> None:
    admission = Admission([], np.array([[1, 2]], np.int32))
    units, persons = np.array([1, 2, 3], np.int32), np.zeros(3, np.int32)
    assert admission.admit(ROWS, units, persons).tolist() == [-1, 0, -1]
    assert admission.broken(np.array([0, 0, 0, 3], np.int32)).tolist() == [0]


def test_a_unit_may_come_before_its_person_in_the_order_of_keys() -> None:
    admission = Admission([CARDS], NONE)
    assert admission.admit(ROWS, np.array([0, 1], np.int32), np.array([2, 2], np.int32)).tolist() == [-1, 0]


def test_persons_are_filled_independently() -> None:
    admission = Admission([CountLimit("at_most(card, 1)", ("card",), ROWS, CARDS.codes, n=1)], NONE)
    assert admission.admit(ROWS, np.array([1, 3], np.int32), np.array([0, 2], np.int32)).tolist() == [0, 0]
    assert admission.admit(ROWS, np.array([3], np.int32), np.array([1], np.int32)).tolist() == [-1]
