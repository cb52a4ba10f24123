import pickle
import warnings
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from omniid.errors import CancelledError, ConvergenceWarning, NotFittedError, SpecError
from omniid.hashing import mix
from omniid.matching import FellegiSunter
from omniid.tables import ComparisonTraits, ComparisonVectors, Model, RecordTable, VectorChunk
from oracle.matching import LEVELS, World, draw, make_world, shares_of, truth_of


def fitted(world, matcher=None, **more):
    return (matcher or FellegiSunter()).fit(world.table, world.vectors(), world.traits, world.compare_rows, **more)


@pytest.mark.parametrize("relatives", [0.0, 0.3])
def test_known_parameters_are_recovered(relatives):
    world = make_world(1500, relatives=relatives)
    model = fitted(world).model_
    left, right = world.candidates()
    same = truth_of(world, left, right)
    assert model.converged_
    assert model.expected_matches == pytest.approx(same.sum(), rel=0.08)
    for part, m, u in zip(
        model.comparisons, shares_of(world, left[same], right[same]), shares_of(world, *draw(world)), strict=True
    ):
        assert part.m == pytest.approx(m, abs=0.035)
        assert part.u == pytest.approx(u, abs=0.002)


def test_housemates_are_their_own_class():
    model = fitted(make_world(1500, relatives=0.3)).model_
    by_name = {part.name: part for part in model.comparisons}
    assert by_name["last_name"].h[2] > 0.8
    assert by_name["email"].h[2] > 0.8
    assert by_name["first_name"].h[2] < 0.1
    assert by_name["birth_date"].h[2] < 0.1


def test_without_relatives_there_are_two_classes():
    model = fitted(make_world(300), FellegiSunter(relatives=False)).model_
    assert model.prior_relatives == 0
    assert all(part.h == () for part in model.comparisons)


def test_objective_never_falls_within_a_run_and_u_settles():
    matcher = fitted(make_world(400, relatives=0.2))
    assert len(matcher.objective_) >= 2
    for run in matcher.objective_:
        assert np.diff(run).min() >= -1e-9 * abs(run[0])
    assert matcher.n_iter_ == sum(len(run) - 1 for run in matcher.objective_)


def test_probabilities_sum_to_one():
    for part in fitted(make_world(200)).model_.comparisons:
        for numbers in (part.m, part.u, part.h):
            assert sum(numbers) == pytest.approx(1)
            assert min(numbers) > 0


def test_running_out_of_rounds_is_said():
    with pytest.warns(ConvergenceWarning, match=r"had not settled after 3 rounds; raise max_iter \(now 3\)"):
        matcher = fitted(make_world(200), FellegiSunter(max_iter=3))
    assert not matcher.converged_
    assert matcher.n_iter_ == 3
    assert "NOT converged" in str(matcher.model_)


def test_the_same_data_give_the_same_model():
    world = make_world(1000)  # large enough for random pairs
    assert fitted(world).model_ == fitted(world).model_
    assert fitted(world, FellegiSunter(random_state=1)).model_.prior == pytest.approx(fitted(world).model_.prior, rel=0.02)


def test_originals_that_speak_for_their_copies_give_the_model_of_all_pairs():
    world = make_world(60, seed=3)
    times = np.ones(len(world.table), np.int64)
    times[:12] = [1, 2, 3, 4] * 3
    rows = np.repeat(np.arange(len(world.table), dtype=np.int32), times)
    table = replace(
        world.table,
        source=np.zeros(len(rows), np.int32),
        record_id=pa.array([f"{i:05d}" for i in range(len(rows))], pa.large_string()),
        columns={name: column.take(rows) for name, column in world.table.columns.items()},
    )
    repeated = World(table, world.person[rows], world.household[rows], world.traits)
    wanted = set(zip(*(side.tolist() for side in world.candidates()), strict=True))
    one, two = np.triu_indices(len(rows), 1)
    keep = np.array([a == b or (a, b) in wanted for a, b in zip(rows[one].tolist(), rows[two].tolist(), strict=True)])
    all_pairs = one[keep].astype(np.int32), two[keep].astype(np.int32)
    originals = np.searchsorted(rows, rows).astype(np.int32)
    few = np.flatnonzero((originals[all_pairs[0]] == all_pairs[0]) & (originals[all_pairs[1]] == all_pairs[1]))
    slow = FellegiSunter().fit(table, repeated.vectors(all_pairs), world.traits, repeated.compare_rows).model_
    vectors = repeated.vectors((all_pairs[0][few], all_pairs[1][few]))
    fast = FellegiSunter().fit(table, vectors, world.traits, repeated.compare_rows, originals=originals).model_
    assert fast == slow
    assert len(few) < len(all_pairs[0])


def test_a_sample_of_the_pairs_gives_nearly_the_same_model():
    world = make_world(1500, relatives=0.2)
    left, right = world.candidates()
    drawn = np.flatnonzero(mix(left.astype(np.uint64)) % np.uint64(3) == 0)
    all_of_them = fitted(world).model_
    few = FellegiSunter().fit(
        world.table, world.vectors((left[drawn], right[drawn])), world.traits, world.compare_rows, stands_for=3
    )
    assert few.model_.expected_matches == pytest.approx(all_of_them.expected_matches, rel=0.08)
    assert few.model_.link_at == pytest.approx(all_of_them.link_at, abs=0.2)
    for part, whole in zip(few.model_.comparisons, all_of_them.comparisons, strict=True):
        assert part.m == pytest.approx(whole.m, abs=0.06)
        assert part.u == pytest.approx(whole.u, abs=0.002)


