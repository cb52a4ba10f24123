"""Households: against a slow twin, in any order, and on families judged by eye."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering import connected_components
from omniid.households import RELATIONS, Facts, Households, find_households
from omniid.households.places import AddressColumns
from omniid.households.ties import ADDRESS, SURNAME
from omniid.tables import Column
from oracle.households import Row, slow_households, slow_ties

STREETS = ("1 oak st", "2 elm st", "oak st", None)
NAMES = ("lee", "kowalski", "kowalska", "lee ray", None)


def of(rows: list[Row], **more: list[str | None]) -> Households:
    def column(name: str) -> Column:
        return Column.of([getattr(row, name) for row in rows])

    facts = Facts(
        entity=np.array([row.entity for row in rows], np.int32),
        time=np.array([row.time for row in rows], np.int64),
        address=AddressColumns(column("street"), column("unit"), column("city"), column("postcode")),
        last_name=column("last_name"),
        contacts={"phone": column("phone"), "email": column("email")},
        **{name: Column.of(values) for name, values in more.items()},
    )
    return find_households(facts, connected_components)


@st.composite
def worlds(draw: st.DrawFn) -> list[Row]:
    n = draw(st.integers(1, 12))
    few = st.sampled_from
    row = st.builds(
        Row,
        entity=st.integers(0, n - 1),
        time=st.integers(0, 2),
        street=few(STREETS),
        unit=few(("1", "2", None, None)),
        city=few(("york", "omsk", None)),
        postcode=few(("AB1", "XY9", None)),
        last_name=few(NAMES),
        phone=few(("+1", "+2", "+3", None, None, None)),
        email=few(("a@x", "b@x", None, None, None)),
    )
    return [Row(entity) for entity in range(n)] + draw(st.lists(row, max_size=30))


@given(worlds())
def test_equals_the_slow_twin(rows: list[Row]) -> None:
    found = of(rows)
    assert found.labels.tolist() == slow_households(rows)
    told = {pair: agree for pair, (agree, _) in slow_ties(rows).items()}
    bits = {"address": ADDRESS, "last_name": SURNAME, "phone": 4, "email": 8}
    pairs = zip(found.relations.left.tolist(), found.relations.right.tolist(), found.relations.fields.tolist(), strict=True)
    for left, right, fields in pairs:
        expected = told.get((left, right), set())
        assert fields & ~SURNAME == sum(bits[name] for name in expected - {"last_name"})
    assert set(told) <= set(zip(found.relations.left.tolist(), found.relations.right.tolist(), strict=True))


@given(worlds(), st.randoms(use_true_random=False))
def test_order_and_numbers_do_not_matter(rows: list[Row], random: object) -> None:
    n = max(row.entity for row in rows) + 1
    before = of(rows).labels
    renumbered = list(range(n))
    random.shuffle(renumbered)  # type: ignore[attr-defined]
    shuffled = [Row(**{**vars(row), "entity": renumbered[row.entity]}) for row in rows]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    after = of(shuffled).labels
    together = {frozenset(np.flatnonzero(before == one).tolist()) for one in set(before.tolist())}
    back = {renumbered[entity]: entity for entity in range(n)}
    assert together == {frozenset(back[e] for e in np.flatnonzero(after == one).tolist()) for one in set(after.tolist())}


@given(worlds())
def test_no_household_is_larger_than_believable(rows: list[Row]) -> None:
    assert of(rows).sizes().max() <= 10


def flat(entity: int, unit: str | None, name: str, **more: str) -> Row:
    return Row(entity, street="7 main st", unit=unit, postcode="AB1", last_name=name, **more)  # type: ignore[arg-type]


def test_a_block_of_flats_is_no_household() -> None:
    tower = [flat(i, None, f"name{i}") for i in range(40)]
    assert of(tower).labels.tolist() == list(range(40))
    named = [flat(i, str(i // 2), f"name{i}") for i in range(40)]
    assert of(named).labels.tolist() == [i // 2 * 2 for i in range(40)]


def test_without_the_flat_a_second_field_is_needed() -> None:
    rows = [
        flat(0, "1", "lee"),
        flat(1, "2", "ray"),
        flat(2, None, "ray"),
        flat(3, None, "fox"),
        flat(4, None, "kim", phone="+1"),
    ]
    rows.append(flat(5, "1", "lee", phone="+1"))
    assert of(rows).labels.tolist() == [0, 1, 1, 3, 0, 0]


def test_nobody_can_say_which_of_two_flats_of_one_surname() -> None:
    assert of([flat(0, "1", "lee"), flat(1, "2", "lee"), flat(2, None, "lee")]).labels.tolist() == [0, 1, 2]


def test_a_company_address_or_switchboard_is_no_household() -> None:
    office = [Row(i, street="1 park ave", postcode="AB1", last_name=f"name{i}", phone="+1") for i in range(200)]
    assert of(office).labels.tolist() == list(range(200))
    clan = [Row(i, street="1 park ave", postcode="AB1", last_name="kim") for i in range(200)]
    assert of(clan).labels.tolist() == list(range(200))


def test_a_former_address_needs_the_surname() -> None:
    moved = [
        Row(0, time=1, street="1 oak st", postcode="AB1", last_name="lee"),
        Row(0, time=2, street="2 elm st", postcode="XY9", last_name="lee"),
        Row(1, time=2, street="1 oak st", postcode="AB1", last_name="ray"),
    ]
    assert of(moved).labels.tolist() == [0, 1]
    stayed = [*moved[:2], Row(1, time=0, street="1 oak st", postcode="AB1", last_name="lee")]
    assert of(stayed).labels.tolist() == [0, 0]


def test_a_contact_value_ties_those_without_a_home_and_not_two_homes() -> None:
    rows = [
        Row(0, street="1 oak st", postcode="AB1", last_name="lee", phone="+1"),
        Row(1, street="2 elm st", postcode="XY9", last_name="ray", phone="+1", email="a@x"),
        Row(2, last_name="ray", email="a@x"),
    ]
    assert of([*rows[1:], Row(0)]).labels.tolist() == [0, 1, 1]
    assert of(rows).labels.tolist() == [0, 1, 1]
    chain = [rows[0], Row(1, street="1 oak st", postcode="AB1", last_name="lee"), Row(2, phone="+1", email="a@x"), rows[1]]
    chain[3] = Row(3, street="2 elm st", postcode="XY9", last_name="ray", email="a@x")
    chain.append(Row(4, street="2 elm st", postcode="XY9", last_name="ray"))
    assert of(chain).labels.tolist() == [0, 0, 2, 3, 3]  # entity 2 might live in either home, so in neither


# (first name, last name, birth date) of two people at one address → relation, who is the elder.
JUDGED = [
    (("piotr", "zielinski", "1990-05-05"), ("pawel", "zielinski", "1990-05-05"), "twin", None),
    (("anna", "kuznetsova", "1990-05-05"), ("ivan", "kuznetsov", "1990-05-05"), "twin", None),
    (("robert", "hughes", "1960-01-01"), ("robert", "hughes", "1988-06-01"), "parent and child", 0),
    (("jan", "kowalski", "2001-02-03"), ("maria", "kowalska", "1975-02-03"), "parent and child", 1),
    (("luis", "castillo navarro", "1996-07-25"), ("carmen", "navarro ortega", "1966"), "parent and child", 1),
    (("olga", "ivanova", "1930-01-01"), ("petr", "ivanov", "1985-01-01"), "grandparent and grandchild", 0),
    (("jan", "kowalski", "1980-02-03"), ("maria", "kowalska", "1983-01-01"), "spouse or sibling", None),
    (("giorgos", "papadopoulos", "1980-02-03"), ("eleni", "papadopoulou", "1975-01-01"), "spouse or sibling", None),
    (("anna", "kowalska", "1980-02-03"), ("maria", "kowalska", "1983-01-01"), "sibling", None),
    (("mohammad", "rezaei", None), ("fatemeh", "rezaei", "1983-01-01"), "relative", None),
    (("qiang", "tang", "1988-05-21"), ("na", "li", "1989-05-21"), "housemate", None),
    (("qiang", "tang", None), ("na", "li", None), "housemate", None),
    (("anna", "lee", None), ("anna", "lee", None), "possibly the same person", None),
    (("bob", "lee", "1970-01-01"), ("robert", "lee", "1970-01-01"), "possibly the same person", None),
    (("anna", "lee", "1970-01-01"), (None, "lee", "1970-01-01"), "possibly the same person", None),
    (("anna", "lee", "1970-01-01"), ("anna", "ray", "1970-01-01"), "possibly the same person", None),
    (("anna", "lee", "1970-01-01"), ("anna", "ray", "1975-01-01"), "housemate", None),
]


def related(
    *people: tuple[str | None, str | None, str | None], gender: list[str | None] | None = None
) -> dict[tuple[int, int], tuple[str, int]]:
    rows = [Row(i, street="1 oak st", postcode="AB1", last_name=last) for i, (_, last, _) in enumerate(people)]
    more = {"gender": gender} if gender else {}
    relations = of(rows, first_name=[p[0] for p in people], birth_date=[p[2] for p in people], **more).relations
    columns = (relations.left, relations.right, relations.relation, relations.elder)
    return {(a, b): (RELATIONS[what], elder) for a, b, what, elder in zip(*(one.tolist() for one in columns), strict=True)}


@pytest.mark.parametrize(("one", "other", "relation", "elder"), JUDGED)
def test_two_people(one: tuple[str, str, str], other: tuple[str, str, str], relation: str, elder: int | None) -> None:
    assert related(one, other) == {(0, 1): (relation, -1 if elder is None else elder)}
    turned = -1 if elder is None else 1 - elder
    assert related(other, one) == {(0, 1): (relation, turned)}


def test_parents_of_one_child_are_spouses_and_their_children_siblings() -> None:
    found = related(
        ("jan", "kowalski", "1970-01-01"),
        ("maria", "kowalska", "1972-01-01"),
        ("ewa", "kowalska", "1998-01-01"),
        ("adam", "kowalski", "2001-01-01"),
    )
    assert found[0, 1] == ("spouse", -1)
    assert found[2, 3] == ("sibling", -1)
    assert [found[pair] for pair in ((0, 2), (0, 3), (1, 2), (1, 3))] == [("parent and child", e) for e in (0, 0, 1, 1)]


def test_a_mother_who_kept_her_name_is_found_through_the_father() -> None:
    found = related(("wei", "zhang", "1970-01-01"), ("na", "li", "1972-01-01"), ("bo", "zhang", "1999-01-01"))
    assert found == {(0, 1): ("spouse", -1), (0, 2): ("parent and child", 0), (1, 2): ("parent and child", 1)}


def test_three_generations() -> None:
    found = related(("ada", "lee", "1950-01-01"), ("ben", "lee", "1972-01-01"), ("cid", "lee", "1995-01-01"))
    assert found[0, 2] == ("grandparent and grandchild", 0)
    assert found[0, 1] == ("parent and child", 0)
    assert found[1, 2] == ("parent and child", 1)


def test_gender_tells_siblings_from_couples() -> None:
    brothers = (("jan", "lee", "1970-01-01"), ("tom", "lee", "1972-01-01"))
    assert related(*brothers, gender=["m", "m"])[0, 1][0] == "sibling"
    assert related(*brothers, gender=["m", "f"])[0, 1][0] == "spouse or sibling"
    assert related(*brothers, gender=["m", None])[0, 1][0] == "spouse or sibling"


def test_relations_reach_beyond_the_household() -> None:
    rows = [
        Row(0, street="1 oak st", postcode="AB1", last_name="lee", phone="+1"),
        Row(1, street="2 elm st", postcode="XY9", last_name="lee", phone="+1"),
    ]
    found = of(rows, first_name=["ann", "tom"], birth_date=["1960-01-01", "1990-01-01"])
    assert found.labels.tolist() == [0, 1]
    assert RELATIONS[found.relations.relation[0]] == "parent and child"


def test_nothing_known_is_nothing_found() -> None:
    facts = Facts(entity=np.zeros(0, np.int32), time=np.zeros(0, np.int64))
    assert find_households(facts, connected_components).labels.tolist() == []
    lone = Facts(entity=np.array([0, 1], np.int32), time=np.zeros(2, np.int64))
    assert find_households(lone, connected_components).labels.tolist() == [0, 1]
