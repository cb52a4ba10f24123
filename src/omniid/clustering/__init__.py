"""Clustering: from scored pairs to a partition of the records.

A pair at or above a threshold is a *link*. Without anything else to heed, clusters are the connected components of the
links. Two things part records that links would join:

- a **CANNOT_LINK**, a person's decision on two records;
- a **limit**, such as "at most one passport": no cluster may hold more than n distinct values of one kind.

`cluster` first follows MUST_LINKs, newest first; one that breaks a CANNOT_LINK is reported as a *conflict*. Components that
keep every limit and hold no CANNOT_LINK are left whole, on arrays. The few others are walked: the best union that nothing
forbids is made, again and again. A link whose ends lie apart in the end is a *refusal*: it says what stands between them.

A row's position is the order of its record key, so ties by row never depend on the order of arrival. Weights are integers.

One file each: `union_find`, `components` (array path), `limits` (counts on arrays), `limited_sets` (what forbids a union),
`must_links`, `best_first` (the walk), `refusals`, `partition` (`cluster` itself), `sizes`.
"""

from omniid.clustering.components import connected_components
from omniid.clustering.partition import cluster
from omniid.clustering.sizes import ClusterSizes, summarize_sizes
from omniid.clustering.union_find import UnionFind

__all__ = ["ClusterSizes", "UnionFind", "cluster", "connected_components", "summarize_sizes"]
