"""Conflicts field by field: what is shared never speaks against, and one pair is told what the batch is told."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching import conflicts_by_field
from omniid.single_record.field_conflicts import FieldConflicts
from omniid.tables import ComparisonTraits, ComparisonWeights, Model

TRAITS = [ComparisonTraits(name, ("else", "alike", "exact"), (0.2, 0.3, 0.5)) for name in ("name", "card", "mail")]
CHANCES = st.sampled_from([(0.2, 0.3, 0.5), (0.5, 0.3, 0.2), (0.1, 0.8, 0.1)])


@given(st.lists(st.tuples(CHANCES, CHANCES), min_size=3, max_size=3), st.sets(st.sampled_from(["card", "mail"])))
def test_what_is_shared_never_speaks_against_whatever_was_learned(chances, several):
    weights = (ComparisonWeights(trait.name, trait.levels, *pair) for trait, pair in zip(TRAITS, chances, strict=True))
    model = Model(tuple(weights), prior=0.5)
    levels = np.stack(np.meshgrid(*[[-1, 0, 1, 2]] * 3, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.int8)
    found = conflicts_by_field(levels, model, TRAITS, several)
    numbers = [number for number, trait in enumerate(TRAITS) if trait.name in several]
    assert ((found[:, 1:] == 1) == (levels[:, numbers] == 2)).all()
    assert ((found <= 0) & (found % 2 == 0) | (found == 1)).all()
    one = FieldConflicts(model, TRAITS, several)
    assert [one.of(row) for row in levels.tolist()] == list(map(tuple, found.tolist()))
