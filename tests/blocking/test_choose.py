"""Rules chosen from counts: within the budget, contact rules always, never none, independent of order."""

import random
import time
import tracemalloc

import numpy as np
import pytest

from omniid.blocking import all_pairs, audit, block_on, choose_rules, one_edit, plan_blocks
from omniid.errors import SpecError
from omniid.tables import Column, RecordTable, no_rejects

KINDS = {name: name for name in ("email", "phone", "first_name", "last_name", "birth_date", "street", "postcode", "city")}


def crowd(n, seed=1):
    draw = random.Random(seed)
    names = [a + b for a in ("an", "mar", "jo", "ka", "el") for b in ("na", "ia", "se", "rin", "sa", "lo")]
    rows = []
    for number in range(n):
        rows.append(
            {
                "record_id": f"{number:05}",
                "email": f"{draw.choice(names)}.{draw.randrange(n // 2)}@mail.com",
                "phone": [f"+4479{draw.randrange(n // 2):08}"] * draw.choice([0, 1, 1]),
                "first_name": draw.choice([*names, None]),
                "last_name": draw.choice(names) + draw.choice(names),
                "birth_date": f"{1940 + draw.randrange(60)}-{1 + draw.randrange(12):02}-{1 + draw.randrange(28):02}",
                "street": f"{draw.randrange(99)} {draw.choice(names)} st",
                "postcode": f"ab{draw.randrange(99)}",
                "city": draw.choice(["york", "bath", "leeds"]),
            }
        )
    return rows


def test_contacts_come_first_then_cheap_to_dear_then_typing_errors():
    table = RecordTable.of(crowd(2000))
    rules = choose_rules(table, KINDS)
    assert {rules[0], rules[1]} == {block_on("email"), block_on("phone")}
    assert rules[-2:] == (one_edit("email"), one_edit("phone"))
    plan = plan_blocks(table, rules).rules
    middle = plan[2:-2]
    assert sum(rule.pairs for rule in middle) <= 25 * 2000
    whole = [rule.pairs for rule in middle if not rule.oversized]
    assert whole == sorted(whole)
    assert len(middle) >= 6


def test_a_smaller_budget_takes_fewer_rules_but_keeps_contacts():
    table = RecordTable.of(crowd(1500))
    rich, poor, none = (choose_rules(table, KINDS, pairs_per_record=budget) for budget in (25, 2, 0))
    assert len(rich) > len(poor) > len(none)
    assert set(none) == {block_on("email"), block_on("phone"), one_edit("email"), one_edit("phone")}


def test_the_choice_does_not_depend_on_order():
    rows = crowd(700)
    expected = choose_rules(RecordTable.of(rows), KINDS)
    random.Random(3).shuffle(rows)
    assert choose_rules(RecordTable.of(rows), dict(reversed(KINDS.items()))) == expected


@pytest.mark.parametrize(
    "kinds",
    [
        {"first_name": "first_name", "last_name": "last_name"},
        {"last_name": "last_name"},
        {"city": "category"},
        {"city": "city"},
        {"street": "street"},
        {"birth_date": "birth_date"},
        {"email": "email"},
        {"phone": "device"},
        {"first_name": "first_name", "city": "city"},
        {"postcode": "something else"},
    ],
    ids=str,
)
def test_few_fields_still_get_rules_that_find_pairs(kinds):
    table = RecordTable.of(crowd(900))
    rules = choose_rules(table, kinds)
    plan = plan_blocks(table, rules)
    assert plan.pairs > 0
    assert plan.pairs < 100 * 900


def test_nothing_in_common_still_gives_a_rule():
    unique = RecordTable.of([{"record_id": str(i), "note": f"note {i}"} for i in range(600)])
    assert len(choose_rules(unique, {"note": "text"})) == 1
    empty = RecordTable.of([{"record_id": str(i), "note": None} for i in range(600)])
    assert len(choose_rules(empty, {"note": "text"})) == 1


def test_a_million_pairs_in_one_block_are_refined_or_left_but_not_made():
    table = RecordTable.of([{"record_id": f"{i:05}", "city": "york", "email": "a@b.com"} for i in range(3000)])
    plan = plan_blocks(table, choose_rules(table, {"city": "city", "email": "email"}))
    assert 0 < plan.pairs < 100_000
    assert plan.rules[0].left_out > 4_000_000


def test_a_tiny_table_gets_all_its_pairs():
    assert choose_rules(RecordTable.of(crowd(500)), KINDS) == (all_pairs(),)


def test_a_rule_that_another_covers_is_not_taken():
    names = [str(rule) for rule in choose_rules(RecordTable.of(crowd(2000)), KINDS)]
    assert "birth_date" in names
    assert not [name for name in names if name.startswith("birth_date &") or name.endswith("& birth_date")]


