"""Labels: what people know, read from anything, and what is wrong with it."""

from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid import Decision, InputError, Labels, SpecError, datasets, read_labels, write_decisions
from omniid.tables import RecordTable

A, B, C = ("web", "1"), ("web", "2"), ("shop", "1")
TABLE = RecordTable.of([{"source": source, "record_id": record_id} for source, record_id in (A, B, C)])
ROWS = [
    {"left_source": "web", "left_record_id": 1, "right_source": "web", "right_record_id": 2, "same": True},
    {"left_source": "web", "left_record_id": 2, "right_source": "shop", "right_record_id": 1, "same": False},
]
PAIRS = {(A, B): True, (C, B): False}


@pytest.mark.parametrize(
    "make", [pd.DataFrame, pl.DataFrame, pa.Table.from_pylist, list], ids=["pandas", "polars", "arrow", "rows"]
)
def test_pairs_come_as_any_frame(make):
    assert read_labels(make(ROWS)).pairs == PAIRS


@pytest.mark.parametrize("name", ["labels.csv", "labels.tsv", "labels.parquet", "labels.json", "labels.jsonl"])
def test_pairs_come_as_any_file(tmp_path, name):
    path, frame = tmp_path / name, pd.DataFrame(ROWS)
    writers = {
        ".csv": lambda: frame.to_csv(path, index=False),
        ".tsv": lambda: frame.to_csv(path, index=False, sep="\t"),
        ".parquet": lambda: pq.write_table(pa.Table.from_pylist(ROWS), path),
        ".json": lambda: frame.to_json(path, orient="records"),
        ".jsonl": lambda: frame.to_json(path, orient="records", lines=True),
    }
    writers[path.suffix]()
    assert read_labels(path).pairs == PAIRS
    assert read_labels(str(path)).pairs == PAIRS


def test_columns_may_be_named_as_splink_names_them():
    rows = [
        {
            "unique_id_l": "1",
            "unique_id_r": "2",
            "source_dataset_l": "web",
            "source_dataset_r": "web",
            "clerical_match_score": 1.0,
        }
    ]
    assert read_labels(rows).pairs == {(A, B): True}


@pytest.mark.parametrize(
    ("word", "same"), [("Yes", True), ("different", False), (" 1 ", True), ("0.0", False), ("MATCH", True)]
)
def test_words_say_yes_and_no(word, same):
    assert read_labels([{"left_record_id": "1", "right_record_id": "2", "same": word}]).pairs == {(("", "1"), ("", "2")): same}


def test_rows_that_say_nothing_teach_nothing():
    rows = [{"left_record_id": "1", "right_record_id": "2", "same": word} for word in ("", None, "unsure")]
    assert len(read_labels(rows)) == 0


def test_a_truth_column_gives_persons():
    rows = [{"source": "web", "id": 1, "entity_id": 9}, {"source": "shop", "id": 1, "entity_id": None}]
    assert read_labels(pd.DataFrame(rows)).persons == {A: "9"}


def test_decisions_are_labels_of_the_two_records_that_were_looked_at(tmp_path):
    told = [
        Decision("MUST_LINK", (A, C), (B,), time="2026-01-01"),
        Decision("CANNOT_LINK", (B,), (C,), time="2026-01-01"),
        Decision("UNSURE", (C,), (B,), time="2026-01-02"),
    ]
    assert read_labels(told).pairs == {(A, B): True}
    write_decisions(told, tmp_path / "decisions.jsonl")
    assert read_labels(tmp_path / "decisions.jsonl").pairs == {(A, B): True}
    sheet = tmp_path / "review.csv"
    sheet.write_text("decision,left_records,right_records\nsame,web:1; shop:1,web:2\n,web:2,shop:1\n", encoding="utf-8")
    assert read_labels(sheet).pairs == {(A, B): True}


def test_several_are_one():
    both = read_labels([Labels({(A, B): True}), Labels(persons={C: "x"})])
    assert both == Labels({(A, B): True}, {C: "x"})
    assert read_labels(both) is both
    assert read_labels([]) == Labels()


BAD = [
    ([{"left_record_id": "1", "right_record_id": "2", "same": "perhaps"}], "row 1.*'perhaps'.*yes or no"),
    ([{"left_record_id": "1", "same": "yes"}], "no column 'right_record_id'"),
    ([{"left_record_id": "1", "right_record_id": "2"}], "name it 'same'"),
    ([{"left_record_id": "1", "right_record_id": None, "same": 1}], "row 1 does not name both"),
    ([{"left_record_id": "1", "right_record_id": "1", "same": 1}], "against itself"),
    ([{"left_record_id": "1", "right_record_id": "2", "same": s} for s in (0, 1)], "row 2 contradicts"),
    ([{"record_id": "1", "name": "Ann"}], "column for the person"),
    ([{"name": "Ann", "entity_id": "9"}], "column for the record"),
    ([{"record_id": "1", "entity_id": p} for p in "xy"], "to 'x' and 'y'"),
    ({"a": 1}, "is a dict"),
]


