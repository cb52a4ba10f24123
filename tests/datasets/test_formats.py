"""Phones stay the same number however they are written; dates say what they mean."""

import numpy as np
import phonenumbers
import pyarrow as pa
import pytest

from omniid.datasets.formats import DOTTED, ISO, SLASHED, WORDED, date_cells, phone_cells, time_cells
from omniid.datasets.people import COUNTRIES

NUMBERS = {
    "PL": "601234567", "RU": "9162000001", "GB": "7790123456", "DE": "15112345678", "US": "2127301234",
    "ES": "612345678", "IR": "9121234567", "GE": "577123456", "GR": "6971234567", "CN": "13812345678",
}  # fmt: skip


@pytest.mark.parametrize("position", range(len(COUNTRIES)))
def test_every_way_to_write_a_phone_is_read_back_as_the_same_number(position: int) -> None:
    code = COUNTRIES[position][0]
    national = pa.array([NUMBERS[code]] * 300)
    country = np.full(300, position)
    written = phone_cells(country, national, np.ones(300, bool), position, np.random.default_rng(1)).to_pylist()
    assert len(set(written)) >= 10
    for text in written:
        region = "PL" if text.startswith("00") else code  # 00 is dialled from Poland, not from Russia or the United States
        assert phonenumbers.parse(text.removeprefix("tel. "), region).national_number == int(NUMBERS[code]), text


def test_the_issue_s_own_phone_is_among_them() -> None:
    russia = next(at for at, (code, _, _) in enumerate(COUNTRIES) if code == "RU")
    cells = phone_cells(np.full(300, russia), pa.array(["9162000001"] * 300), np.ones(300, bool), 0, np.random.default_rng(1))
    assert "8 (916) 200-00-01" in cells.to_pylist()


def test_national_forms_are_rare_abroad() -> None:
    germany = next(at for at, (code, _, _) in enumerate(COUNTRIES) if code == "DE")
    cells = phone_cells(
        np.full(4_000, germany), pa.array(["15112345678"] * 4_000), np.ones(4_000, bool), 0, np.random.default_rng(1)
    )
    assert 0.005 < np.mean([not cell.startswith(("+", "00", "tel.")) for cell in cells.to_pylist()]) < 0.05


@pytest.mark.parametrize(
    ("style", "text"), [(ISO, "1990-05-14"), (DOTTED, "14.05.1990"), (SLASHED, "14/05/1990"), (WORDED, "14 May 1990")]
)
def test_dates_in_each_style(style: int, text: str) -> None:
    no = np.zeros(1, bool)
    assert date_cells(np.array([7438]), style, slip=no, chaos=no, rng=np.random.default_rng(0)).to_pylist() == [text]


def test_a_slip_changes_the_date() -> None:
    days, yes = np.arange(-9_000, 15_000, 7), np.ones(3_429, bool)
    right = date_cells(days, ISO, slip=~yes, chaos=~yes, rng=np.random.default_rng(0)).to_pylist()
    wrong = date_cells(days, ISO, slip=yes, chaos=~yes, rng=np.random.default_rng(0)).to_pylist()
    assert all(a != b for a, b in zip(right, wrong, strict=True))


def test_times() -> None:
    at = np.array([1_709_642_000])
    assert [time_cells(at, style).to_pylist() for style in ("iso", "dotted", "day", "epoch")] == [
        ["2024-03-05T12:33:20Z"], ["05.03.2024 12:33"], ["2024-03-05"], ["1709642000"]
    ]  # fmt: skip
