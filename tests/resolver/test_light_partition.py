"""A few records clustered in plain Python are clustered as the stages do it on arrays."""

import random
from itertools import combinations
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from omniid.resolver import light_partition
from omniid.resolver.bulk_placing import cluster_in_bulk
from omniid.resolver.bulk_records import BulkRecords
from omniid.resolver.light_partition import partition_lightly
from omniid.resolver.light_records import LightRecords
from oracle.told_briefs import known_briefs, mixed


@settings(max_examples=60)
@given(draw=st.randoms(use_true_random=False), n=st.integers(1, 9), of=st.integers(1, 3), kept=st.sampled_from([0.5, 1.0]))
def test_a_few_records_are_clustered_as_on_arrays(draw: random.Random, n: int, of: int, kept: float) -> None:
    compare(draw, n, of, kept)


@settings(max_examples=20)
@given(draw=st.randoms(use_true_random=False), n=st.integers(11, 40), of=st.integers(1, 12), kept=st.sampled_from([0.5, 1.0]))
def test_and_so_are_more_of_which_most_never_meet(draw: random.Random, n: int, of: int, kept: float) -> None:
    compare(draw, n, of, kept)


@settings(max_examples=20)
@given(draw=st.randoms(use_true_random=False), n=st.integers(3, 9), of=st.integers(1, 3), kept=st.sampled_from([0.5, 1.0]))
def test_a_walk_leaves_whole_what_is_left_whole_at_a_glance(draw: random.Random, n: int, of: int, kept: float) -> None:
    with patch.object(light_partition, "GLANCED", 0):
        compare(draw, n, of, kept)


def compare(draw: random.Random, n: int, of: int, kept: float) -> None:
    known, texts = known_briefs(profile_pass=draw.random() < 0.5)
    some = draw.choices(texts, k=of)
    briefs = [mixed(draw, some, len(known.briefs.fields)) for _ in range(n)]
    records = LightRecords(known, [known.briefs.ready(brief) for brief in briefs])
    weights = {}
    for pair in combinations(range(n), 2):
        found = records.score(*pair)
        if (found.weight >= known.scorer.cut or found.tier) and draw.random() < kept:
            weights[pair] = found.weight
    ends = np.array(sorted(weights), np.int32).reshape(-1, 2)
    on_arrays = cluster_in_bulk(BulkRecords.of(known, briefs), ends[:, 0], ends[:, 1])
    assert partition_lightly(records, weights) == on_arrays.labels.tolist()
