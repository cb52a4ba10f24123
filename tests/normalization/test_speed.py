"""Clocks on the normal forms of frequent kinds of values; how to run them stands in tests/kernel/test_speed.py."""

import random

import pytest

from omniid.normalization import normalize
from omniid.tables import FieldPlan, RecordTable

COUNT = 3_000
LATIN = [consonant + vowel for consonant in "bdfghklmnprst" for vowel in "aeiou"]
CYRILLIC = [consonant + vowel for consonant in "бдклнрст" for vowel in "аеиоу"]


def phone(draw):
    return f"+48 {draw.randrange(500, 520)} {draw.randrange(1000):03}-{draw.randrange(1000):03}"


def email(draw):
    return f"{draw.choice(LATIN).title()}.{draw.randrange(10**6)}@{draw.choice(['gmail.com', 'mail.ru', 'web.de'])}"


def name(draw):
    return "".join(draw.choices(draw.choice([LATIN, CYRILLIC]), k=3)).title()


def date(draw):
    return f"{draw.randrange(1, 29):02}.{draw.randrange(1, 13):02}.{draw.randrange(1950, 2005)}"


def street(draw):
    return f"{draw.randrange(1, 400)} {name(draw)} Street"


KINDS = {
    "phone": (phone, FieldPlan("phone", {"phone": "value"}, {"": "PL"})),
    "email": (email, FieldPlan("email", {"email": "value"})),
    "name": (name, FieldPlan("person_name", {"last": "value"})),
    "date": (date, FieldPlan("date", {"date": "value"})),
    "street": (street, FieldPlan("address", {"street": "value"})),
}


@pytest.mark.parametrize("kind", KINDS)
def test_normal_forms(benchmark, kind):
    make, plan = KINDS[kind]
    draw = random.Random(5)
    table = RecordTable.of({"record_id": f"{number:05}", "value": make(draw)} for number in range(COUNT))
    found = benchmark(normalize, table, [plan])
    assert (found.columns["value"].codes >= 0).all()
    again = normalize(found, [plan])
    assert again.columns["value"].entries_of(7) == found.columns["value"].entries_of(7)
