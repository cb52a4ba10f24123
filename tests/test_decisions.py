"""What people decided: which decision counts, files, and what resolve makes of it."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid import (
    Decision,
    Email,
    InputError,
    Model,
    PersonName,
    Spec,
    SpecError,
    all_pairs,
    read_decisions,
    resolve,
    write_decisions,
)
from omniid.decisions import decided_pairs, settle, standing, undo
from omniid.tables import RecordTable

KEYS = [("records", str(i)) for i in range(5)]
TABLE = RecordTable.of([{"record_id": record_id} for _, record_id in KEYS])
TIMES = ["", "2026-05-01", "2026-05-01T00:00:00Z", "2026-05-01T01:00:00+02:00", "2026-05-01T01:00:00+00:00", "2025-12-31"]


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    mixed = draw(st.permutations(KEYS))
    left, right = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kind = draw(st.sampled_from(["MUST_LINK", "CANNOT_LINK", "UNSURE"]))
    return Decision(kind, tuple(mixed[:left]), tuple(mixed[left : left + right]), time=draw(st.sampled_from(TIMES)))


def moment(text: str) -> datetime:
    time = datetime.fromisoformat(text) if text else datetime.min  # noqa: DTZ901  # made aware below
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@given(st.lists(decisions(), max_size=5), st.randoms(use_true_random=False))
def test_the_newest_decision_on_a_pair_counts(told: list[Decision], shuffle: random.Random) -> None:
    must, cannot = decided_pairs(TABLE, told)
    expected: dict[str, list[list[int]]] = {"MUST_LINK": [], "CANNOT_LINK": [], "UNSURE": []}
    for a in range(len(KEYS)):
        for b in range(a + 1, len(KEYS)):
            sides = [{KEYS[a], KEYS[b]} == {one, two} and d for d in told for one in d.left for two in d.right]
            about = [d for d in sides if d]
            if about:
                newest = max(moment(d.time) for d in about)
                kinds = {d.kind for d in about if moment(d.time) == newest}
                counts = next(kind for kind in ("CANNOT_LINK", "MUST_LINK", "UNSURE") if kind in kinds)
                expected[counts].append([a, b])
    assert sorted(must.tolist()) == expected["MUST_LINK"]
    assert cannot.tolist() == expected["CANNOT_LINK"]
    mixed = list(told)
    shuffle.shuffle(mixed)
    assert [pairs.tolist() for pairs in decided_pairs(TABLE, mixed)] == [must.tolist(), cannot.tolist()]


@given(st.lists(decisions(), max_size=4), st.text(st.characters(exclude_categories=["Cs"])))
def test_files_keep_decisions(tmp_path_factory: pytest.TempPathFactory, told: list[Decision], reason: str) -> None:
    path = tmp_path_factory.mktemp("decisions") / "d.jsonl"
    told = [Decision(d.kind, d.left, d.right, author=reason, reason=reason, time=d.time) for d in told]
    write_decisions(told, path)
    assert read_decisions(path) == tuple(told)
    assert read_decisions(told) == tuple(told)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2 is no decision"),
        ('{"kind": "MUST_LINK"}', "line 2 is no decision"),
        ("[1]", "line 2 is no decision"),
        ('{"kind": "LINK", "left": [["a", "1"]], "right": [["b", "2"]]}', "line 2: decision kind 'LINK' is unknown"),
        ('{"kind": "MUST_LINK", "left": [["a", "1"]], "right": [["b", "2"]], "mood": 1}', "line 2 is no decision"),
    ],
)
def test_a_line_that_is_no_decision_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_decisions(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"can't be read from .*none\.jsonl"):
        read_decisions(tmp_path / "none.jsonl")


def test_an_unknown_record_and_a_time_that_is_none_are_named() -> None:
    with pytest.raises(InputError, match=r"\('records', '9'\), which is not in the data"):
        decided_pairs(TABLE, [Decision("UNSURE", (("records", "9"),), (KEYS[0],))])
    with pytest.raises(InputError, match="'yesterday' of a MUST_LINK decision"):
        decided_pairs(TABLE, [Decision("MUST_LINK", (KEYS[1],), (KEYS[0],), time="yesterday")])


@pytest.mark.parametrize("side", [("records", "1"), (["records", "1"],), (("records", 1),), (("records", "1", "x"),)])
def test_a_side_is_a_tuple_of_record_keys(side) -> None:
    with pytest.raises(SpecError, match=r"is no record key \(source, record_id\) of two texts; a side is a tuple of keys"):
        Decision("MUST_LINK", side, (KEYS[1],))


def test_one_decision_is_enough_and_what_is_none_is_named() -> None:
    told = Decision("CANNOT_LINK", (KEYS[0],), (KEYS[1],))
    assert read_decisions(told) == (told,)
    with pytest.raises(InputError, match=r"\('1', '2'\) is no decision; pass Decision"):
        read_decisions([told, ("1", "2")])  # type: ignore[list-item]  # that is the point


# ---------------------------------------------------------------- through resolve

ROWS = [
    {"record_id": "1", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee"},
    {"record_id": "2", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee"},
    {"record_id": "3", "email": "bob@x.com", "first_name": "Bob", "last_name": "Ray"},
]
SPEC = Spec(fields=[Email(), PersonName()], blocking=[all_pairs()])


@pytest.fixture(scope="module")
def model() -> Model:
    return resolve(ROWS, SPEC).model


def told(kind: str, left: str, right: str, time: str = "") -> Decision:
    return Decision(kind, (("records", left),), (("records", right),), time=time)


def groups(found: omniid.Resolution) -> set[frozenset[str]]:
    members: dict[str, set[str]] = {}
    for row in found.crosswalk:
        members.setdefault(row["entity_id"], set()).add(row["record_id"])
    return set(map(frozenset, members.values()))


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ([], ["12", "3"]),
        ([told("CANNOT_LINK", "1", "2")], ["1", "2", "3"]),
        ([told("MUST_LINK", "1", "3"), told("MUST_LINK", "1", "2")], ["123"]),
        ([told("UNSURE", "1", "2")], ["12", "3"]),
        ([told("CANNOT_LINK", "1", "2", "2026-01-01"), told("UNSURE", "1", "2", "2026-01-02")], ["12", "3"]),
        ([told("CANNOT_LINK", "1", "2", "2026-01-01"), told("MUST_LINK", "2", "1", "2026-01-02")], ["12", "3"]),
        ([told("CANNOT_LINK", "1", "2"), told("MUST_LINK", "2", "1")], ["1", "2", "3"]),
        ([told("CANNOT_LINK", "1", "2"), told("MUST_LINK", "1", "3")], ["13", "2"]),
    ],
)
def test_decisions_join_and_keep_apart(model: Model, decided: list[Decision], expected: list[str]) -> None:
    wanted = {frozenset(group) for group in expected}
    assert groups(resolve(ROWS, SPEC, model=model, decisions=decided)) == wanted
    assert groups(resolve(ROWS, SPEC, model=model, decisions=decided[::-1])) == wanted


def test_a_decision_file_does_the_same(model: Model, tmp_path: Path) -> None:
    write_decisions([told("CANNOT_LINK", "1", "2")], tmp_path / "d.jsonl")
    found = resolve(ROWS, SPEC, model=model, decisions=tmp_path / "d.jsonl")
    assert groups(found) == {frozenset("1"), frozenset("2"), frozenset("3")}
    assert [(row["left_record_id"], row["right_record_id"], row["limit"]) for row in found.refusals] == [
        ("1", "2", "CANNOT_LINK")
    ]


def test_a_conflict_of_decisions_is_told_with_record_keys(model: Model) -> None:
    decided = [told("MUST_LINK", "1", "2", "2"), told("MUST_LINK", "2", "3", "1"), told("CANNOT_LINK", "1", "3")]
    decided = [Decision(d.kind, d.left, d.right, time=f"2026-01-0{d.time}" if d.time else "") for d in decided]
    found = resolve(ROWS, SPEC, model=model, decisions=decided)
    assert groups(found) == {frozenset("12"), frozenset("3")}
    (note,) = [note for note in found.summary.notes if "was not followed" in note]
    assert "MUST_LINK records:2 – records:3" in note
    assert note in str(found)
    (row,) = found.conflicts
    assert (row["left_record_id"], row["right_record_id"], row["path"]) == ("2", "3", ["records:1", "records:2", "records:3"])


def test_a_decision_holds_while_one_record_of_each_side_lives() -> None:
    gone = ("records", "gone")
    must, cannot = decided_pairs(TABLE, [Decision("CANNOT_LINK", (gone, KEYS[1]), (KEYS[0], KEYS[2], ("old", "gone")))])
    assert (must.tolist(), cannot.tolist()) == ([], [[0, 1], [1, 2]])
    with pytest.raises(InputError, match=r"names \('records', 'gone'\) and 1 more, none of which is in the data .*undo\(\)"):
        decided_pairs(TABLE, [Decision("MUST_LINK", (gone, ("old", "1")), (KEYS[0],))])


def test_an_undone_decision_needs_no_records() -> None:
    told = Decision("MUST_LINK", (("records", "gone"),), (KEYS[0],), time="2026-05-01")
    assert [pairs.tolist() for pairs in decided_pairs(TABLE, [told, *undo(told, time="2026-05-02")])] == [[], []]


def at(day: int, kind: str, left: int = 0, right: int = 1) -> Decision:
    return Decision(kind, (KEYS[left],), (KEYS[right],), time=f"2026-05-{day:02}")


@pytest.mark.parametrize(
    ("history", "counts"),
    [
        ("C", "C"),
        ("CM", "M"),
        ("CMU", "C"),  # the one before counts again
        ("CMUU", ""),
        ("CUC", "C"),  # to undo an undo, decide again
        ("MCUU", ""),
        ("?U", ""),
        ("M?", "?"),
    ],
)
def test_undo_withdraws_the_newest_that_stands(history: str, counts: str) -> None:
    kinds = {"C": "CANNOT_LINK", "M": "MUST_LINK", "U": "UNDO", "?": "UNSURE"}
    told = [at(day, kinds[letter], *((0, 1) if day % 2 else (1, 0))) for day, letter in enumerate(history, start=1)]
    for order in (told, told[::-1], told * 2):  # in any order, and a line that stands twice counts once
        found = dict(zip("MC?", settle(TABLE, order), strict=True))
        assert "".join(letter for letter, pairs in found.items() if len(pairs)) == counts


def test_undo_needs_something_to_undo() -> None:
    with pytest.raises(InputError, match=r"an UNDO of 2026-05-01 on .* finds no decision on the same records before it"):
        standing([at(1, "UNDO"), at(2, "MUST_LINK")])
    with pytest.raises(InputError, match="finds no decision"):
        standing([at(1, "MUST_LINK", 0, 2), at(2, "UNDO", 0, 1)])


def test_sets_of_a_thousand_records_are_settled_quickly() -> None:
    table = RecordTable.of([{"record_id": f"{i:04}"} for i in range(1_200)])
    keys = [("records", f"{i:04}") for i in range(1_200)]
    must, cannot = decided_pairs(table, [Decision("MUST_LINK", tuple(keys[:600]), tuple(keys[600:]))])
    assert (len(must), len(cannot)) == (360_000, 0)
