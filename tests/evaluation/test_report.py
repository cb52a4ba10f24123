"""The whole report: against brute force, against another library, and on awkward frames."""

import json
import math
import random
from itertools import product

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.errors import InputError
from omniid.evaluation import evaluate
from oracle import evaluate as oracle

PARTITIONS = st.integers(1, 12).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, n // 2), min_size=n, max_size=n)] * 2))


def frame(entity_of):
    return pa.table({"record_id": [str(record) for record in entity_of], "entity_id": [str(x) for x in entity_of.values()]})


def same(expected, actual):
    return actual == pytest.approx(expected, nan_ok=True, rel=1e-12)


@given(PARTITIONS)
def test_it_agrees_with_brute_force_over_pairs(partitions):
    predicted, true = (dict(enumerate(map(str, labels))) for labels in partitions)
    report = evaluate(frame(predicted), frame(true))
    for name in ("pairwise", "b_cubed", "cluster"):
        measure, score = getattr(oracle, name), getattr(report, name)
        assert same(measure(predicted, true), score.precision)
        assert same(measure(true, predicted), score.recall)
    assert report.predicted_pairs == len(oracle.pairs(predicted))
    assert report.true_pairs == len(oracle.pairs(true))
    assert report.common_pairs == len(oracle.pairs(predicted) & oracle.pairs(true))
    assert report.over_merges == len(oracle.mixtures(predicted, true))
    assert report.under_merges == len(oracle.mixtures(true, predicted))
    for mixture in report.largest_over_merges:
        assert mixture.n_parts == len(oracle.mixtures(predicted, true)[mixture.entity_id])
        assert set(mixture.parts) <= oracle.mixtures(predicted, true)[mixture.entity_id]


@given(PARTITIONS, st.randoms(use_true_random=False))
def test_neither_row_order_nor_names_change_a_digit(partitions, shuffle):
    predicted, true = (dict(enumerate(map(str, labels))) for labels in partitions)
    rows = shuffle.sample(sorted(true), len(true))
    report, again = evaluate(frame(predicted), frame(true)), evaluate(frame(predicted), frame({row: true[row] for row in rows}))
    assert str(report) == str(again)
    assert report.to_dict() == again.to_dict()
    renamed = evaluate(frame({row: f"other {entity}" for row, entity in predicted.items()}), frame(true))
    assert repr(report.b_cubed) == repr(renamed.b_cubed)


@given(PARTITIONS)
def test_f1_counts_what_both_sides_share(partitions):
    report = evaluate(*(frame(dict(enumerate(labels))) for labels in partitions))
    both = report.predicted_pairs + report.true_pairs
    assert same(2 * report.common_pairs / both if both else math.nan, report.pairwise.f1)
    assert same(2 * report.exact_clusters / (report.predicted_clusters + report.true_clusters), report.cluster.f1)


