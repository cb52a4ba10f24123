"""Dates and times in digits, read all at once, against the scalar functions on every value."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.normalization import date_order, normalize, normalize_date, normalize_time, spelled_dates
from omniid.normalization.day_order import order_votes
from omniid.normalization.numeric_times import ISO, ORDERED, UNREAD, iso_days, iso_times, read_written
from omniid.normalization.spelled_dates import add_spelled
from omniid.tables import NO_TIME, FieldPlan, RecordTable

DATES = [
    "2018-01-01",
    "1999-02-29",
    "2000-02-29",
    "1900-02-29",
    "1850-01-01",
    "1849-12-31",
    "2100-12-31",
    "2101-01-01",
    "1900-01-01",
    "1899-12-31",
    "2099-12-31",
    "0001-01-01",
    "9999-12-31",
    "1971-13-05",
    "1971-05-13",
    "1971-24-04",
    "1971-00-00",
    "1971-04-00",
    "24.06.1971",
    "06/24/1971",
    "06-24-1971",
    "31/02/1971",
    "12.12.2012",
    "13.13.2013",
    "00.01.1990",
    "01.01.1900",
    "31.12.1899",
    "01/01.1990",
    "1.1.1990",
    "01.01.90",
    "2018/01/01",
    "2018.01.01",
    "٠١.٠١.٢٠١٨",
    "19710624",
    "1971",
    "24061971",
    "19712406",
    "19000101",
    "18991231",
    "20990229",
    "6/24/71",
    "24.6.26",
    "24.6.27",
    "1.2.1990",
    "1/2/90",
    "1-2-90",
    "1971/6/24",
    "1971.6.4",
    "1971/24/6",
    "1971-6/24",
    "1/2-1990",
    "1/2.1990",
    "1.2/1990",
    "0/2/1990",
    "1/2/199",
    "1/2/3",
    "12/13/14",
    "99/1/2",
    "1900/1/1",
]
NAMED = """
24 June 1971|June 24, 1971|June 24th, 1971|24-Jun-71|24-jun-1971|1971 June 24|1971-Jun-24|24 июня 1971 г.
24 de junio de 1971|Thu, 24 June 1971|Thursday 24th of June, 1971|24 czerwca 1971 r.|24.czerwca.1971|24June1971
24 June1971|June24 1971|24 June '71|31 June 1971|0 June 1971|00 June 1971|24 June 7|24 June 07|24 June 26
24 June 27|7 June 24|1971 June 7|1971 June|June 1971|24 June|24 Juneish 1971|24 Foo 1971|24 1971|24-1971|6.1971
24  June   1971| 24 June 1971 |24\u00a0June 1971|24\tJune\t1971|24\u200bJune 1971|1 января 1900|1 Jan 1900
31 Dec 2099|31 dec 1899|1st jan 2101|29 feb 1999|29 feb 2000|٢٤ June 1971|24 ٣ June 1971|٣ June 24 1971
2024年June24|24 June 1971年|1971年6月24日|1971年24日|２４ June 1971|24 ㋀ 1971|24 Ｊｕｎｅ 1971|24 giugno² 1971|24 ½ June 1971
24 June, 1971.|24 June 1971 AD|24 Jun Jun 1971|24 Jun May 1971|y2k 24 June 1971|24 June 19711|124 June 1971
24 June 197|24:June:1971|24 June 1971 10:00|μάιος 24 1971|24 Μαΐου 1971|24 juin\u0301 1971|24\u0301 June 1971
24er mai 1971|24ª junio 1971|1st May 05|May 1, 05|mon tue 1 2
"""
named = [text for line in NAMED.strip("\n").split("\n") for text in line.split("|")]
CLOCKS = [
    "10:00",
    "23:59",
    "24:00",
    "00:00:00",
    "23:59:59",
    "23:59:60",
    "10:00:00.123",
    "10:00:00.000",
    "10:00:00.123456",
    "10:00:00,123",
    "10:00:00.1",
    "10:60",
    "1:05",
    "10:00pm",
    "25:00:00",
]
EARLIEST, LATEST = (np.datetime64(day, "us").item() for day in ("1850-01-01", "2100-12-31"))
ZONES = ["", "Z", "+02:00", "-11:30", "+14:59", "+15:00", "+23:59", "+24:00", "+0200", "+10:75", "UTC", "z"]
COUNTS = [
    "1714979289",
    "1714979289000",
    "1714979289123",
    "0000000000",
    "9999999999",
    "4133980800000",
    "171497928",
    "17149792890",
]
clocked = st.builds(
    "".join,
    st.tuples(st.sampled_from(DATES), st.sampled_from(["T", " ", ", ", "  "]), st.sampled_from(CLOCKS), st.sampled_from(ZONES)),
)
WORDS = [
    "june",
    "Jun.",
    "of",
    "th",
    "июня",
    "de",
    "May",
    "the",
    "mon",
    "г.",
    "x",
    "'",
    ":",
    "24",
    "7",
    "1971",
    "71",
    "00",
    "3rd",
]
WORDS += ["٣", "½", "年", "㋀"]
spelled = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", "-", ".", "/", ", ", ""])), max_size=6).map(
    lambda parts: "".join(part for pair in parts for part in pair)
)
plain = st.one_of(
    st.sampled_from(DATES),
    st.sampled_from(named),
    spelled,
    st.from_regex(r"[0-9]{1,4}([./-])[0-9]{1,2}[./-][0-9]{1,4}", fullmatch=True),
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    clocked,
    st.sampled_from(COUNTS),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{2}([./-])[0-9]{2}\1[0-9]{4}", fullmatch=True),
    st.text(max_size=12),
)
values = st.builds(
    "".join, st.tuples(st.sampled_from(["", " ", "\t", "\u200b"]), plain, st.sampled_from(["", " ", "\xa0"]))
).filter(lambda text: text.encode("utf-8", "ignore").decode() == text)


@pytest.fixture(autouse=True, scope="module")
def frames_of_any_number():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spelled_dates, "FEWEST", 1)
        yield


def table_of(cells, kind):
    table = RecordTable.of([{"record_id": f"{at:03d}", "source": "ab"[at % 2], "when": cell} for at, cell in enumerate(cells)])
    return normalize(table, [FieldPlan(kind, {kind: "when"}, {"b": "US"})]), table


@pytest.mark.parametrize(("kind", "scalar"), [("date", normalize_date), ("time", normalize_time)])
@given(cells=st.lists(values, min_size=1, max_size=12))
@example(cells=[date + gap + clock + zone for date in DATES for gap in "T " for clock in CLOCKS for zone in ZONES])
@example(cells=[*DATES, *COUNTS])
@example(cells=named)
@example(cells=["June 24, 1971", " " * 99 + "June 24, 1971", "1/2/1990" + " " * 99, "1990-02-01" + " " * 99])
@example(cells=["01-02-2018 10:00:00.123", "13.02.2018", "01/13/2018", "01/02/2018 10:00:00.123"] * 2)
def test_columns_of_dates_equal_the_scalar_functions(kind, scalar, cells):
    after, before = table_of(cells, kind)
    raw, shown = before.raw["when"], after.display["when"]
    orders = {}
    for source in range(len(before.sources)):
        mine = raw.codes[(before.source == source) & (raw.codes >= 0)]
        orders[source] = date_order(
            [raw.vocabulary[int(code)].as_py() for code in set(mine.tolist())], region=(None, "US")[source]
        )
    reasons = dict(zip(after.rejects["record_id"].to_pylist(), after.rejects["reason"].to_pylist(), strict=True))
    for row in range(len(before)):
        value = raw.entries_of(row)[0]
        form = scalar(value, orders[int(before.source[row])].for_value(value)) if value is not None else scalar(None)
        record = before.key(row)[1]
        if "stop value: 1970-01-01" in (reasons.get(record) or ""):
            continue  # decided for the whole column
        assert shown.entries_of(row) == [form.display if form.value else None], value
        assert reasons.get(record) == form.reason, value
        if kind == "date":
            assert after.columns["when"].entries_of(row) == [form.value], value
        else:
            expected = NO_TIME if form.value is None else np.datetime64(form.value[:-1], "us").astype(np.int64)
            assert after.time[row] == expected, value


@given(st.lists(values, max_size=30))
@example([date + gap + clock for date in DATES for gap in "T " for clock in CLOCKS])
@example([*DATES, *named])
def test_votes_equal_those_counted_one_by_one(cells):
    values = pa.array(cells, pa.large_string())
    written = read_written(values)
    add_spelled(written, values)
    read = (written.layout == ORDERED) | (written.layout == ISO)
    ordered = [cell for cell, is_mine in zip(cells, read.tolist(), strict=True) if is_mine]
    assert written.votes(np.ones(len(cells), bool)) == order_votes(ordered)


def test_the_usual_layouts_are_read_at_once():
    usual = ["2018-01-01", "24.06.1971", "2018-01-01T10:00:00Z", "01.01.2018 10:00", "2018-01-01 10:00:00.123", "1714979289"]
    assert UNREAD not in read_written(pa.array(usual, pa.large_string())).layout


def test_usual_spellings_are_read_at_once():
    usual = pa.array(["19710624", "6/24/71", "1971/6/24", "1.2.1990", "June 24th, 1971", "24-Jun-71", "Thu, 24 июня 1971 г."])
    written = read_written(usual.cast(pa.large_string()))
    add_spelled(written, usual.cast(pa.large_string()))
    assert UNREAD not in written.layout
    assert [set(part.tolist()) for part in (written.year, written.one + written.two)] == [{1971, 1990}, {30, 3}]


@given(st.lists(st.datetimes(min_value=EARLIEST, max_value=LATEST)))
def test_moments_are_written_as_the_standard_library_writes_them(moments):
    micros = np.array(moments, "M8[us]").astype(np.int64)
    assert iso_times(micros).to_pylist() == [moment.isoformat() + "Z" for moment in moments]
    days = np.array(moments, "M8[D]").astype(np.int64)
    assert iso_days(days).to_pylist() == [moment.date().isoformat() for moment in moments]
