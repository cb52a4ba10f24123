"""Expectation: what a partition is worth, where nobody knows the truth.

A link is right with its match probability. Three counts follow, in records' pairs:

1. *How many pairs of a cluster are one person?* The strongest links that hold a cluster together make a tree
   (`spanning_forest`). Two of its records are one person if every link between them is right, so the expected number of right
   pairs is a sum of products over the tree, added up level by level (`SpanningForest.sums`).
2. *How many pairs were seen and left apart?* The match probabilities of pairs between clusters; where a conflict parts them,
   it counts (`expect`).
3. *How many pairs were never seen?* Two records of one person can be known directly, or by a third that links with both. The
   share of the latter that were seen directly, too, is taken for all (`count_triads`). Records that say little are missed by
   both ways, so this is an estimate from below: true recall is rather lower than the expected one.

The room knows rows, links and numbers, neither fields nor models. One file each: `spanning` (trees and their sums), `triads`
(ways around), `expected` (precision and recall of the clusters, and which cluster to doubt).
"""

from omniid.expectation.expected import Doubts, Expected, Seen, expect, find_doubts
from omniid.expectation.groups import pairs_in_groups
from omniid.expectation.spanning import SpanningForest, TreeSums, hang_trees, spanning_forest
from omniid.expectation.triads import Triads, count_triads

__all__ = [
    "Doubts",
    "Expected",
    "Seen",
    "SpanningForest",
    "TreeSums",
    "Triads",
    "count_triads",
    "expect",
    "find_doubts",
    "hang_trees",
    "pairs_in_groups",
    "spanning_forest",
]
