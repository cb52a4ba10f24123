"""Every scored pair and every cluster is counted once."""

import itertools

import numpy as np

import omniid
from omniid.clustering import summarize_sizes
from omniid.report.distribution import SIZES, cluster_sizes, weight_bins, weights_table
from omniid.tables import BITS


def test_bins_hold_every_scored_pair_once(found: omniid.Resolution) -> None:
    scores = found.parts.scores
    bins = weight_bins(found.parts)
    linked, refused, below = np.array([one.counts for one in bins]).sum(axis=0).tolist()
    assert linked + refused == found.summary.links
    assert linked + refused + below == len(scores.weight)
    for one in bins[:: max(len(bins) // 8, 1)]:
        inside = (scores.weight / BITS >= one.low) & (scores.weight / BITS < one.high)
        assert int(inside.sum()) == sum(one.counts)
    assert all(one.high == other.low for one, other in itertools.pairwise(bins))
    assert len(weights_table(bins).rows) <= len(bins)


def test_no_pairs_give_no_bins(tiny) -> None:
    assert weight_bins(tiny({"email": "a@x.com"}, {"email": "b@x.com"}).parts) == []


def test_many_sizes_end_in_one_line() -> None:
    labels = np.repeat(np.cumsum([0, *range(1, 40)]), range(1, 41)).astype(np.int32)
    sizes = summarize_sizes(labels)
    told = cluster_sizes(sizes)
    assert len(told) == SIZES
    assert told[-1][0] == "24–40"
    assert (sum(one[1] for one in told), sum(one[2] for one in told)) == (40, sizes.records)
