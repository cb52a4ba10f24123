"""Splitting and merging entities by decisions."""

import pytest

import omniid
from omniid import Decision, Email, InputError, Model, PersonName, Spec, all_pairs, resolve
from omniid.clustering import connected_components
from omniid.decisions import decided_pairs, undo
from omniid.entity_decisions import split_decisions
from omniid.tables import RecordTable

ROWS = [
    {"record_id": "1", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee"},
    {"record_id": "2", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee"},
    {"record_id": "3", "email": "bob@x.com", "first_name": "Bob", "last_name": "Ray"},
]
SPEC = Spec(fields=[Email(), PersonName()], blocking=[all_pairs()])


@pytest.fixture(scope="module")
def model() -> Model:
    return resolve(ROWS, SPEC).model


def groups(found: omniid.Resolution) -> set[frozenset[str]]:
    members: dict[str, set[str]] = {}
    for row in found.crosswalk:
        members.setdefault(row["entity_id"], set()).add(row["record_id"])
    return set(map(frozenset, members.values()))


def test_splitting_and_merging_entities(model: Model) -> None:
    found = resolve(ROWS, SPEC, model=model)
    ids = {row["record_id"]: row["entity_id"] for row in found.crosswalk}
    told = found.split(ids["1"], [[("records", "1")], [("records", "2")]], author="kim", time="2026-05-01")
    apart = resolve(ROWS, SPEC, model=model, decisions=told, previous=found)
    assert groups(apart) == {frozenset("1"), frozenset("2"), frozenset("3")}
    joined = apart.merge(ids["1"], ids["3"], time="2026-05-02")
    again = resolve(ROWS, SPEC, model=model, decisions=[*told, *joined], previous=apart)
    assert groups(again) == {frozenset("13"), frozenset("2")}
    both = resolve(ROWS, SPEC, model=model, decisions=[*told, *joined, *undo((*told, *joined))], previous=again)
    assert both.table("crosswalk").equals(found.table("crosswalk"))  # all undone: as it was, ids and all


def test_a_split_must_name_records_of_the_entity(model: Model) -> None:
    found = resolve(ROWS, SPEC, model=model)
    entity = found.crosswalk[0]["entity_id"]
    one, two, three = (("records", str(i)) for i in (1, 2, 3))
    for parts, says in [
        ([[one, two]], "two parts or more"),
        ([[one], []], "two parts or more"),
        ([[one], [three]], r"record \('records', '3'\) is not of this entity"),
        ([[one, two], [two]], r"record \('records', '2'\) stands in two parts"),
    ]:
        with pytest.raises(InputError, match=says):
            found.split(entity, parts)
    with pytest.raises(InputError, match="there is no entity 'nobody'"):
        found.split("nobody", [[one], [two]])
    with pytest.raises(InputError, match="twice"):
        found.merge(entity, entity)


def test_a_part_holds_together_when_records_are_deleted() -> None:
    members = [("s", f"{i:03}") for i in range(40)]
    told = split_decisions(members, [members[:39], members[39:]])
    table = RecordTable.of([{"record_id": key, "source": "s"} for _, key in members if int(key) % 8 == 0 or key == "039"])
    must, cannot = decided_pairs(table, [one for one in told if there(one, table)])
    labels = connected_components(len(table), must[:, 0], must[:, 1])
    assert len(set(labels.tolist())) == 2
    assert len(cannot) == len(table) - 1


def there(decision: Decision, table: RecordTable) -> bool:
    return all(table.rows_of(side) for side in (decision.left, decision.right))
