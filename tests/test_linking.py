"""Weights learned from a sample of the pairs are those of all pairs, nearly; the pairs scored do not depend on the sample."""

import math

import pytest

import omniid
from omniid import linking
from omniid.datasets import generate


@pytest.fixture(scope="module")
def records():
    return generate(3000, seed=5)


def test_a_sample_of_the_pairs_teaches_what_all_of_them_do(records, monkeypatch):
    whole = omniid.resolve(records.channels)
    monkeypatch.setattr(linking, "SAMPLE", whole.summary.pairs // 3)
    part = omniid.resolve(records.channels)
    assert part.summary.pairs == whole.summary.pairs
    assert math.isclose(part.model.expected_matches, whole.model.expected_matches, rel_tol=0.15)
    quality = omniid.evaluate(part.crosswalk, whole.crosswalk)
    assert quality.pairwise.f1 > 0.95


def test_no_more_pairs_are_sampled_than_asked_for(records, monkeypatch):
    seen = []
    original = linking.compare_pairs

    def compare_pairs(comparer, pairs, **options):
        seen.append(sum(len(chunk.left) for chunk in pairs))
        return original(comparer, pairs, **options)

    monkeypatch.setattr(linking, "compare_pairs", compare_pairs)
    monkeypatch.setattr(linking, "SAMPLE", 5000)
    omniid.resolve(records.channels)
    assert 0 < seen[0] < 6000
