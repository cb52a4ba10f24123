"""What explanations say was heard against pairs is what clustering refused them for."""

import numpy as np
import pytest

import omniid
from omniid.clustering.field_conflicts import add_runs, heard
from omniid.comparison import compare_rows
from omniid.datasets import generate
from omniid.explanation import apart
from omniid.explanation.conflicts import conflicts_heard
from omniid.matching import conflicts_by_field


@pytest.fixture(scope="module")
def parts():
    return omniid.resolve(dict(generate(2000, seed=3, headers={}).channels)).parts


def pairs_between(parts, refusal):
    sides = (apart._members(parts, row) for row in (refusal.left, refusal.right))
    left, right = (side.reshape(-1) for side in np.meshgrid(*sides, indexing="ij"))
    return left, right, compare_rows(parts.evidence, left, right, parts.plan.comparisons)


def test_all_that_is_heard_between_two_clusters_is_the_conflict_of_their_refusal(parts):
    refused = [one for one in parts.clustering.refusals if one.limit == "conflict"]
    assert len(refused) > 20
    for refusal in refused:
        left, right, levels = pairs_between(parts, refusal)
        told = conflicts_heard(parts, levels, *apart._links_among(parts, left, right, levels))
        assert heard(add_runs(np.array([0]), told))[0] / len(left) == pytest.approx(refusal.conflict, abs=1)


def test_nothing_speaks_against_a_link_and_a_strong_one_settles_what_it_differs_in(parts):
    refusal = next(one for one in parts.clustering.refusals if one.limit == "conflict")
    levels = pairs_between(parts, refusal)[2]
    plain = conflicts_by_field(levels, parts.model, parts.plan.traits, parts.plan.several)
    none, each = np.zeros(len(levels), bool), np.ones(len(levels), bool)
    assert (conflicts_heard(parts, levels, none, none) == plain).all()
    strong = conflicts_heard(parts, levels, each, each)
    assert (strong[:, 0] == 0).all()
    assert (strong[:, 1:] == (plain[:, 1:] != 0)).all()
    assert (conflicts_heard(parts, levels, each, none) == plain % 2).all()
