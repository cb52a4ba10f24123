"""Numbers on the page never mislead: signs, rounding to nothing, rare chances."""

import math

from hypothesis import given
from hypothesis import strategies as st

from omniid.report.numbers import bits, chance, decimal, short_time, shortened


@given(st.floats(-60, 60))
def test_bits_read_back_within_their_rounding(weight: float) -> None:
    text = bits(weight)
    assert text[0] in "+−"
    assert abs(float(text.replace("−", "-")) - weight) <= 0.05 + 1e-9
    assert not text.startswith("−0.0")


@given(st.floats(1e-12, 1))
def test_chances_read_back(probability: float) -> None:
    text = chance(probability)
    value = float(text[:-1]) / 100 if text.endswith("%") else 1 / float(text.removeprefix("1 in ").replace(",", ""))
    assert math.isclose(value, probability, rel_tol=0.01)


def test_what_is_nothing_shows_nothing() -> None:
    assert (chance(None), chance(0.0), decimal(-0.01), short_time(0, 0)) == ("", "0", "0.0", "")
    assert shortened("x" * 18) == "x" * 18
