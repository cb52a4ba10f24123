import json

import numpy as np
import pytest

from omniid.matching import FellegiSunter, JudgedPairs
from omniid.tables import Model
from oracle.matching import make_world, truth_of

NOBODY = JudgedPairs(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, bool))


def fitted(world, judged=None):
    return FellegiSunter().fit(world.table, world.vectors(), world.traits, world.compare_rows, judged=judged)


def judged_of(world, n, seed=0, wrong=False):
    """Some candidate pairs with their truth, or its opposite."""
    left, right = world.candidates()
    chosen = np.random.default_rng(seed).choice(len(left), min(n, len(left)), replace=False)
    same = truth_of(world, left[chosen], right[chosen])
    return JudgedPairs(left[chosen].astype(np.int32), right[chosen].astype(np.int32), same ^ wrong)


def test_no_judged_pairs_are_no_change_bit_for_bit():
    world = make_world(300, relatives=0.2)
    assert fitted(world, NOBODY).model_ == fitted(world).model_


def test_the_order_of_judged_pairs_does_not_matter():
    world = make_world(300, relatives=0.2)
    judged = judged_of(world, 200)
    backwards = judged.take(np.arange(200)[::-1])
    assert fitted(world, judged).model_ == fitted(world, backwards).model_


def test_the_objective_never_falls():
    matcher = fitted(make_world(400, relatives=0.2), judged_of(make_world(400, relatives=0.2), 300))
    for run in matcher.objective_:
        assert np.diff(run).min() >= -1e-9 * abs(run[0])


def test_true_labels_are_foreseen_at_least_as_well_as_before():
    world = make_world(800, relatives=0.3)
    model = fitted(world, judged_of(world, 600)).model_
    assert model.judged["bits"] >= 0
    assert model.judged["f1_after"] >= model.judged["f1_before"] - 1e-9


def test_true_labels_of_a_world_that_the_model_fits_leave_its_rates_alone():
    world = make_world(800, relatives=0.3)
    plain, model = fitted(world).model_, fitted(world, judged_of(world, 600)).model_
    assert model.prior == pytest.approx(plain.prior, rel=0.03)
    for one, other in zip(plain.comparisons, model.comparisons, strict=True):
        assert one.u == pytest.approx(other.u, abs=2e-3)


def test_what_people_say_is_believed_where_they_say_it_often():
    """Who judges all pairs the other way round gets a model that expects fewer of its former links to be right."""
    world = make_world(400)
    judged = judged_of(world, 10_000)
    links = JudgedPairs(judged.left[judged.same], judged.right[judged.same], np.zeros(int(judged.same.sum()), bool))
    plain, model = fitted(world).model_, fitted(world, links).model_
    assert model.judged["spread"] > 0
    assert model.judged["f1_before"] < 0.5
    assert plain.judged == {}


def test_a_model_with_judged_pairs_is_saved_and_loaded(tmp_path):
    world = make_world(200, relatives=0.2)
    model = fitted(world, judged_of(world, 500, wrong=True)).model_
    model.save(tmp_path / "model.json")
    assert Model.load(tmp_path / "model.json") == model
    assert json.loads((tmp_path / "model.json").read_text())["judged"]["same"] == model.judged["same"]
