"""Who shares a contact value, from names as they are written in real life."""

import math

import numpy as np
import pytest

import omniid
from omniid import Email, Identifier, PersonName, Spec, SpecError
from omniid.evidence import (
    choose_names,
    class_counts,
    classify_values,
    generic_values,
    personal_rows,
    signature_texts,
    thresholds_for,
    weak_values,
    without_generic_values,
)
from omniid.fields import Address, Date
from omniid.sharing import VALUE_CLASSES, ValueClasses
from omniid.tables import Model, RecordTable

SPEC = Spec(fields=[Email(), PersonName(), Date(), Identifier("login", kind="login")])


def table(*people: tuple[str | None, str | None, str | None], logins: int = 0) -> RecordTable:
    rows: list[dict[str, object]] = [
        {
            "record_id": f"{i:03}",
            "email": "box@x.com",
            "first_name": first,
            "last_name": last,
            "birth_date": born,
            "login": None,
        }
        for i, (first, last, born) in enumerate([*people, (None, None, None)])
    ]
    rows[0]["login"] = None
    rows += [{"record_id": f"l{i:03}", "email": "box@x.com", "login": f"u{i}"} for i in range(logins)]
    return RecordTable.of(rows)


def classify(records: RecordTable, spec: Spec = SPEC) -> dict[str, ValueClasses]:
    return classify_values(records, spec, thresholds_for(spec))


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([("william", "smith", None), ("bill", "smith", None)], 1),
        ([("anna", "smith", None), ("anna", "smyth", None)], 1),
        ([("anna", "smith", None), ("peter", "smith", None)], 2),
        ([("anna", "smith", "1980-01-02"), ("anna", "jones", "1980-01-02")], 2),
        ([(None, None, None)], 0),
        ([("anna", None, None), ("peter", None, None)], 0),
    ],
)
def test_people_behind_one_mailbox(people, expected: int) -> None:
    assert classify(table(*people))["email"].people.tolist() == [expected]


def test_login_ids_are_counted_where_no_record_says_who_it_is() -> None:
    assert classify(table(logins=3))["email"].people.tolist() == [3]
    assert classify(table(("anna", "lee", None), logins=3))["email"].people.tolist() == [1]


def test_a_value_of_many_people_is_missing_to_matching_and_counted() -> None:
    surnames = "Adams Brown Clark Dubois Ekman Fischer Garcia Huang".lower().split()
    records = table(*[(f"{chr(97 + i)}nna", name, None) for i, name in enumerate(surnames)])
    classes = classify(records)
    assert classes["email"].people.tolist() == [8]
    assert set(without_generic_values(records, classes).columns["email"].codes.tolist()) == {-1}
    assert generic_values(classes) == {"email": 1}
    assert class_counts(classes) == {"shared": 1}
    assert not personal_rows(records, classes)["email"].any()


def test_many_nameless_records_make_a_value_weak_and_a_name_makes_it_somebodys() -> None:
    nameless = [(None, None, None)] * 60
    classes = classify(table(*nameless))
    assert [VALUE_CLASSES[code] for code in classes["email"].classes] == ["weak"]
    assert weak_values(classes)["email"].tolist() == [True]
    assert not personal_rows(table(*nameless), classes)["email"].any()
    assert classes["email"].likely_people.tolist() == [61]
    known = classify(table(("anna", "lee", None), *nameless))
    assert [VALUE_CLASSES[code] for code in known["email"].classes] == ["personal"]
    assert weak_values(known) == {}
    assert personal_rows(table(("anna", "lee", None), *nameless), known)["email"].all()


def test_a_record_that_names_a_value_twice_is_one_record() -> None:
    records = RecordTable.of([{"record_id": "1", "email": ["a@x.com", "a@x.com"]}, {"record_id": "2", "email": ["a@x.com"]}])
    assert classify(records, Spec(fields=[Email()]))["email"].records.tolist() == [2]


def test_columns_that_are_no_contact_are_not_counted() -> None:
    assert set(classify(table(("anna", "lee", None)))) == {"email", "login"}


