"""The default phone region: what the numbers, the country column and the language say."""

import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.inference import guess_columns, guess_region


def frame(columns: dict[str, list[str | None]]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.large_string()) for name, cells in columns.items()})


def region(columns: dict[str, list[str | None]]) -> str | None:
    table = frame(columns)
    return guess_region(table, guess_columns("s", table))[0]


def numbers(shape: str, count: int = 60) -> list[str | None]:
    """Numbers of a shape, "#" standing for any digit."""
    rng = random.Random(shape)
    return ["".join(rng.choice("0123456789") if char == "#" else char for char in shape) for _ in range(count)]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (["8 (9##) ###-##-##"], "RU"),
        (["89#########"], "RU"),
        (["8 701 ### ## ##"], "KZ"),
        (["50# ### ###", "60# ### ###", "79# ### ###"], "PL"),
        (["0912#######"], "IR"),
        (["077## ######"], "GB"),
        (["(212) 5##-####", "(312) 4##-####"], "US"),
        (["0171 #######", "0151########"], "DE"),
        (["06 ## ## ## ##", "07 6# ## ## ##"], "FR"),
        (["0532 ### ## ##"], "TR"),
        (["04## ### ###"], "AU"),
        (["98########", "70########"], "IN"),
        (["(11) 9####-####"], "BR"),
        (["+48 50#######"], "PL"),
    ],
)
def test_numbers_alone(shapes, expected):
    assert region({"phone": [number for shape in shapes for number in numbers(shape)]}) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"phone": numbers("916#######")}, None),
        ({"Телефон": numbers("916#######")}, "RU"),
        ({"phone": numbers("916#######"), "country": ["Россия"] * 60}, "RU"),
        ({"phone": numbers("067 ### ## ##")}, None),
        ({"телефон": numbers("067 ### ## ##"), "прізвище": ["Іваненко"] * 60, "місто": ["Київ"] * 60}, "UA"),
        ({"phone": numbers("067 ### ## ##") + numbers("+380 50 ### ## ##")}, "UA"),
        ({"phone": ["+48501200300", "+48602300400", "+79162000001"]}, "PL"),
        ({"phone": ["+48501200300", "+79162000001"]}, None),
        ({"phone": ["1111111", "2222222"]}, None),
        ({"email": ["a@x.com"]}, None),
        ({"phone": [None]}, None),
    ],
)
def test_other_evidence(columns, expected):
    assert region(columns) == expected


def test_reason_says_what_decided():
    table = frame({"Телефон": numbers("916#######")})
    assert guess_region(table, guess_columns("s", table)) == (
        "RU",
        "100 % of 60 national numbers are valid in RU; the headers are in 'ru'",
    )
    table = frame({"phone": numbers("916#######")})
    assert "fit alike; declare the region" in guess_region(table, guess_columns("s", table))[1]


cells = st.none() | st.text(max_size=14) | st.from_regex(r"\+?[0-9 ()-]{5,16}", fullmatch=True)


@given(st.lists(cells, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_any_phone_column_in_any_order(values, rng):
    table, again = frame({"phone": values}), frame({"phone": rng.sample(values, len(values))})
    found = guess_region(table, guess_columns("s", table))
    assert found[1]
    assert guess_region(again, guess_columns("s", again)) == found
