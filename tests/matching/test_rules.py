import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from omniid.errors import SpecError
from omniid.matching import LinkRule, holds
from omniid.tables import ComparisonTraits

TRAITS = (
    ComparisonTraits("email", ("else", "local", "exact"), (0.2, 0.1, 0.7)),
    ComparisonTraits("first_name", ("else", "nickname", "exact"), (0.2, 0.1, 0.7)),
    ComparisonTraits("birth_date", ("else", "edit", "exact"), (0.2, 0.1, 0.7)),
)
SAME_EMAIL = LinkRule("same e-mail", {"email": "exact"}, unless={"first_name": ("else",), "birth_date": ("else", "edit")})


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((2, 2, 2), True),
        ((2, -1, -1), True),  # missing does not contradict
        ((2, 0, 2), False),
        ((2, 1, 1), False),
        ((1, 2, 2), False),
        ((-1, 2, 2), False),  # missing does not agree
    ],
)
def test_judged_pairs(levels, expected):
    assert holds(SAME_EMAIL, np.array([levels], np.int8), TRAITS).tolist() == [expected]


@given(arrays.arrays(np.int8, st.tuples(st.integers(0, 20), st.just(3)), elements=st.integers(-1, 2)))
def test_equals_a_loop_over_pairs(levels):
    expected = [row[0] >= 2 and row[1] != 0 and row[2] not in (0, 1) for row in levels.tolist()]
    assert holds(SAME_EMAIL, levels, TRAITS).tolist() == expected


def test_mistakes_are_named():
    levels = np.zeros((1, 3), np.int8)
    with pytest.raises(SpecError, match="would link every pair"):
        LinkRule("all", {})
    with pytest.raises(SpecError, match="strong or unique"):
        LinkRule("x", {"email": "exact"}, tier="weighed")
    with pytest.raises(SpecError, match=r"'mail'; there are email, first_name, birth_date"):
        holds(LinkRule("x", {"mail": "exact"}), levels, TRAITS)
    with pytest.raises(SpecError, match=r"'same' of comparison 'email'; its levels are else, local, exact"):
        holds(LinkRule("x", {"email": "same"}), levels, TRAITS)
