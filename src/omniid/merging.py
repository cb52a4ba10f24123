"""Clusters compared with clusters: the profile pass, on records made ready."""

import numpy as np
import numpy.typing as npt

from omniid.clustering import UnionEvidence, join_profiles
from omniid.clustering.field_conflicts import add_runs, heard, only_shared
from omniid.linking import ReadyRecords
from omniid.matching import WeightTables, conflicts_by_field, weigh_profiles
from omniid.tables import BITS, Clustering, Model, Rows, ScoredPairs
from omniid.weak_evidence import held_back

__all__ = ["merge_profiles"]

Places = npt.NDArray[np.signedinteger]


def merge_profiles(
    ready: ReadyRecords, scores: ScoredPairs, clustering: Clustering, model: Model, weights: WeightTables
) -> Clustering:
    """Join clusters whose profiles agree, where the plan says so; see `join_profiles`.

    Parameters
    ----------
    ready
        The records.
    scores
        Scored pairs: clusters are compared where one joins them, be it a link or a possible link.
    clustering
        What `partition` made of them.
    model, weights
        The model, and as it was compiled for the records.
    """
    plan, link_at = ready.plan, round(model.link_at * BITS)
    if not plan.profile_pass:
        return clustering

    def weigh(left: Rows, right: Rows, start: Places) -> UnionEvidence:
        graded = ready.comparer.graded(left, right)
        profiles = weigh_profiles(weights, plan.traits, graded, left, right, start, ready.comparer.silence)
        ready.comparer.silence(graded)
        one, other = np.minimum(left, right), np.maximum(left, right)
        single = ready.weigh(one, other, graded, model, weights)
        against = conflicts_by_field(graded, model, plan.traits, plan.several)
        linked = single >= link_at
        against[linked] = only_shared(against[linked])
        held = held_back(profiles.weight, profiles.levels, plan.traits, plan.weak, link_at)
        return UnionEvidence(held, heard(add_runs(start, against)))

    return join_profiles(
        clustering,
        scores,
        weigh,
        link_at=link_at,
        limits=plan.limits,
        cannot=plan.cannot,
        originals=ready.originals,
        workers=ready.workers,
    )
