"""Scoring: every candidate pair gets its match weight, and those worth keeping are kept."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from omniid.errors import CancelledError
from omniid.matching.rules import LinkRule, holds
from omniid.matching.weights import WeightTables, compile_weights
from omniid.tables import (
    BITS,
    TIERS,
    ComparisonTraits,
    ComparisonVectors,
    Levels,
    Model,
    Progress,
    RecordTable,
    Rows,
    ScoredPairs,
    VectorChunk,
    Weights,
)

__all__ = ["link_tiers", "match", "score_rows"]

Personal = Mapping[str, npt.NDArray[np.bool_]]


def match(
    table: RecordTable,
    vectors: ComparisonVectors,
    model: Model,
    traits: Sequence[ComparisonTraits],
    *,
    keep_at: float | None = None,
    rules: Sequence[LinkRule] = (),
    personal: Personal | None = None,
    progress: Progress | None = None,
) -> ScoredPairs:
    """Weigh all candidate pairs and keep those that may be links.

    Parameters
    ----------
    table
        The records, for term frequencies.
    vectors
        Comparison vectors of the candidate pairs.
    model
        A fitted, loaded or edited model.
    traits
        The comparisons, one per column of the vectors.
    keep_at
        Pairs below this many bits are dropped; None takes the model's `review_at`, ``-math.inf`` keeps all.
    rules
        Deterministic rules. A pair for which one holds is raised to `link_at` and gets the rule's tier.
    personal
        Comparison → bool per row: whether the row's values are used by one person only. A rule that agrees on such a
        comparison holds only where both records' values are; a shared mailbox is weighed like all else.
    progress
        Called with ("match", pairs so far, 0) after each chunk; returning False cancels.

    Returns
    -------
    ScoredPairs
        Sorted by (left, right). The same for any chunk size, row order and numbering of values.

    Raises
    ------
    SpecError
        If model and traits differ, or a rule names what does not exist.
    CancelledError
        If `progress` returns False.

    References
    ----------
    Fellegi and Sunter, "A theory for record linkage", JASA 64 (1969).

    Examples
    --------
    >>> from omniid.tables import ComparisonWeights
    >>> table = RecordTable.of([{"record_id": "1", "city": "Rome"}, {"record_id": "2", "city": "Rome"}])
    >>> rows = (np.array([0], np.int32), np.array([1], np.int32), np.zeros(1, np.int16))
    >>> vectors = ComparisonVectors(("city",), (2,), ("city",), lambda: iter([VectorChunk(*rows, np.array([[1]], np.int8))]))
    >>> model = Model((ComparisonWeights("city", ("else", "exact"), (0.2, 0.8), (0.9, 0.1)),), prior=0.5, link_at=1.0)
    >>> match(table, vectors, model, [ComparisonTraits("city", ("else", "exact"), (0.2, 0.8))]).weight.tolist()
    [3000000]
    """
    tables = compile_weights(table, model, traits)
    least = model.review_at if keep_at is None else keep_at
    cut = None if least == -np.inf else round(least * BITS)
    parts, done = [_empty(vectors)], 0
    for chunk in vectors:
        parts.append(_score_chunk(tables, chunk, cut, round(model.link_at * BITS), rules, personal or {}, traits, vectors))
        done += len(chunk.left)
        if progress is not None and progress("match", done, 0) is False:
            raise CancelledError(f"matching was cancelled by the progress callback after {done:,} pairs")
    found = ScoredPairs(
        left=np.concatenate([part.left for part in parts]),
        right=np.concatenate([part.right for part in parts]),
        weight=np.concatenate([part.weight for part in parts]),
        tier=np.concatenate([part.tier for part in parts]),
        rule=np.concatenate([part.rule for part in parts]),
        levels=np.concatenate([part.levels for part in parts]),
        comparisons=vectors.comparisons,
        rules=vectors.rules,
    )
    key = (found.left.astype(np.int64) << 32) | found.right  # unique, as no pair comes twice: any sort gives one order
    return found if (np.diff(key) > 0).all() else found.take(np.argsort(key))


def score_rows(
    tables: WeightTables,
    left: Rows,
    right: Rows,
    levels: Levels,
    traits: Sequence[ComparisonTraits],
    *,
    link_at: int,
    rules: Sequence[LinkRule] = (),
    personal: Personal | None = None,
) -> Weights:
    """Weigh given row pairs as `match` does, and keep all of them.

    Parameters
    ----------
    tables
        What `compile_weights` made of the model.
    left, right
        Rows of pair i at position i.
    levels
        int8 of shape (pairs, comparisons).
    traits, rules, personal
        As for `match`.
    link_at
        Millionths of a bit to which a pair is raised for which a rule holds.

    Returns
    -------
    numpy.ndarray
        int64 per pair: the match weight in millionths of a bit.

    Raises
    ------
    SpecError
        If a rule names what does not exist.

    Examples
    --------
    >>> from omniid.tables import ComparisonWeights
    >>> model = Model((ComparisonWeights("sex", ("else", "exact"), (0.2, 0.8), (0.8, 0.2)),), prior=0.5)
    >>> sex, rows = ComparisonTraits("sex", ("else", "exact"), (0.1, 0.9)), np.zeros(2, np.int32)
    >>> tables = compile_weights(RecordTable.of([]), model, [sex])
    >>> score_rows(tables, rows, rows + 1, np.array([[0], [1]], np.int8), [sex], link_at=0).tolist()
    [-2000000, 2000000]
    """
    _, weight = tables.score(left, right, levels)
    return _raised(weight, link_tiers(left, right, levels, rules, personal or {}, traits), link_at)


def _score_chunk(
    tables: WeightTables,
    chunk: VectorChunk,
    cut: int | None,
    link_at: int,
    rules: Sequence[LinkRule],
    personal: Personal,
    traits: Sequence[ComparisonTraits],
    vectors: ComparisonVectors,
) -> ScoredPairs:
    """The pairs of one chunk that reach the cut, by weight or by rule."""
    keep, weight = tables.score(chunk.left, chunk.right, chunk.levels, at_least=cut)
    tier = np.zeros(len(keep), np.int8)
    if rules:
        strong = link_tiers(chunk.left, chunk.right, chunk.levels, rules, personal, traits)
        extra = np.setdiff1d(np.flatnonzero(strong), keep)  # below the cut by weight, and raised by a rule
        _, more = tables.score(chunk.left[extra], chunk.right[extra], chunk.levels[extra])
        keep, weight = np.append(keep, extra), np.append(weight, more)
        tier = strong[keep]
        weight = _raised(weight, tier, link_at)
    return ScoredPairs(
        chunk.left[keep],
        chunk.right[keep],
        weight,
        tier,
        chunk.rule[keep],
        chunk.levels[keep],
        vectors.comparisons,
        vectors.rules,
    )


def _raised(weight: Weights, tier: npt.NDArray[np.int8], link_at: int) -> Weights:
    """What is strong links on its own, whatever its weight."""
    return np.where(tier > 0, np.maximum(weight, link_at), weight)


def link_tiers(
    left: Rows,
    right: Rows,
    levels: Levels,
    rules: Sequence[LinkRule],
    personal: Personal,
    traits: Sequence[ComparisonTraits],
) -> npt.NDArray[np.int8]:
    """Find the highest tier that a link rule gives each pair.

    Parameters
    ----------
    left, right
        Rows of pair i at position i.
    levels
        int8 of shape (pairs, comparisons).
    rules, personal, traits
        As for `match`.

    Returns
    -------
    numpy.ndarray
        int8 position in `TIERS` per pair, 0 where no rule holds.

    Raises
    ------
    SpecError
        If a rule names what does not exist.

    Examples
    --------
    >>> email, rows = ComparisonTraits("email", ("else", "exact"), (0.3, 0.7)), np.zeros(2, np.int32)
    >>> rule = LinkRule("same e-mail", {"email": "exact"})
    >>> link_tiers(rows, rows + 1, np.array([[0], [1]], np.int8), [rule], {}, [email]).tolist()
    [0, 1]
    """
    tier = np.zeros(len(left), np.int8)
    for rule in rules:
        level = np.int8(TIERS.index(rule.tier))
        pairs = holds(rule, levels, traits)
        for name in rule.agree:
            if name in personal:
                pairs &= personal[name][left] & personal[name][right]
        np.maximum(tier, np.where(pairs, level, np.int8(0)), out=tier)
    return tier


def _empty(vectors: ComparisonVectors) -> ScoredPairs:
    """No pairs, with the right columns."""
    rows = np.zeros(0, np.int32)
    levels = np.zeros((0, len(vectors.comparisons)), np.int8)
    return ScoredPairs(
        rows,
        rows,
        np.zeros(0, np.int64),
        np.zeros(0, np.int8),
        np.zeros(0, np.int16),
        levels,
        vectors.comparisons,
        vectors.rules,
    )