@pytest.mark.parametrize(("rows", "message"), BAD, ids=[message for _, message in BAD])
def test_what_is_wrong_is_said(rows, message):
    with pytest.raises(InputError, match=message):
        read_labels(rows)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv"):
        read_labels(tmp_path / "none.csv")


def test_a_chain_of_judgements_may_not_contradict_one():
    with pytest.raises(InputError, match=r"shop:1 and web:1 different, but others make them the same person"):
        Labels({(A, B): True, (B, C): True, (C, A): False})


def test_labels_of_two_sources_may_not_contradict_each_other():
    with pytest.raises(InputError, match="both the same and different"):
        read_labels([Labels({(A, B): True}), Labels({(A, B): False})])
    with pytest.raises(InputError, match="to 'x' and to 'y'"):
        read_labels([Labels(persons={A: "x"}), Labels(persons={A: "y"})])


def test_rows_are_found_whichever_way_a_pair_is_written():
    known = Labels({(A, B): True, (C, ("", "2")): False}, {A: "x", B: "x", ("", "9"): "y"}).rows(TABLE)
    keys = [TABLE.key(row) for row in range(3)]
    pairs = {
        (keys[a], keys[b]): s for a, b, s in zip(known.left.tolist(), known.right.tolist(), known.same.tolist(), strict=True)
    }
    assert pairs == {(A, B): True, (C, B): False}
    assert known.person.tolist() == [-1, 0, 0]
    assert known.absent == 1


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (Labels({(A, ("web", "7")): True}), r"web:7, which is not in the data.*shop:1.*sources: shop, web"),
        (Labels({(A, ("", "1")): True}), r"'1', which shop and web both have; add its source"),
        (Labels(persons={("x", "1"): "p", ("x", "2"): "p"}), r"x:1 and 1 more, which are not in the data"),
        (Labels({(A, B): False}, {A: "p", B: "p"}), "web:1 and web:2 both the same and different"),
        (Labels({(A, B): True, (A, ("", "2")): False}), "both the same and different"),
    ],
)
def test_what_does_not_fit_the_records_is_said(labels, message):
    with pytest.raises(InputError, match=message):
        labels.rows(TABLE)


@given(st.permutations(list(PAIRS.items())), st.booleans())
def test_order_does_not_matter(items, turned):
    pairs = {(pair[::-1] if turned else pair): same for pair, same in items}
    known, plain = Labels(pairs).rows(TABLE), Labels(PAIRS).rows(TABLE)
    assert known.left.tolist() == plain.left.tolist()
    assert known.same.tolist() == plain.same.tolist()


# In the pipeline


@pytest.fixture(scope="module")
def channels():
    return datasets.generate(500, seed=3)


def keyed(truth: pa.Table) -> dict[tuple[str, str], str]:
    return {(row["source"], row["record_id"]): row["entity_id"] for row in truth.to_pylist()}


def test_no_labels_and_empty_labels_are_the_same_model(channels):
    plain, empty = omniid.resolve(dict(channels.channels)), omniid.resolve(dict(channels.channels), labels=[])
    assert empty.model.replace(judged={}) == plain.model
    assert empty.table("crosswalk").equals(plain.table("crosswalk"))


def test_labels_train_and_link_nobody_by_themselves(channels):
    """One pair judged against all evidence stays as the evidence has it; a decision does not."""
    found = omniid.resolve(dict(channels.channels))
    sure = max(found.table("scored_pairs").to_pylist(), key=lambda pair: pair["match_weight"])
    left, right = ((sure[f"{side}_source"], sure[f"{side}_record_id"]) for side in ("left", "right"))
    judged = omniid.resolve(dict(channels.channels), labels=Labels({(left, right): False}))
    assert judged.explain(left, right).is_linked
    decided = omniid.resolve(dict(channels.channels), decisions=[Decision("CANNOT_LINK", (left,), (right,))])
    assert not decided.explain(left, right).is_linked


def test_a_truth_column_is_used_stored_and_printed(channels, tmp_path: Path):
    truth = keyed(channels.truth)
    some = dict(sorted(truth.items())[::6])
    found = omniid.resolve(dict(channels.channels), labels=Labels(persons=some))
    assert found.model.judged["same"] > 5
    assert "judged pairs" in str(found)
    found.save(tmp_path)
    assert omniid.load(tmp_path).model == found.model
    rows = [{"source": source, "record_id": key, "entity_id": person} for (source, key), person in some.items()]
    again = omniid.resolve(dict(channels.channels), labels=pd.DataFrame(rows).sample(frac=1, random_state=1))
    assert again.model == found.model


def test_a_given_model_learns_no_more(channels):
    found = omniid.resolve(dict(channels.channels))
    with pytest.raises(SpecError, match="model= is given"):
        omniid.resolve(dict(channels.channels), model=found.model, labels=[])
