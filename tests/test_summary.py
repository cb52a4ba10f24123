"""The summary counts what the tables hold, and says what went otherwise than declared."""

from collections import Counter

import pytest

import omniid
from omniid import Decision, Email, Identifier, PersonName, Spec, at_most, datasets, resolve
from omniid.tables import BITS


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    return resolve(dict(datasets.generate(400, seed=5).channels))


def test_counts_are_those_of_the_tables(found: omniid.Resolution) -> None:
    summary = found.summary
    crosswalk, pairs = found.table("crosswalk"), found.table("scored_pairs")
    assert dict(summary.records) == dict(Counter(crosswalk["source"].to_pylist()))
    profiles = found.table("profiles")
    assert summary.people + summary.anonymous.entities == profiles.num_rows == len(set(crosswalk["entity_id"].to_pylist()))
    assert summary.people == profiles["entity_kind"].to_pylist().count("person")
    listed = Counter(found.table("value_classes")["class"].to_pylist())
    assert dict(summary.classes) == {name: count for name, count in listed.items() if name != "placeholder"}
    assert summary.sizes.largest[0][1] == max(found.table("profiles")["records"].to_pylist())
    at = round(found.model.link_at * BITS)
    assert summary.links == sum(round(weight * BITS) >= at for weight in pairs["match_weight"].to_pylist())
    assert summary.pairs >= pairs.num_rows
    assert summary.to_review == found.table("review").num_rows
    assert summary.refusals == found.table("refusals").num_rows
    assert sum(summary.rejects.values()) == found.table("rejects").num_rows
    counts = list(summary.rejects.values())
    assert counts == sorted(counts, reverse=True)


def test_the_text_says_all_that_matters(found: omniid.Resolution) -> None:
    text = str(found)
    for part in (
        "records",
        "people",
        "largest cluster",
        "candidate pairs",
        "links",
        "converged",
        "to review",
        "rejected",
        "total",
    ):
        assert part in text
    for stage in ("read", "infer", "normalize", "block", "fit", "match", "cluster", "survive"):
        assert f"{stage} " in text
        assert found.summary.seconds[stage] >= 0


def test_one_record_compares_nothing() -> None:
    summary = resolve([{"id": "1", "email": "ann@x.com"}]).summary
    assert (summary.pairs, summary.links, summary.people) == (0, 0, 1)
    assert "nan" not in str(summary)


def test_ids_that_can_not_name_records_are_told() -> None:
    summary = resolve([{"id": "1", "email": "ann@x.com"}, {"id": "1", "email": "bob@x.com"}]).summary
    assert any("'id' of 'records' is not unique" in note for note in summary.notes)
    assert not resolve([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "bob@x.com"}]).summary.notes


def test_data_without_evidence_is_told() -> None:
    summary = resolve([{"x": "1"}, {"x": "2"}]).summary
    assert summary.people == 2
    assert any("no column holds evidence" in note for note in summary.notes)


def test_decisions_that_exceed_a_limit_are_told() -> None:
    rows = [{"id": str(i), "email": f"p{i}@x.com", "name": "Ann Lee", "passport": f"P{i}"} for i in (1, 2)]
    told = Decision("MUST_LINK", (("records", "1"),), (("records", "2"),))
    spec = Spec(
        fields=[Email(), PersonName(full="name"), Identifier("passport", kind="passport")], limits=[at_most("passport", 1)]
    )
    summary = resolve(rows, spec, decisions=[told]).summary
    assert summary.people == 1
    assert any("records:1 exceeds a limit" in note for note in summary.notes)


def test_values_that_many_people_share_are_told() -> None:
    names = ["Adams", "Brown", "Clark", "Dubois", "Ekman", "Fischer", "Garcia", "Huang", "Ivanov"]
    rows = [{"id": str(i), "phone": "+48 22 555 01 00", "name": f"{name[::-1].title()} {name}"} for i, name in enumerate(names)]
    found = resolve(rows, Spec(fields=[omniid.Phone(), PersonName(full="name")]))
    assert dict(found.summary.generic) == {"phone": 1}
    assert "1 value of phone" in str(found)
    assert found.summary.people == len(names)
    assert {row["phone"] for row in found.profiles} != {None}  # no evidence, but not lost


def test_a_declared_value_that_no_record_holds_is_told() -> None:
    rows = [{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "bob@x.com"}]
    summary = resolve(
        rows, Spec(fields=[Email()], value_classes={"email": {"Box@X.com": "shared", "bob@x.com": "shared"}})
    ).summary
    assert list(summary.notes) == ["value_classes names 'Box@X.com', which no record holds in 'email'; write the normal form"]


def test_one_is_one_and_two_are_two() -> None:
    rows = [{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": None}, {"id": "3", "email": "test@test.com"}]
    told = str(resolve(rows[:2], Spec(fields=[Email()])))
    assert "1 record names nobody" in told
    assert "largest cluster: 1 record)" in told
    assert "largest: 1 person)" in told
    assert "1 value\n" in str(resolve(rows, Spec(fields=[Email()])))
    assert "2 records name nobody" in str(resolve(rows, Spec(fields=[Email()])))


def test_changes_since_an_earlier_result_are_told(tmp_path) -> None:
    rows = [{"id": str(i), "email": f"p{i}@x.com"} for i in range(4)]
    before = resolve(rows[:3])
    assert "changed" not in str(before)
    found = resolve(rows[1:], previous=before)
    assert dict(found.summary.changes) == {"erased": 1, "created": 1}
    assert "1 erased, 1 created since the earlier result" in str(found)
    assert "nothing since the earlier result" in str(resolve(rows[:3], previous=before))
    found.save(tmp_path)
    assert dict(omniid.load(tmp_path).summary.changes) == {"erased": 1, "created": 1}
