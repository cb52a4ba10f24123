"""Results are saved whole and opened again equal."""

from pathlib import Path

import pytest

import omniid
from omniid import Decision, InputError, Model, Source, Spec, at_most, datasets, load, one_per_source, resolve

TABLES = (
    "crosswalk",
    "profiles",
    "provenance",
    "scored_pairs",
    "refusals",
    "review",
    "value_classes",
    "rejects",
    "changes",
    "relations",
    "households",
    "contacts",
    "consent",
)


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    sample = datasets.generate(400, seed=7)
    first = resolve(dict(sample.channels))
    rows = first.table("scored_pairs").slice(0, 1).to_pylist()[0]
    ends = [(rows[f"{side}_source"], rows[f"{side}_record_id"]) for side in ("left", "right")]
    told = Decision("CANNOT_LINK", (ends[0],), (ends[1],), author="kim", reason="twins", time="2026-05-01")
    source = first.parts.records.sources[0]
    spec = first.spec.replace(limits=[one_per_source(source), at_most("email", 2)])
    return resolve(dict(sample.channels), spec, model=first.model, decisions=[told])


def same(one: omniid.Resolution, other: omniid.Resolution) -> None:
    for name in TABLES:
        assert one.table(name).equals(other.table(name)), name
    assert (one.spec, one.model, one.parts.decisions) == (other.spec, other.model, other.parts.decisions)


@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_what_is_saved_is_opened_equal(found: omniid.Resolution, tmp_path: Path, format_: str) -> None:
    found.save(tmp_path / "deep" / "result", format=format_)  # type: ignore[arg-type]
    made = {path.name for path in (tmp_path / "deep" / "result").iterdir()}
    assert made == {f"{name}.{format_}" for name in TABLES} | {
        "records.parquet",
        "unread.parquet",
        "source_cells.parquet",
        "decisions.jsonl",
        "spec.toml",
        "model.json",
        "id_ledger.parquet",
        "id_sets.parquet",
    }
    opened = load(tmp_path / "deep" / "result")
    same(found, opened)
    pair = found.table("scored_pairs").slice(3, 1).to_pylist()[0]
    a, b = ((pair[f"{side}_source"], pair[f"{side}_record_id"]) for side in ("left", "right"))
    assert str(opened.explain(a, b)) == str(found.explain(a, b))
    opened.save(tmp_path / "again", format=format_)  # type: ignore[arg-type]
    for name in made:
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "deep" / "result" / name).read_bytes(), name


def test_difficult_values_survive_saving(tmp_path: Path) -> None:
    rows = [
        {"no": "1", "mail": "ann@x.com; ANN@y.org", "name": 'Łee, Ann\n"x"', "note": "a,b;c\td", "when": "31/02/1980"},
        {"no": "2", "mail": "n/a", "name": "\u202eمحمد رضایی", "note": "None", "when": "01.02.1980"},
    ]
    spec = Spec(
        fields=[omniid.Email("mail"), omniid.PersonName(full="name"), omniid.Attribute("note"), omniid.Date("when")],
        sources={"shop (old), big": Source(record_id="no", region="PL", trust=70)},
        survivorship={"note": [omniid.source_priority("shop (old), big")]},
    )
    found = resolve({"shop (old), big": rows}, spec)
    assert found.table("rejects").num_rows == 1
    found.save(tmp_path)
    same(found, load(tmp_path))


def test_rows_that_could_not_be_read_are_still_told_after_opening(tmp_path: Path) -> None:
    (tmp_path / "web.csv").write_text("id,email\n1,a@x.com\n2\n3,b@x.com\n", encoding="utf-8")
    found = resolve(tmp_path / "web.csv")
    assert found.table("rejects").num_rows == 1
    for format_ in ("parquet", "csv"):
        found.save(tmp_path / format_, format=format_)  # type: ignore[arg-type]
        same(found, load(tmp_path / format_))


def test_a_folder_without_a_result_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no saved result: records\.parquet is missing"):
        load(tmp_path)


def test_the_model_in_the_folder_may_be_edited(found: omniid.Resolution, tmp_path: Path) -> None:
    found.save(tmp_path)
    Model.load(tmp_path / "model.json").replace(link_at=999.0).save(tmp_path / "model.json")
    opened = load(tmp_path)
    assert opened.summary.links < found.summary.links


def test_what_is_shown_at_a_glance(found: omniid.Resolution) -> None:
    n = found.table("crosswalk").num_rows
    assert repr(found) == f"Resolution({n:,} records, {found.summary.people:,} people)"
    assert str(found) == str(found.summary)
    assert found.crosswalk is found.crosswalk  # made once