@pytest.mark.filterwarnings("ignore")  # it uses what pandas 3 deprecates
def test_it_agrees_with_er_evaluation():
    er_evaluation = pytest.importorskip("er_evaluation")
    rng = random.Random(7)
    for _ in range(50):
        n = 3 * rng.randint(2, 20)
        predicted, true = ([rng.randint(0, n // 3) for _ in range(n)] for _ in range(2))
        # Its B-cubed gives every entity equal weight, ours every record: the same where entities are equally large.
        equal = rng.sample([record // 3 for record in range(n)], n)
        for names, truth in [(("pairwise", "cluster"), true), (("pairwise", "cluster", "b_cubed"), equal)]:
            theirs = [pd.Series(labels, index=[str(record) for record in range(n)]) for labels in (predicted, truth)]
            report = evaluate(*(frame(dict(enumerate(labels))) for labels in (predicted, truth)))
            for name, side in product(names, ("precision", "recall")):
                assert same(getattr(er_evaluation, f"{name}_{side}")(*theirs), getattr(getattr(report, name), side))


def test_what_is_undefined_is_nan_with_a_reason():
    alone, together = frame({1: "x", 2: "y"}), frame({1: "z", 2: "z"})
    report = evaluate(alone, alone)
    assert math.isnan(report.pairwise.precision)
    assert math.isnan(report.pairwise.recall)
    assert math.isnan(report.pairwise.f1)
    assert set(report.undefined) == {"pairwise.precision", "pairwise.recall", "pairwise.f1"}
    assert (report.b_cubed.f1, report.cluster.f1) == (1.0, 1.0)
    assert "pairwise.precision is undefined: the crosswalk joins no two" in str(report)
    found_nothing = evaluate(alone, together)
    assert (found_nothing.pairwise.recall, found_nothing.pairwise.f1) == (0.0, 0.0)
    assert set(found_nothing.undefined) == {"pairwise.precision"}
    assert json.loads(json.dumps(found_nothing.to_dict(), allow_nan=False))["pairwise"]["precision"] is None


def test_only_common_records_are_measured_and_the_others_are_counted():
    crosswalk = pa.table({"record_id": ["1", "2", "3", None], "entity_id": ["x", "x", "x", "x"]})
    truth = pa.table({"record_id": ["1", "2", "8", "9"], "entity_id": ["a", "a", "a", ""]})
    report = evaluate(crosswalk, truth)
    assert (report.records, report.only_in_crosswalk, report.only_in_truth, report.incomplete) == (2, 1, 1, 2)
    assert (report.pairwise.precision, report.pairwise.recall, report.predicted_pairs) == (1.0, 1.0, 1)


def test_records_meet_by_source_and_id():
    crosswalk = pa.table({"source": ["a", "b", "b"], "record_id": ["1", "1", "2"], "entity_id": ["x", "x", "y"]})
    truth = pa.table({"source": ["b", "a", "b"], "record_id": ["1", "1", "2"], "entity_id": ["p", "q", "p"]})
    report = evaluate(crosswalk, truth)
    assert (report.records, report.predicted_pairs, report.true_pairs, report.common_pairs) == (3, 1, 1, 0)


def test_a_record_id_alone_is_enough_where_it_is_unique():
    crosswalk = pa.table({"source": ["a", "b"], "record_id": ["1", "2"], "entity_id": ["x", "x"]})
    truth = pa.table({"record_id": [2, 1], "true_id": [7, 7]})
    assert evaluate(crosswalk, truth).pairwise.f1 == evaluate(truth, crosswalk).pairwise.f1 == 1.0


def test_a_record_id_alone_is_an_error_where_it_is_not_unique():
    crosswalk = pa.table({"source": ["a", "b", "a"], "record_id": ["1", "1", "2"], "entity_id": ["x", "x", "y"]})
    with pytest.raises(InputError, match=r"record_id '1' stands in several rows of the crosswalk, and the truth has no source"):
        evaluate(crosswalk, pa.table({"record_id": ["1", "2"], "entity_id": ["p", "p"]}))
    # Where the truth doesn't speak of such a record, nothing is unclear.
    assert evaluate(crosswalk, pa.table({"record_id": ["2"], "entity_id": ["p"]})).only_in_crosswalk == 2


@pytest.mark.parametrize("columns", [{}, {"source": ["a", "a", "a"]}], ids=["without source", "with source"])
def test_a_record_that_stands_twice_is_an_error(columns):
    twice = pa.table({**columns, "record_id": ["1", "2", "2"], "entity_id": ["x", "x", "y"]})
    once = pa.table({"record_id": ["1", "2", "3"], "entity_id": ["x", "x", "y"], **columns})
    for frames in [(twice, once), (once, twice)]:
        with pytest.raises(InputError, match="record '2' stands in several rows"):
            evaluate(*frames)


def test_nothing_in_common_is_an_error_that_shows_both_ids():
    crosswalk = pa.table({"source": ["web"], "record_id": ["1"], "entity_id": ["x"]})
    with pytest.raises(InputError, match=r"no record in common: the crosswalk has 'web', '1', the truth has 'r-1'"):
        evaluate(crosswalk, pa.table({"record_id": ["r-1"], "entity_id": ["x"]}))
    empty = pa.table({"record_id": pa.array([], pa.string()), "entity_id": pa.array([], pa.string())})
    with pytest.raises(InputError, match="the truth has no complete row"):
        evaluate(crosswalk, empty)


@pytest.mark.parametrize(
    "make", [pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table], ids=["pandas", "polars", "lazy", "arrow"]
)
def test_any_frame_will_do(make):
    crosswalk = make({"record_id": [1, 2, 3], "entity_id": ["x", "x", "y"], "entity_kind": ["person"] * 3})
    truth = make({"id": ["1", "2", "3"], "cluster_id": [10, 10, 11]})
    assert evaluate(crosswalk, truth).pairwise.f1 == 1.0


def test_mistakes_are_named_largest_first():
    crosswalk = frame({1: "small", 2: "small", 3: "big", 4: "big", 5: "big"})
    truth = frame({1: "a", 2: "b", 3: "b", 4: "c", 5: "c"})
    report = evaluate(crosswalk, truth)
    assert [tuple(mixture) for mixture in report.largest_over_merges] == [
        ("big", 3, 2, ("c", "b")),
        ("small", 2, 2, ("a", "b")),
    ]
    assert [tuple(mixture) for mixture in report.largest_under_merges] == [("b", 2, 2, ("big", "small"))]
    assert "over-merges  2 (clusters that hold several entities); largest: big, 3 records of c, b" in str(report)


def test_many_mistakes_name_only_the_largest():
    crosswalk = frame({record: f"c{record // 2}" for record in range(40)} | dict.fromkeys(range(40, 60), "giant"))
    report = evaluate(crosswalk, frame({record: f"t{record:02}" for record in range(60)}))
    assert report.over_merges == 21
    assert [mixture.entity_id for mixture in report.largest_over_merges] == ["giant", "c0", "c1", "c10", "c11"]
    assert "records of t40, t41, t42, t43, t44 and 15 more" in str(report)
