"""Files of every format and compression, and everything that can be wrong with one."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from omniid import errors
from omniid.frames import read_inputs
from omniid.frames.files import source_stem

TABLE = pa.table({"id": ["1", "2"], "name": ['Łucja, "Lu"\nNowak', None], "город": ["Уфа", "x;y"]})
ROWS = TABLE.to_pylist()


def encode_zstd(data):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


def delimited(delimiter):
    quote = lambda cell: '"' + cell.replace('"', '""') + '"' if cell else ""  # noqa: E731  # a one-line writer
    lines = [delimiter.join(TABLE.column_names)] + [delimiter.join(quote(cell) for cell in row.values()) for row in ROWS]
    return ("\n".join(lines) + "\n").encode()


def parquet():
    sink = pa.BufferOutputStream()
    pq.write_table(TABLE, sink)
    return sink.getvalue().to_pybytes()


FORMATS = {
    "web.csv": delimited(","),
    "web.semicolon.csv": delimited(";"),
    "web.tsv": delimited("\t"),
    "web.psv": delimited("|"),
    "web.parquet": parquet(),
    "web.array.json": json.dumps(ROWS).encode(),
    "web.arrays.json": json.dumps(TABLE.to_pydict()).encode(),
    "web.pandas.json": TABLE.to_pandas().to_json().encode(),
    "web.lines.json": "\n".join(map(json.dumps, ROWS)).encode(),
    "web.jsonl": "\n\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode(),
    "web.ndjson": "\r\n".join(map(json.dumps, ROWS)).encode(),
    "web.data": json.dumps(ROWS).encode(),
}


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_and_compression_reads_alike(tmp_path, name, ending):
    pack = {"": bytes, ".gz": gzip.compress, ".zst": encode_zstd}[ending]
    path = tmp_path / (name + ending)
    path.write_bytes(pack(FORMATS[name]))
    inputs = read_inputs({"web": path})
    assert inputs.frames[0].table.to_pylist() == ROWS
    assert inputs.rejects.num_rows == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-32"])
def test_byte_order_marks_tell_the_encoding(tmp_path, encoding):
    text = "id,name\n1,Żółć\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    (tmp_path / "web.csv").write_bytes(data)
    assert read_inputs(tmp_path / "web.csv").frames[0].table.to_pylist() == [{"id": "1", "name": "Żółć"}]


BAD = {
    "empty.csv": (b"", r"empty\.csv is empty \(0 bytes\)"),
    "blank.csv": (b" \n\n", r"blank\.csv is empty \(white space only\)"),
    "mark.csv": (b"\xef\xbb\xbf", r"mark\.csv is empty"),
    "header.csv": (b"id,name\n", r"header\.csv has no rows"),
    "cp1250.csv": (
        "id,name\n1,Anna\n2,Łucja\n".encode("cp1250"),
        r"not UTF-8: byte 0xA3 in line 3 \(offset 17\); name its encoding",
    ),
    "wide.csv": ("id,name\n1,Anna\n".encode("utf-16-le"), "looks like UTF-16 without a byte order mark"),
    "cut.csv": (b"\xff\xfei\x00d", "begins like utf-16 but is not|no rows"),
    "twice.csv": (b"id,name,id\n1,2,3\n", r"two columns named 'id' \(columns 1 and 3\)"),
    "shifted.csv": (b"a;b\n1;2;3\n4;5;6\n", r"no row of .* has as many cells as its header \(2: a, b\)"),
    "quote.csv": (b'id,name\n1,"Anna\n2,Ola\n', "line 2 of .*quote.csv opens a quote that is not closed"),
    "middle.csv": (b'id,name\n1,a\n"2,b\n3,c\n4,"d\n5,e\n', "line 3 of .*middle.csv opens a quote"),
    "sheet.csv": (b"PK\x03\x04....", "ZIP archive or a spreadsheet"),
    "text.parquet": (b"id,name\n1,2\n", "text.parquet is not Parquet that can be read"),
    "cut.parquet": (parquet()[:100], "cut.parquet is not Parquet that can be read"),
    "empty.parquet": (b"", "is empty"),
    "cut.json": (b'[{"id": 1},\n {"id": ', "cut.json is not JSON: .* in line 2"),
    "text.json": (b"id,name\n1,2\n", "text.json is not JSON: .* in line 1"),
    "number.json": (b"7", "number.json holds no records"),
    "empty.json": (b"[]", "has no rows"),
    "mixed.json": (b'[{"id": 1}, 2]', "row 2 of .*mixed.json is int 2"),
    "uneven.json": (b'{"id": [1, 2], "name": ["a"]}', "has 1 values in 'name' and 2 in 'id'"),
    "deep.json": (b"[" * 100_000, "nested too deeply|not JSON"),
    "bad.jsonl": (b'{"id": 1}\n\nnot json\n', "line 3 of .*bad.jsonl is not JSON"),
    "list.jsonl": (b'{"id": 1}\n[2]\n', "row 2 of .*list.jsonl is list"),
    "damaged.csv.gz": (gzip.compress(b"id\n" + bytes(range(48, 58)) * 400)[:30], r"damaged\.csv\.gz cannot be read"),
    "damaged.csv.zst": (encode_zstd(b"id\n1\n" * 500)[:20], r"damaged\.csv\.zst (cannot be read|is empty)"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_is_refused_with_its_name_and_the_place(tmp_path, name):
    data, message = BAD[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(errors.InputError, match=message) as caught:
        read_inputs(tmp_path / name)
    assert name in str(caught.value)


def test_missing_files_and_directories_are_refused(tmp_path):
    with pytest.raises(errors.InputError, match=r"there is no file .*gone\.csv"):
        read_inputs(tmp_path / "gone.csv")
    with pytest.raises(errors.InputError, match="is a directory; pass the files in it"):
        read_inputs({"web": tmp_path})


def test_the_index_that_pandas_writes_without_a_name_is_no_column(tmp_path):
    frame = TABLE.to_pandas().iloc[[1, 0]]
    frame.to_parquet(tmp_path / "web.parquet")
    assert read_inputs(tmp_path / "web.parquet").frames[0].table.column_names == TABLE.column_names
    frame.to_csv(tmp_path / "web.csv")
    assert read_inputs(tmp_path / "web.csv").frames[0].table.column_names == ["column_1", *TABLE.column_names]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("web.csv", "web"),
        ("web.CSV.GZ", "web"),
        ("web.2026.parquet", "web.2026"),
        ("web", "web"),
        ("a.b", "a.b"),
        ("x.json.zst", "x"),
    ],
)
def test_stems(tmp_path, name, stem):
    assert source_stem(tmp_path / name) == stem
