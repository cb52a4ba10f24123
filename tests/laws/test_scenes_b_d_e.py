"""Scenes B, D and E in batch form: splits that last, limits that are tightened, ids that come back."""

from pathlib import Path
from typing import Any

import pytest

from omniid import Decision, Resolution, at_most, datasets, load, read_decisions, resolve, undo, write_decisions

Rows = list[dict[str, str]]
HIM, HER = ("spouses", "h1"), ("spouses", "w1")
SPOUSES = [
    {"id": "h1", "email": "nowakowie@example.com", "last name": "Nowak", "phone": "+48 501 000 111"},
    {"id": "w1", "email": "nowakowie@example.com", "last name": "Nowak", "phone": "+48 602 000 222"},
]


@pytest.fixture(scope="module")
def others() -> dict[str, Any]:
    """A population to learn the weights from."""
    return {name: table.to_pylist() for name, table in datasets.generate(200, seed=5).channels.items()}


@pytest.fixture(scope="module")
def found(others: dict[str, Any]) -> Resolution:
    return resolve({**others, "spouses": SPOUSES})


def ids(found: Resolution) -> dict[tuple[str, str], str]:
    return {(row["source"], row["record_id"]): row["entity_id"] for row in found.table("crosswalk").to_pylist()}


def kinds(found: Resolution) -> list[tuple[str, list[str], list[str], str]]:
    return [(row["kind"], row["was"], row["became"], row["cause"]) for row in found.table("changes").to_pylist()]


def test_scene_b_a_split_survives_runs_rebuilds_and_models(found: Resolution, others: dict[str, Any], tmp_path: Path) -> None:
    both = ids(found)[HIM]
    assert ids(found)[HER] == both  # no first names, one e-mail
    told = found.split(both, [[HIM], [HER]], author="kim", reason="called them", time="2026-05-01")
    write_decisions(told, tmp_path / "decisions.jsonl")
    data = {**others, "spouses": SPOUSES}
    apart = resolve(data, found.spec, model=found.model, decisions=tmp_path / "decisions.jsonl", previous=found)
    his, hers = ids(apart)[HIM], ids(apart)[HER]
    assert his == both != hers
    assert kinds(apart) == [("split", [both], [both, hers], "decision")]

    def still_split(later: Resolution) -> None:
        assert (ids(later)[HIM], ids(later)[HER]) == (his, hers)

    for number in range(2):  # two re-runs, each from the folder of the one before
        apart.save(tmp_path / f"run {number}")
        apart = resolve(
            data, found.spec, model=found.model, decisions=tmp_path / "decisions.jsonl", previous=tmp_path / f"run {number}"
        )
        still_split(apart)
        assert kinds(apart) == []
    apart.save(tmp_path / "saved")
    rebuilt = load(tmp_path / "saved")
    still_split(rebuilt)
    fitted = resolve(data, decisions=tmp_path / "decisions.jsonl", previous=rebuilt)  # a new model
    still_split(fitted)
    stricter = fitted.model.replace(prior=fitted.model.prior / 4)
    still_split(
        resolve(data, fitted.spec, model=stricter, decisions=read_decisions(tmp_path / "decisions.jsonl"), previous=fitted)
    )

    same = {"last name": "Nowak", "email": "nowakowie@example.com"}
    first = [
        {"id": "h2", "first name": "Jan", "phone": "+48 501 000 111", **same},
        {"id": "w2", "first name": "Anna", "phone": "+48 602 000 222", **same},
    ]
    then = [{"id": "h3", "first name": "Jan", **same}, {"id": "w3", "first name": "Anna", **same}]  # by their names alone
    later, spouses = fitted, list(SPOUSES)
    for new in (first, then):
        spouses += new
        later = resolve({**others, "spouses": spouses}, decisions=told, previous=later)
        still_split(later)
        named = ids(later)
        assert {named["spouses", row["id"]] for row in spouses if row["id"].startswith("h")} == {his}
        assert {named["spouses", row["id"]] for row in spouses if row["id"].startswith("w")} == {hers}
        assert {("extended", (his,)), ("extended", (hers,))} <= {(kind, tuple(was)) for kind, was, *_ in kinds(later)}


