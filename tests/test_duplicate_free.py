"""Two clean lists: no person has two records of one, and candidates are rivals."""

import random
from typing import Any

import numpy as np
import pytest

import omniid
from omniid import Spec, datasets, one_per_source, resolve
from omniid.errors import SpecError
from omniid.tables import Model

# Two lists of names and places alone: whether EM settles on them is not the point here.
pytestmark = pytest.mark.filterwarnings("ignore:EM had not settled")
Records = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def lists() -> Records:
    """Two lists of one record per person, with name, postcode and city alone."""
    made = datasets.generate(4000, seed=11, headers={})
    truth = {(row["source"], row["record_id"]): row["entity_id"] for row in made.truth.to_pylist()}
    columns = {
        "loyalty": {"first_name": "first_name", "last_name": "last_name", "postcode": "postcode", "city": "city"},
        "marketplace": {"ship_name": "name", "ship_postcode": "postcode", "ship_city": "city"},
    }
    out: Records = {}
    for source, names in columns.items():
        people = dict[str, dict[str, Any]]()
        for row in made.channels[source].to_pylist():
            record_id = row["record_id" if "record_id" in row else "id"]
            kept = {new: row[old] for old, new in names.items()}
            people.setdefault(truth[source, record_id], {"id": record_id, **kept})
        out[source] = list(people.values())
    # Another clean list, without postcodes.
    again = [{**row, "id": f"again {row['id']}", "postcode": None} for row in out["loyalty"]]
    return {"loyalty": out["loyalty"], "club": again, "marketplace": out["marketplace"]}


@pytest.fixture(scope="module")
def found(lists: Records) -> omniid.Resolution:
    return resolve(lists)


def test_clean_lists_are_found_and_told(found: omniid.Resolution) -> None:
    assert {"loyalty", "club"} <= set(found.model.duplicate_free or ())
    assert "no duplicates in club" in str(found.summary)
    assert "no duplicates in club" in str(found.model)


def test_no_person_has_two_records_of_a_clean_list(found: omniid.Resolution) -> None:
    seen = set()
    for row in found.crosswalk:
        if row["source"] in (found.model.duplicate_free or ()):
            key = row["source"], row["entity_id"]
            assert key not in seen
            seen.add(key)


def test_the_model_keeps_what_was_found(found: omniid.Resolution, lists: Records, tmp_path: Any) -> None:
    found.model.save(tmp_path / "model.json")
    model = Model.load(tmp_path / "model.json")
    assert model == found.model
    again = resolve(lists, found.spec, model=model)
    for name in ("crosswalk", "scored_pairs", "refusals"):
        assert again.table(name).equals(found.table(name)), name
    few = resolve({name: rows[:5] for name, rows in lists.items()}, found.spec, model=model)
    assert few.model.duplicate_free == model.duplicate_free


def test_no_order_of_rows_matters(found: omniid.Resolution, lists: Records) -> None:
    mixed = {name: random.Random(3).sample(rows, len(rows)) for name, rows in reversed(lists.items())}
    again = resolve(mixed, found.spec)
    for name in ("crosswalk", "scored_pairs", "refusals"):
        assert again.table(name).equals(found.table(name)), name


def test_what_if_says_what_a_full_run_says(found: omniid.Resolution, lists: Records) -> None:
    asked = found.what_if(link_at=found.model.link_at + 3).apply()
    spec = found.spec.replace(link_at=found.model.link_at + 3, review_at=found.model.review_at)
    full = resolve(lists, spec, model=found.model, previous=found)
    for name in ("crosswalk", "scored_pairs", "refusals", "changes"):
        assert asked.table(name).equals(full.table(name)), name


def test_a_pair_tells_what_its_rivals_take(found: omniid.Resolution) -> None:
    parts = found.parts
    assert parts.alone is not None
    apart = parts.entity[parts.scores.left] != parts.entity[parts.scores.right]
    moved = np.where(apart, parts.scores.weight - parts.alone, 0).argmin()
    rows = parts.scores.take(moved[None])
    left, right = parts.records.keys(rows.left)[0], parts.records.keys(rows.right)[0]
    steps = found.explain(left, right).steps
    lines = [line for step in steps for line in step.lines if line.field == "one to one"]
    assert any(line.bits < 0 and "rivals" in line.level for line in lines)
    assert lines[0].total == pytest.approx(rows.weight[0] / 1e6, abs=1e-5)


def test_the_look_can_be_left_out_and_declared_lists_are_known(found: omniid.Resolution, lists: Records) -> None:
    off = resolve(lists, found.spec.replace(find_duplicate_free=False))
    assert off.model.duplicate_free == ()
    assert off.parts.alone is None
    declared = found.spec.replace(find_duplicate_free=False, limits=[one_per_source("club"), one_per_source("loyalty")])
    known = resolve(lists, declared)
    assert known.model.duplicate_free == ()
    assert list(known.model.partner_shares or ()) == ["club"]
    assert Spec.from_dict(declared.to_dict()) == declared
    with pytest.raises(SpecError, match="find_duplicate_free"):
        Spec(find_duplicate_free=1)  # type: ignore[arg-type]  # what a file may hold


class Silent:
    """A classifier that knows nothing."""

    classes_ = (0, 1)

    def fit(self, features: Any, same: Any) -> None:
        """Learn nothing."""

    def predict_proba(self, features: Any) -> Any:
        return np.full((len(features), 2), 0.5)


def test_after_a_classifier_pairs_are_weighed_beside_their_rivals_again(found: omniid.Resolution) -> None:
    parts = found.parts
    order = np.argsort(parts.scored_alone.weight, kind="stable")
    rows = parts.scores.take(np.concatenate([order[:3], order[-3:]]))
    pairs = list(zip(parts.records.keys(rows.left), parts.records.keys(rows.right), strict=True))
    judged = omniid.Labels(dict(zip(pairs, [False] * 3 + [True] * 3, strict=True)))
    after = omniid.PairClassifier(Silent()).fit(found, judged).apply(found)
    assert after.parts.alone is not None
    assert (after.parts.alone == parts.alone).all()
    assert (after.parts.scores.weight == parts.scores.weight).all()
    assert (after.parts.entity == parts.entity).all()
    assert [limit.name for limit in after.parts.plan.limits] == [limit.name for limit in parts.plan.limits]
