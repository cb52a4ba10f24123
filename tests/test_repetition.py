"""Fields that repeat each other are found from counts, and told once."""

import random

import numpy as np
import pytest

import omniid
from omniid.comparison import compare_rows, library
from omniid.repetition import find_repeats, told_once
from omniid.tables import Model, RecordTable

KINDS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "street": "street",
    "postcode": "postcode",
    "city": "city",
    "region": "category",
    "gender": "category",
}
DEFAULT = (
    library.person_first_name("first_name", last="last_name"),
    library.person_last_name("last_name", first="first_name"),
    library.street("street"),
    library.place("postcode", "city", street="street"),
    library.category("region", shared_by_relatives=True),
    library.category("gender"),
)


def people(n, *, follow, seed=1, copies=0):
    """People whose city, region and gender follow from postcode, city and first name, or from nothing."""
    draw = random.Random(seed)
    rows = []
    for number in range(n):
        post, first, last = draw.randrange(120), draw.randrange(60), draw.randrange(400)
        city = post // 4 if follow else draw.randrange(30)
        region = city // 5 if follow else draw.randrange(6)
        gender = first % 2 if follow else draw.randrange(2)
        row = {"first_name": name(first), "last_name": name(last), "postcode": f"p{post}", "city": f"c{city}"}
        row |= {"street": f"{draw.randrange(90)} road {post if follow else 7}", "region": f"r{region}", "gender": f"g{gender}"}
        rows += [row | {"record_id": f"{number:05}-{copy}"} for copy in range(1 + (number < copies))]
    return rows


def name(number):
    """Names that all sound different."""
    return (
        "bcdfgjklmnprstvz"[number % 16] + "aeiou"[number // 16 % 5] + "kmrt"[number // 80 % 4] + "a" + "lnps"[number // 320 % 4]
    )


def test_columns_that_follow_from_others_are_found():
    found = set(find_repeats(RecordTable.of(people(2000, follow=True)), KINDS))
    assert {("postcode", "city"), ("postcode", "region"), ("city", "region"), ("first_name", "gender")} <= found
    assert not {("city", "gender"), ("region", "gender"), ("city", "postcode"), ("first_name", "city")} & found


def test_columns_that_follow_from_nothing_are_not_found_however_many_records_are_copies():
    for copies in (0, 2000):
        assert find_repeats(RecordTable.of(people(2000, follow=False, copies=copies)), KINDS) == ()


def test_few_records_say_nothing_against_what_is_known_of_addresses():
    few = people(30, follow=False)
    for number, row in enumerate(few):
        row |= {"street": f"{number} high st"}
    assert find_repeats(RecordTable.of(few), KINDS) == (("postcode", "city"), ("street", "city"), ("street", "postcode"))


def test_the_order_of_rows_and_kinds_changes_nothing():
    rows = people(1200, follow=True)
    expected = find_repeats(RecordTable.of(rows), KINDS)
    random.Random(2).shuffle(rows)
    assert find_repeats(RecordTable.of(rows), dict(reversed(KINDS.items()))) == expected


def test_what_repeats_is_silent_and_what_does_not_speaks_for_itself():
    def silence(repeats):
        return {one.name: dict(one.silent_when) for one in told_once(DEFAULT, repeats, KINDS)}

    independent = silence(())
    assert {name for name, others in independent.items() if others} == {"last_name"}
    assert {"postcode", "city"} <= set(independent)
    known = silence((("postcode", "city"), ("street", "city"), ("street", "postcode")))
    assert known == {one.name: dict(one.silent_when) for one in DEFAULT}
    more = silence((("city", "region"), ("first_name", "gender"), ("postcode", "city"), ("postcode", "region")))
    assert more["place"] == {}
    assert more["region"] == {"place": ("city", "postcode")}
    assert more["gender"] == {"first_name": ("exact",)}
    assert silence((("street", "city"),))["city"] == {"street": ("exact", "alike")}


@pytest.fixture(scope="module")
def resolved():
    return omniid.resolve(people(700, follow=True, copies=300))


def test_a_model_keeps_what_repeats_what(resolved, tmp_path):
    model = resolved.model
    assert ("postcode", "city") in model.repeats
    model.save(tmp_path / "model.json")
    again = Model.load(tmp_path / "model.json")
    assert again.repeats == model.repeats
    few = omniid.resolve(people(40, follow=False, seed=9), resolved.spec, model=again)
    assert few.parts.plan.comparisons == resolved.parts.plan.comparisons


def test_a_repeated_field_is_missing_where_its_agreement_is_told(resolved):
    left, right = (rows.ravel().astype(np.int32) for rows in np.triu_indices(1000, 1))
    plan = resolved.parts.plan
    levels = compare_rows(resolved.parts.evidence, left, right, plan.comparisons)
    at = {one.name: column for column, one in enumerate(plan.comparisons)}
    told = levels[:, at["place"]] == 3
    assert told.any()
    assert np.all(levels[told, at["region"]] == -1)
    assert np.any(levels[~told, at["region"]] == 2)
