"""Names of several cultures from records to profiles, nothing declared."""

import pytest

import omniid


def groups(rows):
    found = omniid.resolve([{"id": str(position), **row} for position, row in enumerate(rows)])
    out = {}
    for row in found.table("crosswalk").to_pylist():
        out.setdefault(row["entity_id"], set()).add(int(row["record_id"]))
    return sorted(out.values(), key=min)


ONE = [
    ("Gabriel García Márquez", "Gabriel García"),
    ("Mary Smith", "Mary Jones (née Smith)"),
    ("Nagy László", "László Nagy"),
    ("DUPONT Jean", "Jean Dupont"),
    ("Иван Петрович Кузнецов", "Ivan Kuznetsov"),
    ("Anna Kowalska", "Anna Kowalski"),
]


@pytest.mark.parametrize(("left", "right"), ONE)
def test_one_person_under_one_address(left, right):
    rows = [{"name": left, "email": "q7@example.com"}, {"name": right, "email": "q7@example.com"}]
    assert groups(rows) == [{0, 1}]


TWO = [
    ("Jan Kowalski", "Anna Kowalska"),
    ("Иван Кузнецов", "Анна Кузнецова"),
    ("Jonas Kazlauskas", "Rasa Kazlauskienė"),
]


@pytest.mark.parametrize(("left", "right"), TWO)
def test_a_household_is_not_one_person(left, right):
    home = {"street": "12 Main Street", "city": "Springfield", "postcode": "12345"}
    assert groups([{"name": left, **home}, {"name": right, **home}]) == [{0}, {1}]


def test_a_suffix_is_evidence():
    found = omniid.resolve([{"id": "1", "name": "John Smith Jr"}, {"id": "2", "name": "John Smith Sr"}])
    levels = {comparison.name: comparison.levels for comparison in found.model.comparisons}
    assert levels["name_suffix"] == ("else", "exact")
