"""Evaluation: how well a crosswalk agrees with a known truth.

Three views of one comparison, each with precision, recall and F1:

========  ==================================================================================================
pairwise  of the pairs joined, how many are right; of the right pairs, how many are joined
B-cubed   of the records in a record's cluster, which share belongs there; of its entity's, which share is found
cluster   which share of the clusters is exactly an entity; which share of the entities is exactly a cluster
========  ==================================================================================================

Recall is precision with crosswalk and truth exchanged. Pairwise measures are ruled by the largest clusters, cluster measures
by single records; B-cubed stands between them. An *over-merge* is a cluster that holds several entities, an *under-merge* an
entity that stands in several clusters.

All of it is measured on the records that stand in both frames, and the others are counted. A measure without anything to
measure is nan, and the report says why. A truth that knows only some entities, or some clusters, gives estimates with
intervals (`estimate_from_sample`). `contingency` counts once, the other files read the counts; no pairs are made.
"""

from omniid.evaluation.clusters import Mixture
from omniid.evaluation.memberships import KnownLabels, known_labels, true_labels
from omniid.evaluation.report import Report, evaluate
from omniid.evaluation.samples import Interval, SampleEstimate, estimate_from_sample
from omniid.evaluation.score import Score

__all__ = [
    "Interval",
    "KnownLabels",
    "Mixture",
    "Report",
    "SampleEstimate",
    "Score",
    "estimate_from_sample",
    "evaluate",
    "known_labels",
    "true_labels",
]