def test_thresholds_are_declared_else_frozen_in_the_model_else_the_default() -> None:
    spec = Spec(fields=[Email(), Address(street="street"), Identifier("card", kind="loyalty"), Identifier("k", kind="kiosk")])
    assert dict(thresholds_for(spec).people_at_most)["email"] == 6
    assert thresholds_for(spec).at_most("loyalty", "identifier") == 6
    assert thresholds_for(spec).at_most("kiosk", "device") == math.inf
    model = Model((), 0.1, people_at_most={"email": 4, "loyalty": 2}, rows_above=9)
    frozen = thresholds_for(spec, model)
    assert (frozen.at_most("email", "email"), frozen.at_most("loyalty", "identifier"), frozen.rows_above) == (4, 2, 9)
    declared = thresholds_for(spec.replace(people_at_most={"email": 3}, rows_above=7), model)
    assert (declared.at_most("email", "email"), declared.at_most("loyalty", "identifier"), declared.rows_above) == (3, 2, 7)


def test_a_threshold_of_a_kind_that_no_field_is_of_is_refused() -> None:
    with pytest.raises(SpecError, match=r"people_at_most names the kind 'emial', which no field is of; .*email"):
        thresholds_for(Spec(fields=[Email()], people_at_most={"emial": 3}))


@pytest.mark.parametrize("most", [0, -1, 2.5, True, "6"])
def test_thresholds_are_numbers_of_people(most: object) -> None:
    with pytest.raises(SpecError, match=r"people_at_most\['email'\] is .*at least 1"):
        Spec(people_at_most={"email": most})  # type: ignore[dict-item]


def test_thresholds_are_written_and_read(tmp_path) -> None:
    for name in ("spec.toml", "spec.json"):
        spec = Spec(fields=[Email()], people_at_most={"email": 9, "phone": math.inf}, rows_above=20)
        spec.save(tmp_path / name)
        assert Spec.load(tmp_path / name) == spec
    model = Model((), 0.1, people_at_most={"email": 9, "phone": math.inf}, rows_above=20)
    model.save(tmp_path / "model.json")
    assert Model.load(tmp_path / "model.json") == model
    with pytest.raises(SpecError, match="rows_above is -1"):
        Spec(rows_above=-1)


def test_classes_are_by_count_and_threshold() -> None:
    found = ValueClasses("email", np.array([0, 1, 2, 6, 7, 0]), np.array([50, 900, 2, 6, 7, 51]), at_most=6, rows_above=50)
    assert [VALUE_CLASSES[code] for code in found.classes] == [
        "personal",
        "personal",
        "household",
        "household",
        "shared",
        "weak",
    ]
    assert found.likely_people.tolist() == [1, 1, 2, 6, 7, 51]


def test_formal_names_are_chosen_once() -> None:
    rows: list[dict[str, object]] = [
        {"record_id": str(at), "first": name} for at, name in enumerate(["charlie", "charlotte", "charlotte", "charles", "bob"])
    ]
    table, spec = RecordTable.of(rows), Spec(fields=[PersonName("first", "last")])
    chosen = choose_names(table, spec)
    assert chosen == {"charlie": "charlotte"}
    together = signature_texts(table.columns["first"], "first_name").to_pylist()
    alone = RecordTable.of(rows[:1]).columns["first"]
    assert signature_texts(alone, "first_name", chosen).to_pylist() == together[:1]
    assert signature_texts(alone, "first_name").to_pylist() != together[:1]
    assert choose_names(table, Spec(fields=[Email("mail")])) == {}


def test_an_initial_is_nobody_else() -> None:
    names = ["Anna Kuznetsova", "Anna K.", "A. Kuznetsova", "Анна Кузнецова"]
    found = omniid.resolve([{"id": str(i), "name": name, "phone": "+79162000001"} for i, name in enumerate(names)])
    assert found.table("value_classes").num_rows == 0  # the phone is one person's
    assert found.summary.people == 1
