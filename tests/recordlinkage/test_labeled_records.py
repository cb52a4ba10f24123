"""Labels of frames and rows of the table, there and back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid.errors import InputError
from omniid.recordlinkage import LabeledRecords, read_frames
from omniid.tables import CandidatePairs, Clustering, RecordTable

MAILS = ["a@x.com", "b@x.com", "A@X.com", "c@x.com"]
FRAME = pd.DataFrame({"email": MAILS}, index=[30, 4, 100, 7])
LEFT = pd.DataFrame({"email": MAILS[:2]}, index=pd.Index(["p", "q"], name="crm_id"))
RIGHT = pd.DataFrame({"mail": MAILS[2:]}, index=pd.Index([2, 1], name="web_id"))


def pairs_of(pairs: CandidatePairs) -> list[tuple[int, int]]:
    return [pair for chunk in pairs for pair in zip(chunk.left.tolist(), chunk.right.tolist(), strict=True)]


def multiindex(*pairs: tuple[object, object]) -> pd.MultiIndex:
    return pd.MultiIndex.from_tuples(pairs)


labels_and_pairs = st.lists(st.integers(-50, 50), min_size=2, max_size=8, unique=True).flatmap(
    lambda labels: st.tuples(
        st.just(labels),
        st.lists(st.tuples(st.sampled_from(labels), st.sampled_from(labels)).filter(lambda p: p[0] != p[1]), min_size=1),
    )
)


@given(drawn=labels_and_pairs)
def test_pairs_of_one_frame_come_back_with_the_later_label_first(drawn: tuple[list[int], list[tuple[int, int]]]) -> None:
    labels, pairs = drawn
    table = RecordTable.of([{"record_id": str(label), "email": "a@x.com"} for label in labels])
    records = LabeledRecords(table, (), {"records": pd.Index(labels)})
    made = pairs_of(records.pairs(multiindex(*pairs)))
    assert made == sorted(set(made))
    assert all(left < right for left, right in made)
    back = records.multiindex(*np.array(made, np.int32).T)
    assert set(back) == {tuple(sorted(pair, key=labels.index, reverse=True)) for pair in pairs}


def test_rows_hold_what_the_labels_hold() -> None:
    records = read_frames(FRAME)
    for label, mail in FRAME["email"].items():
        row = int(records.rows["records"][FRAME.index.get_loc(label)])
        assert records.table.key(row) == ("records", str(label))
        assert records.table.columns["email"].entries_of(row) == [mail.lower()]


def test_two_frames_are_linked_left_label_first_whatever_the_order_of_sources() -> None:
    for left_name, right_name in (("a", "b"), ("b", "a")):
        records = read_frames({left_name: LEFT, right_name: RIGHT})
        given_pairs = multiindex(("p", 2), ("q", 1))
        pairs = records.pairs(given_pairs)
        vectors = omniid.compare(records.table, pairs, records.comparisons)
        frame = records.features(vectors)
        assert frame["email"].to_dict() == {("p", 2): 4, ("q", 1): 0}
        assert list(frame.index.names) == ["crm_id", "web_id"]
        one, other = int(records.rows[left_name][0]), int(records.rows[right_name][0])
        labels = np.arange(4, dtype=np.int32)
        labels[[one, other]] = min(one, other)
        assert records.links(Clustering(labels, (), (), ())).to_list() == [("p", 2)]


@given(labels=st.lists(st.integers(0, 3), min_size=1, max_size=9))
def test_links_are_all_pairs_within_clusters(labels: list[int]) -> None:
    table = RecordTable.of([{"record_id": f"{i:02}", "email": "a@x.com"} for i in range(len(labels))])
    records = LabeledRecords(table, (), {"records": pd.Index([f"{i:02}" for i in range(len(labels))])})
    smallest = np.array([labels.index(label) for label in labels], np.int32)
    expected = {(f"{j:02}", f"{i:02}") for i in range(len(labels)) for j in range(i + 1, len(labels)) if labels[i] == labels[j]}
    found = records.links(Clustering(smallest, (), (), ())).to_list()
    assert set(found) == expected
    assert len(found) == len(expected)


def test_links_of_two_frames_leave_out_pairs_within_one() -> None:
    records = read_frames({"a": LEFT, "b": RIGHT})
    together = records.links(Clustering(np.zeros(4, np.int32), (), (), ()))
    assert sorted(together) == [("p", 1), ("p", 2), ("q", 1), ("q", 2)]


def test_across_leaves_pairs_of_a_left_and_a_right_record() -> None:
    records = read_frames({"a": LEFT, "b": RIGHT})
    every = omniid.block(records.table, [omniid.all_pairs()])
    assert pairs_of(records.across(every)) == [(0, 2), (0, 3), (1, 2), (1, 3)]
    lone = read_frames(FRAME)
    every = omniid.block(lone.table, [omniid.all_pairs()])
    assert pairs_of(lone.across(every)) == pairs_of(every)


def test_a_pair_within_one_source_is_refused_and_the_way_out_named() -> None:
    records = read_frames({"a": LEFT, "b": RIGHT})
    with pytest.raises(InputError, match=r"\('a', 'p'\) and \('a', 'q'\) are of one source.*records.across\(pairs\)"):
        records.multiindex(np.array([0]), np.array([1]))


def test_a_finished_run_gives_links_and_features() -> None:
    frame = FRAME.rename_axis("rec_id")
    found = omniid.resolve(frame)
    records = LabeledRecords.of_result(found, frame)
    assert records.links(found.parts.clustering).to_list() == [(100, 30)]
    assert records.links(found.parts.scores).to_list() == [(100, 30)]
    assert list(records.links(found.parts.scores).names) == ["rec_id_1", "rec_id_2"]


def test_result_and_frame_that_do_not_belong_together_are_refused() -> None:
    found = omniid.resolve(FRAME.rename_axis("id"))
    with pytest.raises(InputError, match=r"label 5 of source 'records' is no record id"):
        LabeledRecords.of_result(found, FRAME.set_axis([30, 4, 100, 5]))
    with pytest.raises(InputError, match="do not stand one to one for 2 labels"):
        LabeledRecords.of_result(found, FRAME.iloc[:2])
    with pytest.raises(InputError, match=r"the frames are those of web, the records those of records"):
        LabeledRecords.of_result(found, {"web": FRAME})


def test_a_spec_is_taken_as_declared() -> None:
    spec = omniid.Spec(fields=[omniid.Text("email")])
    records = read_frames(FRAME, spec)
    assert [comparison.name for comparison in records.comparisons] == ["email"]
    assert records.comparisons[0].traits.levels != read_frames(FRAME).comparisons[0].traits.levels


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([{"email": "a@x.com"}], "source 'records' is a list; recordlinkage works on pandas frames"),
        (FRAME.set_axis([1, 2, 2, 3]), "label 2 comes twice in the index of source 'records'"),
        (FRAME.set_axis(pd.MultiIndex.from_product([[1, 2], [3, 4]])), "has 2 levels; give each record one label"),
        (FRAME.set_axis([1, "1", 2, 3]), "record id '1' .* comes twice"),
        (FRAME.set_axis([1.5, None, 2.5, 3.5]), "has no record id"),
        ({"a": LEFT, "b": RIGHT, "c": FRAME}, "3 frames were given; recordlinkage deduplicates one, or links two"),
    ],
)
def test_frames_whose_labels_cannot_name_records_are_refused(data: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_frames(data)


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (multiindex((30, 5)), "5, in pair 0 of the index, is no label of the frame of source 'records'"),
        (multiindex((4, 30), (30, 30)), "pair 1 of the index pairs 30 with itself; take it out"),
        (pd.Index([30, 4]), "pairs are a pandas.MultiIndex of two levels, labels of both records; got Index"),
        (multiindex(("30", 4)), "'30', in pair 0"),
        (pd.MultiIndex.from_arrays([[4.0, None], [30.0, 30.0]]), "nan, in pair 1"),
    ],
)
def test_pairs_that_are_no_pairs_of_labels_are_refused(index: pd.Index, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_frames(FRAME).pairs(index)


def test_no_pairs_make_no_pairs() -> None:
    records = read_frames(FRAME)
    empty = records.pairs(multiindex((30, 4))[:0])
    assert pairs_of(empty) == []
    assert len(records.features(omniid.compare(records.table, empty, records.comparisons))) == 0
