"""Who shares a contact value, from names as they are written in real life."""

import pytest

from omniid.evidence import generic_values, people_per_value, personal_rows, without_generic_values
from omniid.tables import RecordTable

KINDS = {"email": "email", "first_name": "first_name", "last_name": "last_name", "birth_date": "birth_date"}


def table(*people: tuple[str | None, str | None, str | None]) -> RecordTable:
    return RecordTable.of(
        [
            {"record_id": f"{i:03}", "email": "box@x.com", "first_name": first, "last_name": last, "birth_date": born}
            for i, (first, last, born) in enumerate([*people, (None, None, None)])
        ]
    )


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([("william", "smith", None), ("bill", "smith", None)], 1),
        ([("anna", "smith", None), ("anna", "smyth", None)], 1),
        ([("anna", "smith", None), ("peter", "smith", None)], 2),
        ([("anna", "smith", "1980-01-02"), ("anna", "jones", "1980-01-02")], 2),
        ([(None, None, None)], 1),
        ([("anna", None, None), ("peter", None, None)], 1),
    ],
)
def test_people_behind_one_mailbox(people, expected: int) -> None:  # type: ignore[no-untyped-def]
    assert people_per_value(table(*people), KINDS)["email"].tolist() == [expected]


def test_a_value_of_many_people_is_missing_to_matching_and_counted() -> None:
    surnames = "Adams Brown Clark Dubois Ekman Fischer Garcia Huang".lower().split()
    records = table(*[(f"{chr(97 + i)}nna", name, None) for i, name in enumerate(surnames)])
    people = people_per_value(records, KINDS)
    assert people["email"].tolist() == [8]
    assert set(without_generic_values(records, KINDS, people).columns["email"].codes.tolist()) == {-1}
    assert generic_values(KINDS, people) == {"email": 1}
    assert not personal_rows(records, people)["email"].any()


def test_columns_that_are_no_contact_are_not_counted() -> None:
    assert set(people_per_value(table(("anna", "lee", None)), KINDS)) == {"email"}
