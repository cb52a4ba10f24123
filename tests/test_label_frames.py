"""Frames of labels."""

import pandas as pd
import pytest

from omniid import InputError
from omniid.label_frames import NO, NOTHING, YES, has_pairs, read_label_frame, read_persons


def test_each_word_says_one_thing():
    words = [*YES, *NO, *NOTHING]
    assert len(words) == len(set(words))


def test_pairs_and_records_are_told_apart():
    assert has_pairs([{"Unique_ID_L": 1}], "labels")
    assert not has_pairs(pd.DataFrame({"record_id": [1], "entity_id": [2]}), "labels")


def test_a_pair_written_twice_is_one():
    rows = [{"id_l": a, "id_r": b, "match": 1} for a, b in ((1, 2), (2, 1))]
    assert read_label_frame(rows, "labels") == {(("", "1"), ("", "2")): True}


def test_a_source_is_missing_for_one_record_only():
    rows = [{"left_source": "web", "left_id": "1", "right_source": None, "right_id": "2", "same": 1}]
    with pytest.raises(InputError, match="labels, row 1 does not name both records"):
        read_label_frame(rows, "labels")


def test_records_that_stand_twice_with_one_person_are_one():
    assert read_persons([{"id": 1, "cluster": "x"}] * 2, "truth") == {("", "1"): "x"}
