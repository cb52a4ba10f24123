"""What evaluation promises, whatever the two partitions."""

import pyarrow as pa
from hypothesis import assume, given
from hypothesis import strategies as st

from omniid.evaluation import evaluate

MEASURES = ("pairwise", "b_cubed", "cluster")
LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=14)


def frame(labels):
    return pa.table({"record_id": [str(row) for row in range(len(labels))], "entity_id": [str(label) for label in labels]})


@given(LABELS)
def test_a_perfect_crosswalk_scores_one_everywhere(labels):
    assume(len(set(labels)) < len(labels))  # without any pair there is nothing to measure pairwise
    report = evaluate(frame(labels), frame([f"other {label}" for label in labels]))
    assert {getattr(getattr(report, name), side) for name in MEASURES for side in ("precision", "recall", "f1")} == {1.0}
    assert (report.over_merges, report.under_merges, report.undefined) == (0, 0, {})


@given(LABELS, st.data())
def test_recall_is_precision_with_the_sides_exchanged(labels, data):
    other = data.draw(st.lists(st.integers(0, 4), min_size=len(labels), max_size=len(labels)))
    one, two = evaluate(frame(labels), frame(other)), evaluate(frame(other), frame(labels))
    for name in MEASURES:
        assert repr(getattr(one, name).recall) == repr(getattr(two, name).precision)
    assert one.largest_over_merges == two.largest_under_merges


@given(LABELS, st.data())
def test_joining_two_clusters_never_lowers_recall_and_splitting_never_lowers_precision(labels, data):
    truth = data.draw(st.lists(st.integers(0, 4), min_size=len(labels), max_size=len(labels)))
    coarser = [min(label, 3) for label in labels]
    fine, coarse = evaluate(frame(labels), frame(truth)), evaluate(frame(coarser), frame(truth))
    assert not coarse.pairwise.recall < fine.pairwise.recall
    assert coarse.b_cubed.recall >= fine.b_cubed.recall - 1e-12
    assert fine.b_cubed.precision >= coarse.b_cubed.precision - 1e-12
