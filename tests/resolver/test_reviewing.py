"""The head of the review queue is the head of the whole one, however many pairs a closer look leaves out."""

import random

import pytest

import omniid
from oracle.small_town import learned, town


@pytest.mark.parametrize("seed", range(4))
def test_with_a_limit_the_heaviest_pairs_are_asked_about(seed: int) -> None:
    draw = random.Random(seed)
    rows = [dict(row) for row in draw.sample(town(), 60)]
    for row in rows:
        for name in ("email", "phone"):
            if draw.random() < 0.5:
                row.pop(name, None)
    copies = [{**row, "id": f"{row['id']}c"} for row in draw.sample(rows, 20)]
    spec, model = learned()
    with omniid.open(":memory:", spec.replace(review_at=-4.0), model=model, backend="rows") as resolver:
        resolver.upsert([*rows, *copies])
        asked = resolver.review()
        assert len(asked) > 7
        for limit in range(1, len(asked) + 2):
            assert resolver.review(limit=limit) == asked[:limit]
