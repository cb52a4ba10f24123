"""evaluate takes crosswalks in every form that resolve hands out, and truths as people keep them."""

from pathlib import Path

import pandas as pd
import pytest

import omniid
from omniid.evaluation import true_labels

ROWS = [{"id": "1", "email": "a@x.com"}, {"id": "2", "email": "A@x.com"}, {"id": "3", "email": "b@x.com"}]
TRUTH = [{"record_id": "1", "entity_id": "p"}, {"record_id": "2", "entity_id": "p"}, {"record_id": "3", "entity_id": "q"}]


def test_rows_files_and_named_indexes_are_crosswalks(tmp_path: Path) -> None:
    crosswalk = omniid.resolve(ROWS).crosswalk
    pd.DataFrame(TRUTH).to_csv(tmp_path / "truth.csv", index=False)
    truths = [TRUTH, tmp_path / "truth.csv", pd.DataFrame(TRUTH), pd.DataFrame(TRUTH).set_index("record_id")]
    assert [omniid.evaluate(crosswalk, truth).pairwise.f1 for truth in truths] == [1.0] * 4


def test_a_thing_that_is_no_frame_is_told() -> None:
    with pytest.raises(omniid.InputError, match="truth is a int"):
        omniid.evaluate(TRUTH, 7)


def test_true_labels_follow_the_crosswalk_and_unknown_records_stand_alone() -> None:
    crosswalk = [{"source": s, "record_id": r, "entity_id": "x"} for s, r in [("a", "1"), ("a", "2"), ("b", "1"), ("b", "9")]]
    truth = [{"source": s, "record_id": r, "entity_id": e} for s, r, e in [("b", "1", "p"), ("a", "1", "p"), ("a", "2", "q")]]
    one, two, three, four = true_labels(crosswalk, truth).tolist()
    assert one == three
    assert len({one, two, four}) == 3


def test_a_result_audits_its_own_blocking() -> None:
    found = omniid.resolve(ROWS)
    with_truth, without = found.audit(TRUTH), found.audit()
    assert with_truth.pairs_completeness == 1.0
    assert with_truth.candidates == without.candidates == 3
