"""`explain_cluster`: how an entity came to be, union by union."""

from collections.abc import Sequence

import numpy as np

from omniid.answers import EntityExplanation, Union
from omniid.clustering.field_conflicts import Columns, least_of_runs
from omniid.comparison import compare_rows
from omniid.copies import find_originals
from omniid.explanation.conflicts import conflicts_heard
from omniid.explanation.device_words import why_placed
from omniid.explanation.lookup import decided_inside, entity_of, links_inside
from omniid.explanation.pairs import weight_tables
from omniid.explanation.profile_words import links_within, profile_steps
from omniid.explanation.unions import Link, Step, order_unions
from omniid.matching import score_rows
from omniid.results import Parts
from omniid.tables import BITS, TIERS, Rows, ScoredPairs

__all__ = ["explain_cluster"]

WALKED = 250  # records up to which all pairs are scored, as clustering does; of more, links alone tell the order


def explain_cluster(parts: Parts, entity_id: str) -> EntityExplanation:
    """Explain how an entity came to be."""
    entity = entity_of(parts, entity_id)
    rows = np.flatnonzero(parts.entity == entity).astype(np.int32)
    links = parts.scores.take(links_inside(parts, entity))
    links = links.take(np.lexsort((links.right, links.left, -links.weight)))
    told = decided_inside(parts, entity)
    sets = _together_before(parts, rows, told, links)
    within = parts.scores.take(links_within(parts, links_inside(parts, entity)))
    steps = order_unions(sets, *_evidence(parts, rows, within, sets))
    return EntityExplanation(
        entity_id,
        tuple(parts.records.keys(rows)),
        (*_decided_links(parts, told), *_scored_links(parts, links)),
        (*(_union(parts, step) for step in steps), *profile_steps(parts, entity)),
        tuple(tuple(parts.records.keys(np.array(one, np.int32))) for one in sets if len(one) > 1),
        parts.model.link_at,
        tuple(why for row in rows.tolist() if (why := why_placed(parts, row))),
    )


def _together_before(parts: Parts, rows: Rows, told: Rows, links: ScoredPairs) -> list[list[int]]:
    """Records that decisions joined, and equal records that link, before any other evidence was looked at."""
    name = {row: row for row in rows.tolist()}

    def top(row: int) -> int:
        while name[row] != row:
            row = name[row]
        return row

    original = rows[find_originals(parts.evidence.take(rows), parts.plan.columns, parts.plan.apart[rows])]
    equal = dict(zip(rows.tolist(), original.tolist(), strict=True))
    same = [pair for pair in zip(links.left.tolist(), links.right.tolist(), strict=True) if equal[pair[0]] == equal[pair[1]]]
    for left, right in (*told.tolist(), *same):
        low, high = sorted((top(left), top(right)))
        name[high] = low
    sets: dict[int, list[int]] = {}
    for row in rows.tolist():
        sets.setdefault(top(row), []).append(row)
    return list(sets.values())


def _evidence(
    parts: Parts, rows: Rows, links: ScoredPairs, sets: Sequence[Sequence[int]]
) -> tuple[dict[tuple[int, int], Link], dict[tuple[int, int], tuple[int, ...]]]:
    """Links and conflicts of all pairs of the given rows; of the links alone where there are too many rows to score all."""
    columns = (links.left, links.right, links.tier, links.weight, links.rule)
    known = {
        (left, right): Link(tier, weight, links.rules[rule])
        for left, right, tier, weight, rule in zip(*(column.tolist() for column in columns), strict=True)
    }
    if len(rows) > WALKED:
        return known, {}
    one, other = np.triu_indices(len(rows), 1)
    left, right = rows[one], rows[other]
    levels = compare_rows(parts.evidence, left, right, parts.plan.comparisons)
    weight = score_rows(weight_tables(parts), left, right, levels, parts.plan.traits, link_at=parts.link_at)
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    labels = parts.clustering.labels if parts.clustering.by_links is None else parts.clustering.by_links
    for pair, bits in zip(pairs, weight.tolist(), strict=True):
        if bits >= parts.link_at and pair not in known and labels[pair[0]] == labels[pair[1]]:
            known[pair] = Link(0, bits, "compared within the cluster")
    linked = np.array([pair in known for pair in pairs], bool)
    strong = np.array([pair in known and known[pair].tier > 0 for pair in pairs], bool)
    between = _least_between_sets(rows, sets, one, other, conflicts_heard(parts, levels, linked, strong))
    return known, {pair: tuple(columns) for pair, columns in zip(pairs, between.tolist(), strict=True) if any(columns)}


def _least_between_sets(rows: Rows, sets: Sequence[Sequence[int]], one: Rows, other: Rows, against: Columns) -> Columns:
    """Per pair the least conflict between its two sets: whoever agrees with one record of a set agrees with the person."""
    number = {row: at for at, members in enumerate(sets) for row in members}
    of = np.array([number[row] for row in rows.tolist()])
    low, high = np.minimum(of[one], of[other]), np.maximum(of[one], of[other])
    place, which = np.unique(low * len(sets) + high, return_inverse=True)
    order = np.argsort(which, kind="stable")
    least = least_of_runs(np.searchsorted(which[order], np.arange(len(place))), against[order])[which]
    least[low == high] = 0
    return least


def _union(parts: Parts, step: Step) -> Union:
    left, right = (tuple(parts.records.keys(np.array(side, np.int32))) for side in (step.left, step.right))
    one, other = parts.records.keys(np.array(step.ends, np.int32))
    worth = (step.link.weight / BITS, float(step.conflict) / BITS, float(step.value) / BITS)
    return Union(left, right, (one, other), step.link.rule, TIERS[step.link.tier], *worth)


def _scored_links(parts: Parts, links: ScoredPairs) -> list[tuple[tuple[str, str], tuple[str, str], float, str]]:
    ends = zip(parts.records.keys(links.left), parts.records.keys(links.right), strict=True)
    named = zip(ends, links.weight.tolist(), links.rule.tolist(), strict=True)
    return [(left, right, weight / BITS, links.rules[rule]) for (left, right), weight, rule in named]


def _decided_links(parts: Parts, told: Rows) -> list[tuple[tuple[str, str], tuple[str, str], float, str]]:
    decided = zip(parts.records.keys(told[:, 0]), parts.records.keys(told[:, 1]), strict=True)
    return [(left, right, float("inf"), "decision") for left, right in decided]
