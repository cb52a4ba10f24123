"""The stage: columns, displays and rejects stay aligned with raw, and equal the scalar functions row by row."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid.normalization as n
from omniid.errors import SpecError
from omniid.tables import NO_TIME, Column, FieldPlan, RecordTable

CELLS = {
    "email": ["a.b@gmail.com", "ab@gmail.com", "A@x.com", "a@x.com", "nope", "x1@privaterelay.appleid.com", "n/a", None, ""],
    "phone": ["8 (916) 200-00-01", "+79162000001", "501 234 567", "12345", "9162000001", None, "-"],
    "first": ["Anna", "анна", "Anna Kuznetsova", "Анна Сергеевна", "Test", "Dr. Jan", "Łukasz Jr", None],
    "last": ["Kuznetsova", "Кузнецова", "Smith Jr.", "van Dyk", "123", None, None],
    "full": ["Кузнецова Анна Сергеевна", "John Smith", "Cher", "guest", None, None],
    "born": ["03/04/1990", "12/25/1990", "25/12/1990", "1990-04-03", "31/02/1990", "1990", None],
    "year": ["1990", "71", "0", None],
    "month": ["4", "June", "13", None],
    "day": ["3", "31", None],
    "street": ["Main Street 12", "12 Main St. Apt 4", "Main St", "!", None],
    "house": ["12", "5 a", None],
    "address": ["12 Main St, Apt 4, Springfield, 62704, USA", "ул. Ленина, 5", None],
    "card": ["00-12 3", "0", "ab_c", None],
    "sex": ["M", "женский", "?", None],
    "note": ["Crème", "!", None],
    "tag": [" Gold ", "N/A", None],
    "seen": ["2024-05-06", "1714979289", "03/04/2024 10:00", "never", None],
}
PLAN = [
    FieldPlan("email", {"email": "email"}),
    FieldPlan("phone", {"phone": "phone"}, {"crm": "RU", "web": "PL"}),
    FieldPlan("person_name", {"first": "first", "last": "last", "full": "full"}),
    FieldPlan("date", {"date": "born", "year": "year", "month": "month", "day": "day"}, {"web": "US"}),
    FieldPlan("address", {"street": "street", "house_number": "house", "full": "address"}),
    FieldPlan("identifier", {"identifier": "card"}),
    FieldPlan("category", {"category": "sex"}),
    FieldPlan("text", {"text": "note"}),
    FieldPlan("attribute", {"attribute": "tag"}),
    FieldPlan("time", {"time": "seen"}),
]
SCALARS = {"card": n.normalize_identifier, "sex": n.normalize_category, "note": n.normalize_text, "tag": n.normalize_attribute}


def cells(name):
    one = st.sampled_from(CELLS[name])
    return st.one_of(one, st.lists(one, max_size=3)) if name in ("email", "phone", "card", "first", "full", "street") else one


rows = st.fixed_dictionaries({"source": st.sampled_from(["crm", "web", "shop"])} | {name: cells(name) for name in CELLS})


def table_of(drawn):
    return RecordTable.of([{"record_id": f"{at:03d}", **row} for at, row in enumerate(drawn)]) if drawn else RecordTable.of([])


def entries(column):
    return [column.entries_of(row) for row in range(column.n_rows)]


def same_layout(one, other):
    if one.offsets is None or other.offsets is None:
        return one.offsets is None and other.offsets is None and len(one.codes) == len(other.codes)
    return one.offsets.tolist() == other.offsets.tolist()


@settings(max_examples=settings().max_examples // 2)  # a whole plan over several rows each time
@given(st.lists(rows, min_size=1, max_size=8))
def test_columns_and_displays_are_aligned_with_raw_and_minimal(drawn):
    before = table_of(drawn)
    after = n.normalize(before, PLAN)
    assert after.sources == before.sources
    assert after.record_id.equals(before.record_id)
    for name, column in after.columns.items():
        assert same_layout(column, after.raw[name])
        assert same_layout(column, after.display[name])
        assert ((column.codes >= 0) == (after.display[name].codes >= 0)).all()
        assert (after.raw[name].codes[column.codes >= 0] >= 0).all()
        for part in (column, after.display[name]):
            words = part.vocabulary.to_pylist()
            assert words == sorted(set(words))
            assert sorted(set(part.codes[part.codes >= 0].tolist())) == list(range(len(words)))
            assert "" not in words
            assert part.codes.dtype == np.int32
    rejected = {(r["source"], r["record_id"], r["field"], r["value"]) for r in after.rejects.to_pylist()}
    for name in before.raw:  # what came is kept, or made way for a better value and stands in the rejects
        for row in range(len(before)):
            kept = after.raw[name].entries_of(row)
            for value in filter(None, before.raw[name].entries_of(row)):
                assert value in kept or (*before.key(row), name, value) in rejected or n.is_missing(value)


@settings(max_examples=settings().max_examples // 2)  # a whole plan over several rows each time
@given(st.lists(rows, min_size=1, max_size=8))
def test_the_stage_equals_the_scalar_functions_row_by_row(drawn):
    before = table_of(drawn)
    after = n.normalize(before, PLAN)
    regions = PLAN[1].regions
    for row in range(len(before)):
        source = before.key(row)[0]
        for name, scalar in SCALARS.items():
            wanted = [None if value is None else scalar(value).value for value in before.raw[name].entries_of(row)]
            assert after.columns[name].entries_of(row) == wanted
        phones = [n.normalize_phone(value, regions.get(source)).value for value in before.raw["phone"].entries_of(row)]
        assert after.columns["phone"].entries_of(row) == phones
        mails = [n.normalize_email(value).value for value in before.raw["email"].entries_of(row)]
        assert after.columns["email"].entries_of(row) == [None if mail and n.masked_reason(mail) else mail for mail in mails]
        (born,) = before.raw["born"].entries_of(row)
        if n.normalize_date(born).value:
            mine = [r["born"] for r in drawn if r["source"] == source]
            order = n.date_order(sorted({v for v in mine if v}), region=PLAN[3].regions.get(source))
            assert after.columns["born"].entries_of(row) == [n.normalize_date(born, order.for_value(born)).value]


@settings(max_examples=settings().max_examples // 2)  # a whole plan over several rows each time
@given(st.lists(rows, min_size=1, max_size=8))
def test_every_unusable_entry_is_rejected_once_per_record(drawn):
    before = table_of(drawn)
    rejects = n.normalize(before, PLAN).rejects
    for name, scalar in {**SCALARS, "email": n.normalize_email}.items():
        wanted = sorted(
            (*before.key(row), value, scalar(value).reason)
            for row in range(len(before))
            for value in before.raw[name].entries_of(row)
            if value is not None and scalar(value).reason
        )
        found = sorted(
            (r["source"], r["record_id"], r["value"], r["reason"]) for r in rejects.to_pylist() if r["field"] == name
        )
        assert found == wanted


@settings(max_examples=settings().max_examples // 2)  # a whole plan over several rows each time
@given(st.lists(rows, min_size=2, max_size=6), st.randoms())
def test_the_order_of_vocabularies_changes_nothing(drawn, draw):
    before = table_of(drawn)

    def shuffled(column):
        order = list(range(len(column.vocabulary)))
        draw.shuffle(order)
        place = np.append(np.argsort(order).astype(np.int32), np.int32(-1)) if order else np.array([-1], np.int32)
        return Column(place[column.codes], column.vocabulary.take(pa.array(order, pa.int64())), column.offsets)

    other = dataclasses.replace(before, raw={name: shuffled(column) for name, column in before.raw.items()})
    one, two = n.normalize(before, PLAN), n.normalize(other, PLAN)
    assert list(one.columns) == list(two.columns)
    for name in one.columns:
        assert one.columns[name].codes.tolist() == two.columns[name].codes.tolist()
        assert one.columns[name].vocabulary.equals(two.columns[name].vocabulary)
        assert one.display[name].vocabulary.equals(two.display[name].vocabulary)
    assert one.rejects.equals(two.rejects)
    assert one.time.tolist() == two.time.tolist()


def run(records, *plan):
    return n.normalize(RecordTable.of([{"record_id": str(at), **record} for at, record in enumerate(records)]), plan)


def column(table, name):
    return [value for row in entries(table.columns[name]) for value in row]


def test_masked_addresses_are_kept_apart_and_are_no_rejects():
    table = run(
        [{"mail": ["a@x.com", "q@privaterelay.appleid.com"]}, {"mail": ["a@x.com"]}], FieldPlan("email", {"email": "mail"})
    )
    assert entries(table.columns["mail"]) == [["a@x.com", None], ["a@x.com"]]
    assert entries(table.columns["masked_mail"]) == [[None, "q@privaterelay.appleid.com"], [None]]
    assert entries(table.raw["masked_mail"]) == [[None, "q@privaterelay.appleid.com"], [None]]
    assert entries(table.raw["mail"]) == [["a@x.com", "q@privaterelay.appleid.com"], ["a@x.com"]]
    assert table.rejects.num_rows == 0


def test_phones_are_read_in_the_region_of_their_source():
    plan = FieldPlan("phone", {"phone": "phone"}, {"crm": "RU", "web": "PL"})
    table = run([{"source": s, "phone": "501234567"} for s in ("crm", "shop", "web")], plan)
    assert column(table, "phone") == ["501234567", "501234567", "+48501234567"]


def test_scripts_of_one_name_meet():
    plan = FieldPlan("person_name", {"first": "first", "last": "last", "full": "full"})
    table = run(
        [{"full": "Анна Кузнецова"}, {"first": "Anna", "last": "Kuznetsova"}, {"first": "Łukasz"}, {"first": "Lukasz"}], plan
    )
    assert column(table, "first") == ["anna", "anna", "lukasz", "lukasz"]
    assert column(table, "last") == ["kuznetsova", "kuznetsova", None, None]
    assert entries(table.display["first"])[0] == ["Анна"]
    assert entries(table.raw["first"])[0] == ["Анна Кузнецова"]


def test_a_whole_name_in_the_first_name_is_split_only_where_the_last_name_is_missing():
    plan = FieldPlan("person_name", {"first": "first", "last": "last"})
    records = [
        {"first": "Anna Kuznetsova"},
        {"first": "Anna Maria", "last": "Rossi"},
        {"first": "Анна Сергеевна", "last": "Ким"},
    ]
    table = run(records, plan)
    assert column(table, "first") == ["anna", "anna maria", "anna"]
    assert column(table, "last") == ["kuznetsova", "rossi", "kim"]
    assert column(table, "middle_name") == [None, None, "sergeevna"]
    assert entries(table.raw["middle_name"]) == [[None], [None], ["Анна Сергеевна"]]


def test_a_first_name_alone_is_never_split():
    table = run([{"first": "Anna Maria"}], FieldPlan("person_name", {"first": "first"}))
    assert column(table, "first") == ["anna maria"]
    assert set(table.columns) == {"first"}


def test_suffixes_have_a_column_wherever_they_were_written():
    plan = FieldPlan("person_name", {"first": "first", "last": "last", "suffix": "suffix"})
    records = [
        {"first": "John", "last": "Smith Jr."},
        {"first": "John", "last": "Smith", "suffix": "Junior"},
        {"first": "John", "last": "Smith"},
    ]
    table = run(records, plan)
    assert column(table, "suffix") == ["jr", "jr", None]
    assert column(table, "last") == ["smith"] * 3


def test_columns_of_different_layout_are_padded_to_one():
    plan = FieldPlan("person_name", {"first": "first", "last": "last"})
    table = run([{"first": ["Anna", "Ania"], "last": "Nowak"}, {"first": [], "last": "Kim"}], plan)
    assert entries(table.columns["first"]) == [["anna", "ania"], [None]]
    assert entries(table.columns["last"]) == [["nowak", None], ["kim"]]


def test_the_day_comes_first_or_not_by_column_and_source():
    plan = FieldPlan("date", {"date": "born"})
    records = [{"source": "eu", "born": v} for v in ("03/04/1990", "25/12/1990")] + [
        {"source": "us", "born": v} for v in ("03/04/1990", "12/25/1990")
    ]
    assert column(run(records, plan), "born") == ["1990-04-03", "1990-12-25", "1990-03-04", "1990-12-25"]
    declared = FieldPlan("date", {"date": "born"}, {"us": "US"})
    assert column(run([{"source": s, "born": "03/04/1990"} for s in ("eu", "us")], declared), "born") == [
        "1990-04-03",
        "1990-03-04",
    ]


def test_contradicting_dates_follow_the_majority_and_dots_are_read_apart():
    order = n.date_order(["25/12/1990", "26/12/1990", "12/25/1990", "03.25.1990"])
    assert (order.order, order.dotted) == ("day-first", "month-first")
    assert "2 values can only be day first, 1 only month first" in order.reason


def test_1970_is_a_stop_value_only_where_it_is_suspiciously_frequent():
    plan = FieldPlan("date", {"date": "born"})
    often = [{"born": "1970-01-01"}] * 8 + [{"born": f"1980-01-{day:02d}"} for day in range(1, 29)]
    table = run(often, plan)
    assert "1970-01-01" not in table.columns["born"].vocabulary.to_pylist()
    assert set(table.rejects["reason"].to_pylist()) == {"stop value: 1970-01-01 stands in 8 of 36 dates of records"}
    once = [{"born": "1970-01-01"}] + [{"born": f"1980-01-{day:02d}"} for day in range(1, 29)]
    assert run(once, plan).columns["born"].codes.min() == 0


def test_year_month_and_day_columns_make_a_date():
    plan = FieldPlan("date", {"year": "y", "month": "m", "day": "d"})
    records = [
        {"y": "1971", "m": "6", "d": "24"},
        {"y": "1971", "m": "июнь"},
        {"y": "71", "m": "2", "d": "31"},
        {"y": "1971", "m": "14", "d": "24"},
        {"y": "1971", "m": "0", "d": "24"},
        {"y": "1971", "m": "14", "d": "77"},
        {"m": "6", "d": "1"},
        {},
    ]
    table = run(records, plan)
    assert column(table, "birth_date") == ["1971-06-24", "1971-06", "1971-02", "1971", "1971", None, None, None]
    assert sorted(table.rejects["reason"].to_pylist()) == [
        "impossible date: 1971-14-77",
        "impossible day: 71-2-31, kept as 1971-02",
        "impossible month: 1971-0-24, kept as 1971",
        "impossible month: 1971-14-24, kept as 1971",
        "no year: 6-1",
    ]

    assert entries(table.raw["birth_date"])[0] == ["1971-6-24"]


def test_eight_digits_without_a_month_are_no_date():
    table = run(
        [{"born": value} for value in ("19711345", "31132024", "19710231", "31021990", "99999999", "19711031")],
        FieldPlan("date", {"date": "born"}),
    )
    assert column(table, "born") == [None, None, "1971-02", "1990-02", None, "1971-10-31"]


def test_event_times_fill_the_table_and_are_no_column():
    table = run(
        [{"seen": ["1970-01-01T00:00:01Z", "1970-01-01T00:00:05Z"]}, {"seen": ["soon"]}], FieldPlan("time", {"time": "seen"})
    )
    assert table.time.tolist() == [5_000_000, NO_TIME]
    assert "seen" not in table.columns
    assert table.display["seen"].entries_of(0) == ["1970-01-01T00:00:01Z", "1970-01-01T00:00:05Z"]
    assert table.rejects["value"].to_pylist() == ["soon"]


def test_a_house_number_of_its_own_meets_one_in_the_street():
    plan = FieldPlan("address", {"street": "street", "house_number": "no"})
    table = run(
        [{"street": "Main Street", "no": "12"}, {"street": "12 Main St."}, {"street": "Main St 12 apt 4", "no": "12"}], plan
    )
    assert column(table, "street") == ["12 main st"] * 3
    assert column(table, "unit") == [None, None, "4"]


def test_a_whole_address_fills_what_is_missing():
    plan = FieldPlan("address", {"full": "address", "city": "city"})
    table = run(
        [{"address": "12 Main St, Springfield, 62704, USA", "city": "Shelbyville"}, {"address": "Main St 12", "city": None}],
        plan,
    )
    assert column(table, "street") == ["12 main st", "12 main st"]
    assert column(table, "city") == ["shelbyville", None]
    assert column(table, "postcode") == ["62704", None]
    assert column(table, "country") == ["US", None]


def test_two_name_fields_do_not_write_into_one_another():
    plans = (FieldPlan("person_name", {"full": "name"}), FieldPlan("person_name", {"full": "spouse"}))
    table = run([{"name": "Anna Nowak", "spouse": "Jan Nowak"}], *plans)
    assert column(table, "first_name") == ["anna"]
    assert column(table, "spouse_first_name") == ["jan"]


def test_bad_cells_become_rejects_and_nothing_else_is_lost():
    huge, dirty = "x" * 10_000_000, "An\x00na\u202e"
    table = run(
        [{"first": huge, "mail": "a@x.com"}, {"first": dirty, "mail": huge}],
        FieldPlan("person_name", {"first": "first"}),
        FieldPlan("email", {"email": "mail"}),
    )
    assert column(table, "first") == [None, "anna"]
    assert column(table, "mail") == ["a@x.com", None]
    for reject in table.rejects.to_pylist():
        assert "10000000 characters" in reject["reason"]
        assert len(reject["value"]) < 120


def test_a_column_that_is_missing_throughout_stays_so():
    plan = [FieldPlan("email", {"email": "mail"}), FieldPlan("date", {"date": "born"}), FieldPlan("phone", {"phone": "tel"})]
    table = n.normalize(RecordTable.of([{"record_id": "1", "mail": None, "born": "N/A"}]), plan)
    assert [column(table, name) for name in ("mail", "born", "tel")] == [[None]] * 3
    assert table.rejects.num_rows == 0


def test_a_table_without_records_is_normalised():
    table = n.normalize(RecordTable.of([]), PLAN)
    assert len(table) == 0
    assert all(column.n_rows == 0 for column in table.columns.values())


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ([FieldPlan("fax", {"fax": "x"})], "kind 'fax' is unknown"),
        ([FieldPlan("email", {"mail": "x"})], "no role 'mail'; use email"),
        ([FieldPlan("email", {})], "names no column"),
        ([FieldPlan("text", {"text": "x"}), FieldPlan("text", {"text": "x"})], "two fields write the column 'x'"),
    ],
)
def test_a_wrong_plan_is_refused(plan, words):
    with pytest.raises(SpecError, match=words):
        n.normalize(RecordTable.of([{"record_id": "1", "x": "y"}]), plan)


def test_dates_are_read_as_the_fit_read_them():
    rows = [{"record_id": f"{at:02}", "source": "us", "born": f"2/{at}/1971"} for at in range(1, 25)]
    rows += [
        {"record_id": f"{at:02}", "source": "old", "born": "1970-01-01" if at % 2 else f"1960-02-{at}"} for at in range(10, 25)
    ]
    table, plan = RecordTable.of(rows), FieldPlan("date", {"date": "born"})
    chosen = n.choose_dates(table, [plan, FieldPlan("time", {"time": "seen"})])
    assert chosen == {"born": {"old": ("day-first", "day-first", True), "us": ("month-first", "day-first", False)}}
    frozen = dataclasses.replace(plan, dates=chosen["born"])
    whole, again = n.normalize(table, [plan]), n.normalize(table, [frozen])
    assert whole.columns["born"].vocabulary.equals(again.columns["born"].vocabulary)
    few = RecordTable.of([rows[0], rows[25], {"record_id": "1", "source": "new", "born": "1970-01-01"}])
    read = n.normalize(few, [frozen])
    assert {read.key(at)[0]: read.columns["born"].entries_of(at)[0] for at in range(3)} == {
        "us": "1971-02-01",
        "old": None,
        "new": "1970-01-01",
    }
    assert read.rejects["reason"].to_pylist() == ["stop value: 1970-01-01 is a default of old"]
    assert n.normalize(few, [plan]).columns["born"].entries_of(2) == ["1971-01-02"]  # alone, nothing says month first