def test_scene_d_a_limit_is_tightened_after_its_difference_was_seen(others: dict[str, Any], tmp_path: Path) -> None:
    found = resolve(others)
    found.save(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    difference = load(tmp_path).what_if(limits=[at_most("email", 1)])
    splits = [row for row in difference.table("changes").to_pylist() if row["kind"] == "split"]
    assert len(splits) > 3
    assert {row["cause"] for row in splits} == {"rule"}
    assert f"{len(splits)} split" in str(difference)
    assert all(row["entity_id"] == row["became"][0] and len(row["became"]) > 1 for row in splits)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == written  # nothing yet

    applied = difference.apply()
    applied.save(tmp_path)
    again = load(tmp_path)
    assert again.spec.limits == (at_most("email", 1),)
    before, after = ids(found), ids(again)
    of_split = {name for row in splits for name in row["became"]}
    for name in set(before.values()):
        members = [key for key, one in before.items() if one == name]
        if name not in of_split:  # what did not split keeps its id and its records
            assert {after[key] for key in members} == {name}
        else:
            assert name in {after[key] for key in members}
    column, parts = again.parts.evidence.columns["email"], again.parts
    held = {(int(parts.entity[row]), int(code)) for row, code in zip(*column.present(), strict=True)}
    over = {row["entity_id"] for row in again.table("overridden").to_pylist()}  # records that hold two on their own
    entities = [entity for entity, _ in held if parts.entity_ids[entity].as_py() not in over]
    assert len(entities) == len(set(entities))

    back = again.what_if(limits=[])  # taken back: all ids return
    assert ids(back.apply()) == before
    assert {row["kind"] for row in back.table("changes").to_pylist()} == {"merged"}


def test_scene_e_delete_a_record_and_add_it_again(found: Resolution, others: dict[str, Any]) -> None:
    alone = {"id": "lone", "first name": "Ewa", "last name": "Zielona", "email": "ewa.zielona@example.com"}
    there = resolve({**others, "spouses": [*SPOUSES, alone]}, found.spec, model=found.model, previous=found)
    name = ids(there)["spouses", "lone"]
    assert kinds(there) == [("created", [], [name], "record")]
    gone = resolve({**others, "spouses": SPOUSES}, found.spec, model=found.model, previous=there)
    assert kinds(gone) == [("erased", [name], [], "record")]
    assert gone.table("redirects").to_pylist() == [{"entity_id": name, "redirects_to": None}]
    again = resolve({**others, "spouses": [*SPOUSES, alone]}, found.spec, model=found.model, previous=gone)
    assert ids(again) == ids(there)
    assert again.table("redirects").num_rows == 0
    other = {**alone, "id": "another"}  # other members: the id stays retired
    new = resolve({**others, "spouses": [*SPOUSES, other]}, found.spec, model=found.model, previous=gone)
    assert ids(new)["spouses", "another"] != name


def test_scene_e_merge_and_undo_gives_both_old_ids_back(found: Resolution, others: dict[str, Any], tmp_path: Path) -> None:
    data = {**others, "spouses": SPOUSES}
    sizes: dict[str, int] = {}
    for name in ids(found).values():
        sizes[name] = sizes.get(name, 0) + 1
    small = next(name for name in ids(found).values() if sizes[name] == 1)
    large = next(name for name in reversed(ids(found).values()) if sizes[name] > 3 and name != small)
    told = found.merge(small, large, author="kim", time="2026-05-01")
    merged = resolve(data, found.spec, model=found.model, decisions=told, previous=found)
    gone = {small, large} - set(ids(merged).values())
    assert len(gone) == 1
    assert merged.table("redirects")["entity_id"].to_pylist() == list(gone)
    withdrawn = [*told, *undo(told, author="lee", reason="wrong Nowak", time="2026-05-02")]
    merged.save(tmp_path)
    for before in (merged, tmp_path):
        undone = resolve(data, found.spec, model=found.model, decisions=withdrawn, previous=before)
        assert ids(undone) == ids(found)
        assert undone.table("redirects").num_rows == 0
    assert ids(merged.what_if(decisions=undo(told, time="2026-05-02")).apply()) == ids(found)


def test_who_is_who_never_depends_on_history(found: Resolution, others: dict[str, Any]) -> None:
    data = {**others, "spouses": SPOUSES}
    lone = resolve(data, found.spec, model=found.model)
    told = [Decision("MUST_LINK", (HIM,), (next(iter(ids(found))),))]
    odd = resolve(data, found.spec, model=found.model, decisions=told)
    after = resolve(data, found.spec, model=found.model, previous=odd)
    for name in ("refusals", "review", "scored_pairs"):
        assert after.table(name).equals(lone.table(name))
    assert after.table("profiles").drop_columns("entity_id").equals(lone.table("profiles").drop_columns("entity_id"))
