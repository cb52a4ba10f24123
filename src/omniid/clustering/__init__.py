"""Clustering: from scored pairs to a partition of the records.

A pair at or above a threshold is a *link*. Without anything else to heed, clusters are the connected components of the
links. Three things part records that links would join:

- a **CANNOT_LINK**, a person's decision on two records;
- a **limit**: no cluster may hold more than n distinct values of one kind, altogether or within a window of time ("at most one
  passport"), or two values that may not meet ("first names that disagree");
- **conflict**: a union is worth its best link plus β times the mean conflict over all record pairs between the two sets, and
  that must reach the threshold. So one lucky link doesn't join people whose other records disagree. An identifier of which the
  sets share a value doesn't count, unless names or dates speak against them: a person may have two cards.

`cluster` first follows MUST_LINKs, newest first; one that breaks a CANNOT_LINK is reported as a *conflict*. Components that
nothing can part are left whole, on arrays: those that keep every limit, hold no CANNOT_LINK, and whose weakest link makes up
for their worst conflict. The few others are walked: the best union that nothing forbids is made, again and again. A link
whose ends lie apart in the end is a *refusal*: it says what stands between them.

A row's position is the order of its record key, so ties by row never depend on the order of arrival. Weights are integers,
means are sums and counts, and values are compared exactly.

`join_profiles` then compares cluster with cluster: what no single pair of records could join, all pairs together may.

Components of more than `inner_max` records are solved in rounds: sets that may be united make parts of a few dozen sets, the
parts are walked, and their sets go into the next round. There, four records speak for a set.

One file each: `links` (columns and ranks), `union_find`, `components` and `array_path` (what is settled on arrays), `limits`
and `windows` (which sets exceed a limit, on arrays), `limited_sets`, `held_values` and `apartness` (what forbids a union),
`must_links`, `start_sets` (equal records as one), `merge_values` (links against conflicts),
`field_conflicts` (by field: what is shared doesn't count), `array_walk` and `plain_walk`
(walks that nothing bars, all at once on matrices), `array_rivals`, `ground` and `best_first` (walks that limits or decisions
bar), `conflicting` (components up to `inner_max` records), `large_component`, `parts` and `spoken_pairs` (larger ones),
`refusals`, `partition` (`cluster` itself), `profile_unions` (clusters compared with clusters), `barriers` (what stands between
clusters), `admission` (clusters that join others one by one, as anonymous records do), `sizes`.
"""

from omniid.clustering.admission import Admission
from omniid.clustering.components import connected_components
from omniid.clustering.links import Priorities
from omniid.clustering.merge_values import BETA
from omniid.clustering.partition import cluster
from omniid.clustering.profile_unions import UnionEvidence, join_profiles
from omniid.clustering.sizes import ClusterSizes, summarize_sizes
from omniid.clustering.union_find import UnionFind

__all__ = [
    "BETA",
    "Admission",
    "ClusterSizes",
    "Priorities",
    "UnionEvidence",
    "UnionFind",
    "cluster",
    "connected_components",
    "join_profiles",
    "summarize_sizes",
]