def test_people_replace_record_counts():
    world = make_world(300)
    people = {"email": np.ones(len(world.table.columns["email"].vocabulary), np.int64)}
    plain, by_people = fitted(world).model_, fitted(world, people=people).model_
    assert by_people.comparisons[3].rare < plain.comparisons[3].rare / 5
    assert by_people.comparisons[0] == plain.comparisons[0]


DEGENERATE = {
    "no records": [],
    "one record": [{"record_id": 1, "x": "a", "y": None}],
    "two records": [{"record_id": 1, "x": "a", "y": "b"}, {"record_id": 2, "x": "a", "y": "b"}],
    "always missing": [{"record_id": i, "x": f"{i % 5}", "y": None} for i in range(20)],
    "always equal": [{"record_id": i, "x": "a", "y": "b"} for i in range(20)],
    "never equal": [{"record_id": i, "x": f"{i}", "y": f"{i}"} for i in range(20)],
}


@pytest.mark.parametrize("case", list(DEGENERATE))
@pytest.mark.parametrize("relatives", [True, False])
def test_degenerate_tables_are_fitted(case, relatives):
    rows = [{"x": None, "y": None, **row} for row in DEGENERATE[case]]
    table = RecordTable.of(rows or [{"record_id": 1, "x": None, "y": None}])
    table = (
        table
        if rows
        else replace(
            table,
            source=table.source[:0],
            record_id=table.record_id[:0],
            columns={name: column.take(np.zeros(0, np.int32)) for name, column in table.columns.items()},
        )
    )
    traits = tuple(ComparisonTraits(name, LEVELS, (0.1, 0.1, 0.8), name == "y", name) for name in ("x", "y"))
    world = World(table, np.zeros(len(table)), np.zeros(len(table)), traits)
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))
    model = FellegiSunter(relatives=relatives).fit(table, world.vectors((left, right)), traits, world.compare_rows).model_
    assert 0 < model.prior < 1
    assert np.isfinite([model.link_at, model.review_at]).all()
    for row in model.weights():
        assert 0 < row["m"] < 1
        assert 0 < row["u"] < 1


def test_a_comparison_with_one_level_says_nothing():
    trait = ComparisonTraits("x", ("else",), (1.0,))
    table = RecordTable.of([{"record_id": i} for i in range(4)])

    def make():
        yield VectorChunk(np.array([0, 1]), np.array([2, 3]), np.zeros(2, np.int16), np.zeros((2, 1), np.int8))

    vectors = ComparisonVectors(("x",), (1,), ("r",), make)
    model = FellegiSunter().fit(table, vectors, [trait], lambda a, b: np.zeros((len(a), 1), np.int8)).model_
    assert model.weights()[0]["weight"] == pytest.approx(0)


def test_nothing_is_read_before_the_fit():
    matcher = FellegiSunter()
    for name in ("model_", "converged_", "n_iter_", "objective_"):
        with pytest.raises(NotFittedError, match="call fit"):
            getattr(matcher, name)
    assert pickle.loads(pickle.dumps(matcher)) == matcher


def test_what_is_declared_stays_and_copies_are_unfitted():
    world = make_world(30)
    matcher = FellegiSunter(alpha=5.0)
    assert fitted(world, matcher) is matcher
    assert matcher == FellegiSunter(alpha=5.0)
    with pytest.raises(NotFittedError):
        _ = replace(matcher).model_
    assert isinstance(matcher.model_, Model)


@pytest.mark.parametrize("wrong", [{"tol": 0.0}, {"max_iter": 0}, {"alpha": -1.0}, {"random_state": -1}, {"random_pairs": 0}])
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(SpecError, match=next(iter(wrong))):
        FellegiSunter(**wrong)


def test_vectors_of_other_comparisons_are_refused():
    world = make_world(20)
    with pytest.raises(SpecError, match="pass the same"):
        FellegiSunter().fit(world.table, world.vectors(), world.traits[:2], world.compare_rows)
    broken = (replace(world.traits[0], prior_m=(0.5, 0.5)), *world.traits[1:])
    with pytest.raises(SpecError, match="'first_name': prior_m"):
        FellegiSunter().fit(world.table, world.vectors(), broken, world.compare_rows)


def test_progress_sees_rounds_and_may_cancel():
    world, seen = make_world(60), []
    fitted(world, progress=lambda stage, done, total: seen.append((stage, done, total)))
    assert seen[0][0] == "fit"
    assert [done for _, done, total in seen if total == 200] == list(range(len([1 for _, _, total in seen if total == 200])))
    with pytest.raises(CancelledError, match="after 2 rounds"):
        fitted(world, progress=lambda stage, done, total: total == 0 or done < 2)


def test_no_other_warning_is_raised():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted(make_world(100, missing=0.4))
