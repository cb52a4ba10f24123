"""Delimited text: every row is read or rejected with its line, and the fast reader agrees with the csv module."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.frames import read_inputs
from omniid.frames.delimited import read_delimited, sniff_delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("name;note\nAnna;one, two, three\n", ";"),
        ("name\tnote\nAnna\tone, two; three\n", "\t"),
        ("a|b|c\n1|2|3", "|"),
        ('"Nowak, Anna";"x"\n"Kos, Jan";"y"\n', ";"),
        ("id,emails\n1,a@x.com;b@x.com\n2,c@x.com;d@x.com\n", ","),
        ("alone\n1\n2\n", ","),
        ("", ","),
        ("a,b,c\n1,2,3\n4,5\n6,7,8\n", ","),
    ],
)
def test_the_delimiter_is_the_one_that_splits_rows_alike(text, delimiter):
    assert sniff_delimiter(text) == delimiter


def test_a_cut_off_last_row_does_not_count():
    assert sniff_delimiter("a;b\n1;2\n3,", is_whole=False) == ";"


def test_ragged_rows_are_rejected_with_their_lines_and_nothing_else_is_lost(tmp_path):
    path = tmp_path / "web.csv"
    path.write_bytes(b'id,name\n1,Anna\n2\n3,"two\nlines"\n\n4,a,b\n5,"x\ny",z\n6,Ola\n2\n')
    inputs = read_inputs(path)
    assert inputs.frames[0].table.to_pylist() == [
        {"id": "1", "name": "Anna"},
        {"id": "3", "name": "two\nlines"},
        {"id": "6", "name": "Ola"},
    ]
    assert [(row["source"], row["value"], row["reason"]) for row in inputs.rejects.to_pylist()] == [
        ("web", "2", f"line 3 of {path} has 1 cell where the header has 2"),
        ("web", "4,a,b", f"line 7 of {path} has 3 cells where the header has 2"),
        ("web", '5,"x\ny",z', f"line 8 of {path} has 3 cells where the header has 2"),
        ("web", "2", f"line 11 of {path} has 1 cell where the header has 2"),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(newline):
    notes = []
    data = newline.join(["id,name", "1,Anna", "2", "3,Ola", ""]).encode()
    assert read_delimited(data, "web.csv", notes).column("name").to_pylist() == ["Anna", "Ola"]
    assert notes == [(None, "2", "line 3 of web.csv has 1 cell where the header has 2")]


def test_a_long_row_does_not_stop_the_reader():
    cell = "x" * 10_000_000
    notes = []
    table = read_delimited(f'id,note\n1,"{cell}"\n2,short\n3\n'.encode(), "web.csv", notes)
    assert table.column("note").to_pylist() == [cell, "short"]
    assert len(notes) == 1


def test_a_quoted_last_cell_may_hold_lines_and_quotes():
    for cell in ("a\nb", 'a\n"b"', 'say ""', "\n"):
        data = io.StringIO()
        csv.writer(data, quoting=csv.QUOTE_ALL).writerows([["id", "note"], ["1", cell]])
        expected = cell if cell.strip() else None
        assert read_delimited(data.getvalue().encode(), "web.csv", []).column("note").to_pylist() == [expected]


CELL = st.text(st.sampled_from('ab ,;"\n\tż\x00'), max_size=5)


@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8))
)
def test_it_reads_what_the_csv_module_wrote(rows):
    text = io.StringIO()
    names = [f"c{i}" for i in range(len(rows[0]))]
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([names, *rows])
    notes = []
    table = read_delimited(text.getvalue().encode(), "web.csv", notes)
    assert notes == []
    assert [list(row.values()) for row in table.to_pylist()] == [
        [cell if cell.strip() else None for cell in row] for row in rows
    ]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_every_row_is_read_or_rejected(widths):
    lines = [",".join(f"v{number}" for _ in range(width)) for number, width in enumerate(widths)]
    notes = []
    table = read_delimited(("a,b\n0,0\n" + "\n".join(lines) + "\n").encode(), "web.csv", notes)
    kept = [f"v{number}" for number, width in enumerate(widths) if width == 2]
    assert table.column("a").to_pylist() == ["0", *kept]
    expected = [(line, number) for number, line in enumerate(lines, start=3) if line and line.count(",") != 1]
    assert [(text, int(reason.split()[1])) for _, text, reason in notes] == expected


def test_a_hundred_thousand_rows_take_less_than_three_seconds():
    line = "{0},Anna{0},Nowak,anna{0}@example.com,+48600{0},1990-05-17\n"
    data = ("id,first,last,mail,phone,birth\n" + "".join(line.format(i) for i in range(100_000))).encode()
    started = time.perf_counter()
    assert read_delimited(data, "web.csv", []).num_rows == 100_000
    assert time.perf_counter() - started < 3  # 0.2 s on an idle core
