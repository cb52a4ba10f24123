"""Samples are written as files that read back as they were; the demo's stories are whole."""

from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from omniid.datasets import demo, demo_pair, generate, write
from omniid.errors import InputError


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_files_read_back_as_they_were(tmp_path: Path, format: str) -> None:  # noqa: A002 - the argument's own name
    sample = generate(400, seed=9)
    paths = write(sample, tmp_path / "new" / "folder", format=format)
    assert list(paths) == list(sample.channels)
    texts = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys((c for t in sample.channels.values() for c in t.column_names), "string"),
        strings_can_be_null=True,
        null_values=[""],
        quoted_strings_can_be_null=False,
    )
    for name, path in paths.items():
        back = pyarrow.csv.read_csv(path, convert_options=texts) if format == "csv" else pyarrow.parquet.read_table(path)
        assert back.to_pydict() == sample.channels[name].to_pydict()
    assert (tmp_path / "new" / "folder" / f"truth.{format}").exists()


def test_an_unknown_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'xlsx'"):
        write(generate(10), tmp_path, format="xlsx")


def test_the_demo_tells_its_stories() -> None:
    sample = demo()
    assert sample.n_records == 600
    truth = {
        (source, record): entity
        for source, record, entity in zip(*(sample.truth[c].to_pylist() for c in sample.truth.column_names), strict=True)
    }
    assert len(truth) == 600
    anna = [key for key, entity in truth.items() if entity == "anna-kuznetsova"]
    assert len({source for source, _ in anna}) == 6
    a, b = demo_pair()
    assert truth[a] == truth[b] == "anna-kuznetsova"
    shop = {row["id"]: row for row in sample.channels["shop"].to_pylist()}
    assert shop["anna-shop"]["telefon"] == "8 (916) 200-00-01"
    loyalty = {row["record_id"]: row for row in sample.channels["loyalty"].to_pylist()}
    assert loyalty["jan-card"]["email"] == loyalty["maria-card"]["email"]
    assert loyalty["piotr-card"]["birth_date"] == loyalty["pawel-card"]["birth_date"]
    assert loyalty["robert-sr-card"]["birth_date"] != loyalty["robert-jr-card"]["birth_date"]
    cookies = [row["cookie"] for row in sample.channels["web"].to_pylist() if row["id"].endswith("-kiosk")]
    assert len(cookies) == 3
    assert len(set(cookies)) == 1


def test_the_demo_is_the_same_every_time() -> None:
    assert str(demo()) == str(demo())
    assert demo().channels["web"].to_pydict() == demo().channels["web"].to_pydict()
