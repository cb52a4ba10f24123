"""Pairs brought up to a change equal pairs scored anew."""

import numpy as np
import pytest

from omniid import datasets, resolve
from omniid.copies import find_originals
from omniid.evidence import weak_values
from omniid.linking import ReadyRecords
from omniid.matching import compile_weights
from omniid.rescoring import rescore


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("reweigh", [False, True])
def test_looking_again_at_any_records_changes_nothing(share: float, reweigh: bool) -> None:
    found = resolve(dict(datasets.generate(120, seed=3).channels))
    parts = resolve(dict(datasets.generate(120, seed=3).channels), found.spec, model=found.model).parts
    ready = ReadyRecords(parts.evidence, parts.plan, parts.classes, 1)
    weights = compile_weights(parts.evidence, parts.model, parts.plan.traits, weak=weak_values(parts.classes))
    touched = np.random.default_rng(5).random(len(parts.records)) < share
    originals = find_originals(parts.evidence, parts.plan.columns, parts.plan.apart)
    again = rescore(parts.scores, originals, touched, ready, parts.model, weights, reweigh=reweigh)
    for name in ("left", "right", "weight", "tier", "rule", "levels"):
        assert np.array_equal(getattr(again, name), getattr(parts.scores, name)), name
