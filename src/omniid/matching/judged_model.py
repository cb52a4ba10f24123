"""A model after judged pairs: its shifts, its thresholds, and what they changed, as numbers that stand in the model."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from omniid.matching.calibration import link_threshold, match_probability, review_threshold
from omniid.matching.judged import JudgedPairs
from omniid.matching.label_shift import LabelShift, learn_shift
from omniid.matching.patterns import Patterns
from omniid.matching.weights import compile_weights
from omniid.tables import BITS, ComparisonTraits, Levels, Model, RecordTable, Weights

__all__ = ["judged_from", "pattern_weights", "with_thresholds_learned", "with_what_was_judged"]

FEW = (
    0.05  # part of what judged pairs tell that may lie below the weight from which they move others: a stray pair proves little
)


def judged_from(weight: Weights) -> int:
    """The match weight from which on judged pairs tell much about others, in millionths of a bit.

    A pair tells p(1 - p) of a shift (its Fisher information): a thousand judged strangers of -15 bits tell nothing.

    Examples
    --------
    >>> judged_from(np.array([-15, -15, -15, -1, 0, 2]) * 1_000_000)
    -1000000
    """
    p = match_probability(weight)
    order = np.argsort(weight, kind="stable")
    told = np.cumsum((p * (1 - p))[order])
    return int(weight[order[min(int(np.searchsorted(told, FEW * told[-1], side="right")), len(weight) - 1)]])


def pattern_weights(model: Model, traits: Sequence[ComparisonTraits], levels: Levels) -> Weights:
    """Match weights of agreement patterns, value frequencies apart."""
    rows = np.zeros(len(levels), np.int32)
    _, weight = compile_weights(RecordTable.of([]), model, traits).score(rows, rows, levels)
    return weight


def with_thresholds_learned(model: Model, patterns: Patterns, traits: Sequence[ComparisonTraits]) -> Model:
    """The model that links where its expected F1 over the agreement patterns is highest, value frequencies apart."""
    link_at = link_threshold(pattern_weights(model, traits, patterns.levels), patterns.counts)
    return model.replace(link_at=link_at, review_at=review_threshold(link_at))


def with_what_was_judged(
    model: Model,
    table: RecordTable,
    traits: Sequence[ComparisonTraits],
    patterns: Patterns,
    pairs: JudgedPairs,
    levels: Levels,
) -> Model:
    """Add what judged pairs say beside their match weight, and set the thresholds anew.

    Parameters
    ----------
    model
        Fitted, with thresholds.
    table
        The records, for value frequencies.
    traits
        The comparisons.
    patterns
        Agreement patterns of the candidate pairs.
    pairs, levels
        The judged pairs, and their comparison levels.

    Returns
    -------
    Model
        Its `judged` holds "same" and "different" (pairs), "bits" (log2 of how much better the judgements are foreseen),
        "spread" (of the shifts), "link_at_before", and "f1_before" and "f1_after": what the odds after expect of the links
        before, and of those now.
    """
    _, weight = compile_weights(table, model, traits).score(pairs.left, pairs.right, levels)
    found = learn_shift(weight, levels, pairs.same, tuple(len(trait.levels) for trait in traits), pairs.slack)
    shift_from = judged_from(weight) / BITS
    after = with_thresholds_learned(_shifted(model, found, shift_from), patterns, traits) if found.spread else model
    was, now = (pattern_weights(one, traits, patterns.levels) for one in (model, after))
    told = {
        "same": float(pairs.same.sum()),
        "different": float((~pairs.same).sum()),
        "bits": found.gain,
        "spread": found.spread,
        "link_at_before": model.link_at,
        "f1_before": _expected_f1(was >= round(model.link_at * BITS), now, patterns.counts),
        "f1_after": _expected_f1(now >= round(after.link_at * BITS), now, patterns.counts),
    }
    return after.replace(judged=told)


def _shifted(model: Model, found: LabelShift, shift_from: float) -> Model:
    parts = zip(model.comparisons, found.levels, strict=True)
    return model.replace(
        comparisons=tuple(replace(one, shift=bits) for one, bits in parts), shift=found.start, shift_from=shift_from
    )


def _expected_f1(linked: npt.NDArray[np.bool_], weight: Weights, counts: npt.NDArray[np.int64]) -> float:
    """F1 of some links by the odds of a model; 0 where there is nothing to link."""
    hits = match_probability(weight) * counts
    made = float(counts[linked].sum() + hits.sum())
    return 2 * float(hits[linked].sum()) / made if made > 0 else 0.0
