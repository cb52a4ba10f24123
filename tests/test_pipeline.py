"""resolve() as callers use it: specs and models again, thresholds, progress, decisions, empty columns."""

from pathlib import Path

import pytest

import omniid
from omniid import CancelledError, Email, InputError, Model, PersonName, Phone, Spec, SpecError, datasets, infer_spec, resolve

TABLES = ("crosswalk", "profiles", "provenance", "scored_pairs", "refusals", "review", "value_classes", "rejects")


@pytest.fixture(scope="module")
def channels() -> dict[str, object]:
    return dict(datasets.generate(400, seed=11).channels)


@pytest.fixture(scope="module")
def found(channels: dict[str, object]) -> omniid.Resolution:
    return resolve(channels)


def same(one: omniid.Resolution, other: omniid.Resolution) -> None:
    for name in TABLES:
        assert one.table(name).equals(other.table(name)), name


def test_an_inferred_spec_saved_and_run_again_gives_the_same(found: omniid.Resolution, channels, tmp_path: Path) -> None:
    infer_spec(channels).save(tmp_path / "spec.toml")
    again = resolve(channels, Spec.load(tmp_path / "spec.toml"))
    same(found, again)
    assert again.model == found.model


def test_a_saved_model_gives_the_same(found: omniid.Resolution, channels, tmp_path: Path) -> None:
    found.model.save(tmp_path / "model.json")
    same(found, resolve(channels, found.spec, model=Model.load(tmp_path / "model.json")))


def test_a_higher_threshold_links_less(found: omniid.Resolution, channels) -> None:
    strict = resolve(channels, found.spec.replace(link_at=found.model.link_at + 15), model=found.model)
    assert strict.summary.links < found.summary.links
    assert strict.summary.people > found.summary.people
    assert strict.model.review_at <= strict.model.link_at
    none = resolve(channels, found.spec.replace(link_at=10_000.0), model=found.model)
    links = [row for row in none.table("scored_pairs").to_pylist() if row["match_weight"] >= none.model.link_at]
    assert {row["tier"] for row in links} == {"strong"}  # identifiers still link on their own


def test_a_model_fits_data_in_which_a_column_is_empty(found: omniid.Resolution) -> None:
    spec = Spec(fields=[Email(), Phone(), PersonName()])
    full = [
        {
            "id": str(i),
            "email": f"p{i % 20}@x.com",
            "phone": f"+48 501 000 {i % 20:03}",
            "first_name": "Ann",
            "last_name": f"L{chr(97 + i % 20)}",
        }
        for i in range(40)
    ]
    model = resolve(full, spec).model
    rows = [row | {"phone": None, "last_name": None} for row in full]
    again = resolve(rows, spec, model=model)
    assert again.summary.records == {"records": 40}
    assert again.table("scored_pairs").column_names == resolve(full, spec, model=model).table("scored_pairs").column_names


def test_a_model_of_other_comparisons_is_refused(found: omniid.Resolution) -> None:
    with pytest.raises(SpecError, match="the model does not fit the comparisons"):
        resolve([{"id": "1", "email": "a@x.com"}], Spec(fields=[Email()]), model=found.model.replace(columns=()))


def test_progress_rises_and_names_every_stage(channels) -> None:
    seen: list[tuple[str, int, int]] = []
    resolve(channels, progress=lambda *told: seen.append(told) or True)
    assert {"read", "infer", "normalize", "block", "fit", "match", "cluster", "survive"} <= {stage for stage, *_ in seen}
    for stage in {stage for stage, *_ in seen}:
        for total in {total for name, _, total in seen if name == stage}:
            done = [done for name, done, of in seen if (name, of) == (stage, total)]
            assert done == sorted(done), (stage, total)
        last = [(done, total) for name, done, total in seen if name == stage][-1]
        assert last[0] == last[1] > 0 or (stage == "compare" and last[1] == 0)  # compared as asked for: no total is known


@pytest.mark.parametrize("stop_at", ["read", "normalize", "fit", "match", "survive"])
def test_false_from_progress_cancels(channels, stop_at: str) -> None:
    with pytest.raises(CancelledError):
        resolve(channels, progress=lambda stage, *_: stage != stop_at)


def test_a_cancelled_run_writes_nothing(channels, tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        resolve(channels, progress=lambda stage, *_: stage != "cluster").save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_what_is_declared_stays_as_declared(channels) -> None:
    spec = infer_spec(channels)
    before = str(spec), spec.to_dict(), spec.matcher
    resolve(channels, spec)
    assert (str(spec), spec.to_dict(), spec.matcher) == before
    assert not hasattr(spec.matcher, "fitted")


@pytest.mark.parametrize("workers", [0, -1])
def test_a_number_of_workers_that_can_not_be_is_refused(workers: int) -> None:
    with pytest.raises(SpecError, match=f"workers is {workers}; give 1 or more"):
        resolve([{"id": "1", "email": "a@x.com"}], workers=workers)


@pytest.mark.parametrize("data", [[], {}, {"web": []}, 7, None, "no/such/file.csv"])
def test_what_is_no_data_is_refused(data) -> None:
    with pytest.raises(InputError):
        resolve(data)


def test_how_many_threads_a_run_takes_is_told_by_its_records(channels, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def threads(records: int, workers: int | None = None) -> int:
        asked.append(records)
        return 2

    monkeypatch.setattr("omniid.pipeline.threads_for", threads)
    assert sum(resolve(channels).summary.records.values()) == asked[0]
