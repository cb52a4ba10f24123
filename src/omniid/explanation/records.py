"""`explain_records`: why two records are one person, or why they are not."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from omniid.answers import PairEvidence, PairExplanation, bits_text, key_text
from omniid.copies import IDENTICAL
from omniid.explanation.apart import why_apart
from omniid.explanation.device_words import why_placed
from omniid.explanation.lookup import Key, decision_text, pair_position, row_of, standing_decision
from omniid.explanation.pairs import pair_evidence
from omniid.explanation.paths import strongest_path
from omniid.explanation.profile_words import links_within, why_profiles
from omniid.results import Parts

__all__ = ["explain_records"]


def explain_records(parts: Parts, a: Key, b: Key) -> PairExplanation:
    """Explain why two records are one person, or why they are not."""
    start, goal = row_of(parts, a), row_of(parts, b)
    left, right = parts.records.key(start), parts.records.key(goal)
    labels = parts.clustering.labels
    if start == goal:
        return PairExplanation(left, right, True, (left,), (), "Both keys name the same record.")
    if labels[start] != labels[goal]:
        own = pair_evidence(parts, start, goal)
        return PairExplanation(left, right, False, (), (own,), why_apart(parts, start, goal, own))
    path = strongest_path(parts, start, goal)
    if not path:
        placed = [told for row in (start, goal) if (told := why_placed(parts, row))]
        reason = f"Linked by device, without evidence between the two: {' '.join(placed)}"
        return PairExplanation(left, right, True, (left, right), (pair_evidence(parts, start, goal),), reason)
    if len(path) > 2 and pair_position(parts, min(start, goal), max(start, goal)) >= 0 and _links(parts, start, goal):
        path = [start, goal]  # what links them directly is the shorter answer
    steps = tuple(pair_evidence(parts, one, two) for one, two in pairwise(path))
    through = tuple(parts.records.keys(np.array(path, np.int32)))
    return PairExplanation(left, right, True, through, steps, _why_linked(parts, path, steps))


def _links(parts: Parts, one: int, other: int) -> bool:
    at = links_within(parts, np.array([pair_position(parts, min(one, other), max(one, other))], np.intp))
    return len(at) > 0 and int(parts.scores.weight[at[0]]) >= parts.link_at


def _why_linked(parts: Parts, path: Sequence[int], steps: Sequence[PairEvidence]) -> str:
    decided = [told for step in pairwise(path) if (told := standing_decision(parts, *sorted(step))) and told[0] == "MUST_LINK"]
    by = f" by {decision_text(decided[0][1])}" if decided else ""
    profiles = "".join(f" {words}" for step in pairwise(path) if (words := why_profiles(parts, step)))
    if len(path) == 2 and profiles and not decided:
        return f"Linked by profile.{profiles} No pair of their records alone was enough."
    if len(path) == 2:
        return f"Linked{by}." if decided else _why_directly(parts, sorted(path), steps[0])
    names = " – ".join(key_text(key) for key in parts.records.keys(np.array(path, np.int32)))
    own = pair_evidence(parts, path[0], path[-1]).match_weight
    alone = f"Compared with each other alone they come to {bits_text(own)} bits."
    return f"Linked{by} through {len(path) - 2} other record{'s' * (len(path) > 3)}: {names}.{profiles} {alone}"


def _why_directly(parts: Parts, pair: Sequence[int], evidence: PairEvidence) -> str:
    """Why a pair is a link of its own."""
    at = pair_position(parts, *pair)
    if at >= 0 and parts.scores.rules[int(parts.scores.rule[at])] == IDENTICAL:
        return "Linked directly: the two records are equal in all that is compared."
    weight, cut = evidence.match_weight, parts.model.link_at
    if weight < cut:
        return (
            f"Linked directly: {evidence.strong} links on its own, as nothing contradicts; "
            f"by weight alone they come to {bits_text(weight)} bits."
        )
    return f"Linked directly: their match weight {bits_text(weight)} reaches the threshold {bits_text(cut)} bits."
