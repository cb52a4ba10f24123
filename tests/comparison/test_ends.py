"""One edit leaves the beginning or the end of a value as it was, whatever the script."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import comparison as c
from omniid.comparison.ends import value_ends
from omniid.comparison.values import Values
from omniid.tables import RecordTable

TEXT = st.text("ab1й東", min_size=1, max_size=12)


def edited(text, kind, at, letter):
    """A value one edit away."""
    at %= len(text)
    if kind == "substitute":
        return text[:at] + letter + text[at + 1 :]
    if kind == "insert":
        return text[:at] + letter + text[at:]
    if kind == "delete":
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


@given(
    TEXT,
    st.lists(TEXT, max_size=4),
    st.sampled_from(["substitute", "insert", "delete", "exchange"]),
    st.integers(0, 12),
    st.sampled_from("b2я"),
)
def test_one_edit_leaves_one_end(text, others, kind, at, letter):
    other = edited(text, kind, at, letter)
    if other in ("", text):
        return
    texts = list(dict.fromkeys([text, other, *others]))
    codes, loose = value_ends(Values(texts), exchanges=kind == "exchange")
    assert loose[0] or loose[1] or (codes[0] == codes[1]).any()


def test_most_values_differ_in_both_ends():
    texts = [f"{i * 7919 % 10**8:08}" for i in range(2000)]
    codes, loose = value_ends(Values(texts), exchanges=False)
    left, right = np.arange(1000), np.arange(1000, 2000)
    assert not loose.any()
    assert (codes[left] == codes[right]).any(axis=1).mean() < 0.05


@pytest.mark.parametrize(
    ("comparison", "has_ends"),
    [
        (c.Comparison("x", ("x",), (c.Exact(), c.Levenshtein(1))), True),
        (c.Comparison("x", ("x",), (c.Exact(), c.DamerauLevenshtein(1, shortest=5))), True),
        (c.Comparison("x", ("x",), (c.Exact(), c.Levenshtein(2))), False),
        (c.Comparison("x", ("x",), (c.Exact(), c.Levenshtein(1), c.JaroWinkler(0.9, name="close"))), False),
        (c.Comparison("x", ("x",), (c.Exact(),)), False),
        (c.Comparison("x", ("x", "y"), (c.Exact(), c.On("y", c.Levenshtein(1)))), False),
    ],
)
def test_ends_serve_comparisons_by_one_edit_only(comparison, has_ends):
    table = RecordTable.of([{"record_id": str(i), "x": x, "y": x} for i, x in enumerate(["12345678", "1234", None])])
    ends = c.PairComparer(table, [comparison]).screens()[0].ends
    assert (ends is not None) == has_ends
    if has_ends:
        assert ends.codes.shape == (3, 2)
        assert ends.loose.tolist()[2]
