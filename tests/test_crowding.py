"""A run with incremental=True freezes its block plan in the model, and a run with that model keeps to it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from omniid import Email, PersonName, Source, Spec, SpecError, block_on, resolve, sorted_neighbourhood
from omniid.crowding import columns_read, frozen_keys
from omniid.tables import Model

PEOPLE = [
    {"id": f"{i:03}", "email": f"p{i // 2}@x.com", "first": ["Ann", "Bob", "Eve"][i % 3], "last": f"Lee{i % 7}", "city": "Rome"}
    for i in range(600)
]
SPEC = Spec(
    sources={"records": Source(record_id="id")},
    fields=[Email("email"), PersonName("first", "last")],
    blocking=[block_on("email"), block_on("last", max_block=40)],
    incremental=True,
)


def test_the_fit_and_a_run_with_its_model_give_the_same(tmp_path: Path) -> None:
    found = resolve(PEOPLE, SPEC)
    crowded = frozen_keys(SPEC, found.model)
    assert crowded is not None
    assert (crowded.count(0), crowded.count(1)) == (0, 7)
    assert "7 oversized blocks, 7 crowded keys frozen" in str(found.audit())
    found.model.save(tmp_path / "model.json")
    SPEC.save(tmp_path / "spec.toml")
    spec, model = Spec.load(tmp_path / "spec.toml"), Model.load(tmp_path / "model.json")
    assert (spec, model) == (SPEC, found.model)
    again = resolve(PEOPLE, spec, model=model)
    for part in ("left", "right", "weight", "tier", "rule", "levels"):
        assert np.array_equal(getattr(found.parts.scores, part), getattr(again.parts.scores, part))
    assert again.model == found.model
    assert again.crosswalk == found.crosswalk


def test_what_does_not_fit_the_frozen_plan_is_refused() -> None:
    found = resolve(PEOPLE[:100], SPEC)
    other = resolve(PEOPLE[:100], SPEC.replace(incremental=False))
    assert other.model.frozen is None
    with pytest.raises(SpecError, match="the model was fitted without it"):
        resolve(PEOPLE[:100], SPEC, model=other.model)
    with pytest.raises(SpecError, match="other blocking rules"):
        resolve(PEOPLE[:100], SPEC.replace(blocking=[block_on("email")]), model=found.model)
    with pytest.raises(SpecError, match=r"sorted_neighbourhood\(last\)' looks at all records"):
        SPEC.replace(blocking=[sorted_neighbourhood("last")])
    with pytest.raises(SpecError, match="incremental is 1; give True or False"):
        SPEC.replace(incremental=1)
    assert frozen_keys(SPEC.replace(incremental=False), found.model) is None


def test_columns_that_nobody_fills_here_are_there_all_the_same() -> None:
    found = resolve(PEOPLE[:100], SPEC)
    assert columns_read(SPEC, found.model) == {"email", "last"}
    no_names = [{"id": row["id"], "email": row["email"]} for row in PEOPLE[:10]]
    spec = SPEC.replace(fields=[Email("email"), PersonName("first", "last")], sources={"records": Source(record_id="id")})
    with_names = [row | {"first": None, "last": None} for row in no_names]
    assert len(resolve(with_names, spec, model=found.model).parts.scores) == 5


def test_a_precision_is_asked_of_the_fit_only() -> None:
    spec = SPEC.replace(precision=0.999)
    found = resolve(PEOPLE, spec)
    again = resolve(PEOPLE, spec, model=replace(found.model, link_at=found.model.link_at))
    assert again.model.link_at == found.model.link_at
    assert np.array_equal(found.parts.scores.weight, again.parts.scores.weight)
