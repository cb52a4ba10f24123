import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from omniid.errors import CancelledError
from omniid.matching import FellegiSunter, LinkRule, explain_pair, holds, match
from omniid.tables import BITS, Column
from oracle.matching import World, make_world, naive_weight, truth_of


@pytest.fixture(scope="module")
def world():
    return make_world(250, relatives=0.3)


@pytest.fixture(scope="module")
def model(world):
    return FellegiSunter().fit(world.table, world.vectors(), world.traits, world.compare_rows).model_


def as_dict(table, pairs):
    return {
        tuple(sorted((table.key(a), table.key(b)))): (w, tuple(levels))
        for a, b, w, levels in zip(
            pairs.left.tolist(), pairs.right.tolist(), pairs.weight.tolist(), pairs.levels.tolist(), strict=True
        )
    }


@pytest.mark.parametrize("relatives", [True, False])
@pytest.mark.parametrize("fuzzy", [True, False])
def test_weights_equal_the_naive_scorer(world, relatives, fuzzy):
    matcher = FellegiSunter(relatives=relatives, fuzzy_frequency=fuzzy)
    model = matcher.fit(world.table, world.vectors(), world.traits, world.compare_rows).model_
    pairs = match(world.table, world.vectors(), model, world.traits, keep_at=-math.inf)
    step = max(len(pairs) // 100, 1)
    chosen = np.union1d(np.arange(0, len(pairs), step), np.argsort(-pairs.weight)[:80])
    for i in chosen.tolist():
        slow = naive_weight(world, model, int(pairs.left[i]), int(pairs.right[i]))
        assert pairs.weight[i] == pytest.approx(slow * BITS, abs=12)


def test_frequencies_move_weights(world, model):
    pairs = match(world.table, world.vectors(), model, world.traits)
    names = pairs.weight[(pairs.levels == 2).all(axis=1)]
    assert names.max() - names.min() > BITS  # the same pattern, several bits apart


def test_pairs_are_sorted_and_unique(world, model):
    pairs = match(world.table, world.vectors(), model, world.traits, keep_at=-math.inf)
    key = pairs.left.astype(np.int64) * len(world.table) + pairs.right
    assert (np.diff(key) > 0).all()
    assert len(pairs) == len(world.candidates()[0])


def test_chunks_and_their_order_do_not_matter(world, model):
    left, right = world.candidates()
    order = np.random.default_rng(0).permutation(len(left))
    once = match(world.table, world.vectors(), model, world.traits)
    other = World(world.table, world.person, world.household, world.traits, chunk=77)
    again = match(world.table, other.vectors((left[order], right[order])), model, world.traits)
    for name in ("left", "right", "weight", "tier", "rule", "levels"):
        assert np.array_equal(getattr(once, name), getattr(again, name))


def test_code_numbering_does_not_matter(world, model):
    rng = np.random.default_rng(1)
    columns = {}
    for name, column in world.table.columns.items():
        order = rng.permutation(len(column.vocabulary))
        back = np.append(np.argsort(order), -1).astype(np.int32)
        columns[name] = Column(back[column.codes], column.vocabulary.take(pa.array(order)))
    other = World(replace(world.table, columns=columns), world.person, world.household, world.traits)
    refit = FellegiSunter().fit(other.table, other.vectors(), other.traits, other.compare_rows).model_
    assert refit == model
    one, two = (as_dict(w.table, match(w.table, w.vectors(), model, w.traits)) for w in (world, other))
    assert one == two


def test_row_order_does_not_matter(world, model):
    """Even for a table that breaks the rule that rows are sorted."""
    order = np.random.default_rng(2).permutation(len(world.table)).astype(np.int32)
    columns = {name: column.take(order) for name, column in world.table.columns.items()}
    table = replace(
        world.table, source=world.table.source[order], record_id=world.table.record_id.take(pa.array(order)), columns=columns
    )
    other = World(table, world.person[order], world.household[order], world.traits)
    refit = FellegiSunter().fit(other.table, other.vectors(), other.traits, other.compare_rows).model_
    assert refit == model
    one, two = (as_dict(w.table, match(w.table, w.vectors(), model, w.traits)) for w in (world, other))
    assert one == two


def test_lists_of_values_count_the_rarest_that_is_shared():
    world = make_world(250)
    plain = world.table.columns["last_name"]
    common = int(np.argmax(plain.counts()))
    offsets = np.arange(0, 2 * len(plain.codes) + 1, 2)
    doubled = Column(np.stack([plain.codes, np.full_like(plain.codes, common)], axis=1).ravel(), plain.vocabulary, offsets)
    model = FellegiSunter().fit(world.table, world.vectors(), world.traits, world.compare_rows).model_
    table = replace(world.table, columns={**world.table.columns, "last_name": doubled})
    one = match(world.table, world.vectors(), model, world.traits, keep_at=-math.inf)
    two = match(table, world.vectors(), model, world.traits, keep_at=-math.inf)
    exact = one.levels[:, 1] == 2
    assert exact.sum() > 100
    assert np.array_equal(one.weight[exact], two.weight[exact])


def test_a_cut_keeps_what_reaches_it(world, model):
    every = match(world.table, world.vectors(), model, world.traits, keep_at=-math.inf)
    kept = match(world.table, world.vectors(), model, world.traits, keep_at=1.5)
    assert np.array_equal(kept.weight, every.weight[every.weight >= 1.5 * BITS])
    assert (
        len(match(world.table, world.vectors(), model, world.traits)) == (every.weight >= round(model.review_at * BITS)).sum()
    )


def test_rules_raise_pairs_to_the_link_threshold(world, model):
    rule = LinkRule("same e-mail", {"email": "exact"}, unless={"first_name": ("else",)})
    every = match(world.table, world.vectors(), model, world.traits, keep_at=-math.inf)
    found = match(world.table, world.vectors(), model, world.traits, rules=[rule])
    strong = holds(rule, every.levels, world.traits)
    link_at = round(model.link_at * BITS)
    expected = np.where(strong, np.maximum(every.weight, link_at), every.weight)
    keep = strong | (every.weight >= round(model.review_at * BITS))
    assert (strong & (every.weight < link_at)).any()
    assert np.array_equal(found.weight, expected[keep])
    assert np.array_equal(found.tier, strong[keep].astype(np.int8))


def test_the_higher_tier_counts(world, model):
    rules = [LinkRule("u", {"email": "exact"}, tier="unique"), LinkRule("s", {"email": "alike"})]
    found = match(world.table, world.vectors(), model, world.traits, rules=rules)
    assert found.tier.tolist() == [(2 if e == 2 else 1 if e == 1 else 0) for e in found.levels[:, 3].tolist()]


def test_no_pairs(world, model):
    empty = np.zeros(0, np.int32)
    found = match(world.table, world.vectors((empty, empty)), model, world.traits)
    assert len(found) == 0
    assert found.levels.shape == (0, 4)


def test_progress_cancels(world, model):
    with pytest.raises(CancelledError, match="cancelled"):
        match(world.table, world.vectors(), model, world.traits, progress=lambda stage, done, total: False)


def test_weights_tell_matches_from_the_rest(world, model):
    pairs = match(world.table, world.vectors(), model, world.traits)
    link = pairs.weight >= model.link_at * BITS
    truth = truth_of(world, pairs.left, pairs.right)
    assert truth[link].mean() > 0.9
    assert truth[~link].mean() < 0.7


@pytest.mark.parametrize("relatives", [True, False])
def test_explanations_add_up_to_the_weight(world, relatives):
    model = FellegiSunter(relatives=relatives).fit(world.table, world.vectors(), world.traits, world.compare_rows).model_
    pairs = match(world.table, world.vectors(), model, world.traits, keep_at=-math.inf)
    for i in range(0, len(pairs), max(len(pairs) // 30, 1)):
        lines = explain_pair(world.table, model, world.traits, pairs.levels[i], int(pairs.left[i]), int(pairs.right[i]))
        total = 0
        for line in lines:
            total += round(line.weight * BITS) + round(line.frequency * BITS)
            assert round(line.total * BITS) == total
        assert total == pairs.weight[i]
        names = ["prior", *(trait.name for trait in world.traits)] + ["relatives"] * relatives
        assert [line.comparison for line in lines] == names


def test_an_explanation_names_levels_and_what_relatives_explain(world, model):
    pairs = match(world.table, world.vectors(), model, world.traits, keep_at=-math.inf)
    i = int(np.flatnonzero((pairs.levels[:, 0] == 0) & (pairs.levels[:, 1] == 2) & (pairs.levels[:, 2] == -1))[0])
    prior, first, last, birth, _, relatives = explain_pair(
        world.table, model, world.traits, pairs.levels[i], int(pairs.left[i]), int(pairs.right[i])
    )
    assert (first.level, last.level, birth.level) == ("else", "exact", "missing")
    assert (birth.m, birth.weight) == (None, 0.0)
    assert (first.m, first.u) == (model.comparisons[0].m[0], model.comparisons[0].u[0])
    assert prior.m == model.prior
    assert relatives.level.startswith("relatives explain this too: \N{MINUS SIGN}")
    assert relatives.weight < 0
