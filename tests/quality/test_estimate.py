"""Expected quality against the truth, on generated channels of several sizes and seeds."""

import math

import numpy as np
import pytest

import omniid
from omniid import datasets
from omniid.matching import calibration_error, reliability
from omniid.quality import doubts_table, estimate_quality, find_bonds, first_look
from omniid.quality.estimate import parted_pairs


def resolved(n: int, seed: int) -> tuple[omniid.Resolution, omniid.evaluation.Report, np.ndarray]:
    sample = datasets.generate(n, seed=seed)
    found = omniid.resolve(dict(sample.channels))
    truth = omniid.evaluation.true_labels(found.table("crosswalk"), sample.truth)
    return found, omniid.evaluate(found.table("crosswalk"), sample.truth), truth


@pytest.fixture(scope="module", params=[(1000, 1), (2000, 2)], ids=str)
def case(request: pytest.FixtureRequest) -> tuple[omniid.Resolution, omniid.evaluation.Report, np.ndarray]:
    return resolved(*request.param)


def test_expected_precision_and_recall_are_near_the_truth(case) -> None:
    found, report, _ = case
    expected = found.summary.expected
    assert abs(expected.precision - report.pairwise.precision) < 0.06
    # Nobody can count pairs of one person that have nothing in common, so recall is expected higher than it is, but not much.
    assert -0.03 < expected.recall - report.pairwise.recall < 0.09
    assert expected.pairs == report.predicted_pairs
    assert expected == estimate_quality(found.parts)


def test_match_probabilities_are_reliable_over_candidate_pairs(case) -> None:
    found, _, truth = case
    scores = found.parts.scores
    same = truth[scores.left] == truth[scores.right]
    table = reliability(scores.weight, same)
    assert calibration_error(table) < 0.12  # of the pairs that are kept: the doubtful ones
    sure = [row for row in table if row.low >= 0.9]
    assert all(abs(row.predicted - row.observed) < 0.06 for row in sure)


def test_doubts_point_at_wrong_links(case) -> None:
    found, _, truth = case
    doubts = doubts_table(found.parts)
    errors = doubts["errors"].to_numpy()
    keys = {key: row for row, key in enumerate(found.parts.records.keys(np.arange(len(found.parts.records))))}

    def wrong(rows: list[dict]) -> float:
        ends = [[keys[row[f"{side}_source"], row[f"{side}_record_id"]] for side in ("left", "right")] for row in rows]
        return float(np.mean([truth[one] != truth[other] for one, other in ends]))

    rows = doubts.to_pylist()
    assert (np.diff(doubts["wrong_pairs"].to_numpy()) <= 1e-12).all()
    assert (errors <= doubts["wrong_pairs"].to_numpy() + 1e-9).all()
    weak, sure = ([row for row in rows if (row["match_probability"] > 0.99) == side] for side in (False, True))
    assert wrong(weak) > 3 * wrong(sure)
    look = first_look(found.parts, find_bonds(found.parts))
    assert look is not None
    assert look.entity_id == rows[0]["entity_id"]
    assert str(look) in str(found)


def test_pairs_apart_are_as_many_as_said(case) -> None:
    found, _, truth = case
    at, expected = parted_pairs(found.parts)
    scores, labels = found.parts.scores, found.parts.clustering.labels
    assert (labels[scores.left[at]] != labels[scores.right[at]]).all()
    assert len(at) + int((labels[scores.left] == labels[scores.right]).sum()) == len(scores)
    same = (truth[scores.left[at]] == truth[scores.right[at]]).sum()
    assert 0.4 * same < expected.sum() < 2.5 * same + 10


def test_data_without_pairs_expects_nothing() -> None:
    summary = omniid.resolve([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "bob@x.com"}]).summary
    assert math.isnan(summary.expected.precision)
    assert summary.look_first is None
    assert "nothing, as no two records are linked" in str(summary)


def test_decisions_are_taken_for_certain() -> None:
    rows = [{"id": str(i), "email": f"p{i}@x.com", "name": name} for i, name in enumerate(["Ann Lee", "Bob Ray", "Cy Day"])]
    told = omniid.Decision("MUST_LINK", (("records", "0"),), (("records", "1"),))
    expected = omniid.resolve(rows, decisions=[told]).summary.expected
    assert (expected.precision, expected.wrong_merges, expected.pairs) == (1.0, 0.0, 1)
