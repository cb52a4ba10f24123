"""Profiles weighed in plain Python weigh what the arrays say."""

import random

import numpy as np

from omniid.clustering import connected_components
from omniid.comparison import PairComparer
from omniid.datasets import generate
from omniid.matching import compile_weights, weigh_profiles
from omniid.pipeline import resolve
from omniid.single_record import Evidence, PairScorer
from omniid.single_record.profiles import ProfileScorer


def test_unions_of_random_groups_weigh_the_same() -> None:
    found = resolve(dict(generate(400, seed=5).channels))
    table, plan, model = found.parts.evidence, found.parts.plan, found.model
    comparer = PairComparer(table, plan.comparisons)
    tables = compile_weights(table, model, plan.traits)
    pair_scorer = PairScorer(found.spec, model)
    scorer = ProfileScorer(pair_scorer)
    scores = found.parts.scores
    labels = connected_components(len(table), scores.left, scores.right)
    draw = random.Random(3)
    names = sorted(table.columns)
    records = [
        pair_scorer.ready(
            Evidence(
                {
                    name: tuple(dict.fromkeys(said))
                    for name in names
                    if (said := [v for v in table.columns[name].entries_of(row) if v])
                }
            )
        )
        for row in range(len(table))
    ]
    for label in np.unique(labels).tolist()[:60]:
        rows = np.flatnonzero(labels == label).tolist() + [draw.randrange(len(table)) for _ in range(3)]
        rows = sorted(set(rows))
        cut = draw.randrange(1, len(rows))
        draw.shuffle(rows)
        one, other = rows[:cut], rows[cut:]
        pairs = [(a, b) for a in one for b in other]
        left, right = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
        expected = weigh_profiles(
            tables, plan.traits, comparer.graded(left, right), left, right, np.array([0]), comparer.silence
        )
        weight, levels = scorer.weigh([pair_scorer.grade(records[a], records[b]) for a, b in pairs])
        assert (weight, levels) == (int(expected.weight[0]), expected.levels[0].tolist())