def test_no_field_is_an_error_that_lists_the_fields():
    with pytest.raises(SpecError, match=r"none has normal forms; there are: city"):
        choose_rules(RecordTable.of([{"record_id": "1", "city": "york"}]), {"mail": "email"})


@pytest.fixture
def every_table_is_large(monkeypatch):
    monkeypatch.setattr("omniid.blocking.choose.LARGE", 1)
    monkeypatch.setattr("omniid.blocking.choose.ENOUGH", 100)


@pytest.mark.usefixtures("every_table_is_large")
def test_pairs_per_record_stay_where_blocks_grow():
    per_record = []
    for n in (1000, 8000):
        rows = crowd(n)
        for row in rows:
            row["email"], row["birth_date"] = f"{row['first_name']}.{hash_of(row) % (n // 2)}@mail.com", None
        table = RecordTable.of(rows)
        plan = plan_blocks(table, choose_rules(table, KINDS, pairs_per_record=5))
        chosen = [rule for rule in plan.rules if rule.name not in KINDS and not rule.name.startswith("one_edit")]
        assert chosen
        per_record.append(sum(rule.pairs for rule in chosen) / n)
    assert max(per_record) <= 5


def hash_of(row):
    return sum(map(ord, row["record_id"] + row["last_name"])) * 7919


@pytest.mark.usefixtures("every_table_is_large")
def test_the_choice_of_useful_rules_does_not_depend_on_order():
    rows = crowd(1500)
    expected = choose_rules(RecordTable.of(rows), KINDS)
    assert not [rule for rule in expected if rule.name == "year(birth_date)"]
    random.Random(3).shuffle(rows)
    assert choose_rules(RecordTable.of(rows), dict(reversed(KINDS.items()))) == expected


def shared_values(n, **columns):
    """A table of `n` records without a Python object per record: field → code per record."""
    made = {
        name: Column(codes.astype(np.int32), Column.of([f"{name} {code}" for code in range(int(codes.max()) + 1)]).vocabulary)
        for name, codes in columns.items()
    }
    ids = RecordTable.of([{"record_id": "1"}]).record_id
    return RecordTable(("s",), np.zeros(n, np.int32), ids, made, made, made, np.zeros(n, np.int64), no_rejects())


@pytest.mark.parametrize("fields", [["city"], ["email"], ["first_name", "last_name", "email", "city"]], ids=str)
def test_one_huge_shared_value_is_planned_in_seconds_and_little_memory(fields):
    n = 100_000
    table = shared_values(n, **{name: np.zeros(n) for name in fields})
    tracemalloc.start()
    began = time.process_time()
    plan = plan_blocks(table, choose_rules(table, {name: name for name in fields}))
    assert time.process_time() - began < 10
    assert tracemalloc.get_traced_memory()[1] < 60_000_000  # 600 bytes a record
    tracemalloc.stop()
    assert n <= plan.pairs < 60 * n
    assert sum(rule.left_out for rule in plan.rules) > n * n // 3


def test_records_whose_names_say_nothing_meet_by_the_rest():
    draw = random.Random(4)
    jobs, lands, towns = ([f"{kind}{number}" for number in range(60)] for kind in ("job", "land", "town"))
    rows = crowd(1500)
    for row in rows:
        row |= {"job": draw.choice(jobs), "land": draw.choice(lands), "town": draw.choice(towns)}
    for number, row in enumerate(
        rows[:30]
    ):  # a copy without contacts, both names beyond recognition, one digit of the year off
        day = f"{int(row['birth_date'][:4]) + 1}{row['birth_date'][4:]}"
        rows.append(
            row | {"record_id": f"copy{number:02}", "email": None, "phone": [], "first_name": "xqzw", "birth_date": day}
        )
        rows[-1] |= {"last_name": "wvzx", "street": None}
    table = RecordTable.of(rows)
    wanted = np.array([[number, 1500 + number] for number in range(30)])
    told = KINDS | dict.fromkeys(("job", "land", "town"), "category")
    assert audit(table, choose_rules(table, told), wanted).found == 30
    undated = {name: kind for name, kind in told.items() if name != "birth_date"}
    assert audit(table, choose_rules(table, undated), wanted).found == 30


def test_the_most_telling_categories_make_rules_whatever_they_are_called():
    draw = random.Random(5)
    rows = [
        row | {name: f"{draw.randrange(top)}" for name, top in (("a", 97), ("b", 89), ("c", 2), ("d", 83))}
        for row in crowd(900)
    ]
    names = {str(rule) for rule in choose_rules(RecordTable.of(rows), KINDS | dict.fromkeys("abcd", "category"))}
    assert {"a & b", "a & d", "b & d"} <= names
    assert not names & {"a & c", "b & c", "c & d"}
