"""`assess_result`: a result against a truth, a part of it, or none."""

from typing import Any

import numpy as np

from omniid.errors import InputError
from omniid.evaluation import estimate_from_sample, evaluate, known_labels
from omniid.quality.assessment import Assessment
from omniid.results import Parts, crosswalk_table

__all__ = ["assess_result"]


def assess_result(parts: Parts, truth: Any, *, examples: int, backend: str, by_size: bool = False) -> Assessment:
    """Measure a result against a truth where there is one; see `Resolution.evaluate`."""
    if examples < 0:
        raise InputError(f"examples is {examples}; give 0 or more")
    if truth is None:
        return Assessment(parts, None, None, None, examples, backend)
    crosswalk = crosswalk_table(parts)
    report, known = evaluate(crosswalk, truth), known_labels(crosswalk, truth)
    part = bool((known.labels < 0).any())
    clusters = parts.entity.astype(np.int64)
    sample = estimate_from_sample(clusters, known.labels, by_size=by_size) if part else None
    return Assessment(parts, known, report, sample, examples, backend)
