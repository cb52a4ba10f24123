"""A few records clustered in plain Python are clustered as the stages do it on arrays."""

import random
from functools import cache
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from omniid import resolve
from omniid.resolver.learned import Learned
from omniid.resolver.light import cluster_lightly
from omniid.resolver.light_partition import partition_lightly
from omniid.resolver.light_records import LightRecords
from omniid.resolver.stored_briefs import brief_texts
from omniid.single_record.briefs import APART
from oracle.asked_stores import channels, learned


@cache
def town() -> tuple[Learned, list[str]]:
    """What a store of these records resolves by, and its records in brief."""
    spec, model = learned()
    known = Learned(spec, model, tuple(sorted(channels())))
    parts = resolve({name: list(rows) for name, rows in channels().items()}, spec, model=model).parts
    return known, brief_texts(parts.evidence, parts.classes, known.briefs)


def mixed(draw: random.Random, some: list[str], width: int) -> str:
    """A record that has every field of one of some records, so that records agree here and differ there."""
    told = [text.split(APART) for text in some]
    values = [(one[1:] + [""] * width)[at] for at in range(width) for one in [draw.choice(told)]]
    return APART.join([told[0][0] if draw.random() < 0.3 else "", *values])


@settings(max_examples=60)
@given(draw=st.randoms(use_true_random=False), n=st.integers(1, 9), of=st.integers(1, 3), kept=st.sampled_from([0.5, 1.0]))
def test_a_few_records_are_clustered_as_on_arrays(draw: random.Random, n: int, of: int, kept: float) -> None:
    known, texts = town()
    some = draw.choices(texts, k=of)
    records = LightRecords(known, [known.briefs.ready(mixed(draw, some, len(known.briefs.fields))) for _ in range(n)])
    weights = {}
    for pair in combinations(range(n), 2):
        found = records.score(*pair)
        if (found.weight >= known.scorer.cut or found.tier) and draw.random() < kept:
            weights[pair] = found.weight
    assert partition_lightly(records, weights) == cluster_lightly(records, sorted(weights)).labels.tolist()
