"""Whole names judged."""

import pytest

from omniid.names import same_name


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Bob Smith", "Smith, Robert", True),
        ("Robert Smith", "Smith Robert", True),
        ("Maria Rossi", "Mario Rossi", False),
        ("John Smith", "John Jones", False),
        ("J. Smith", "John Smith", True),
        ("N/A", "John Smith", False),
    ],
)
def test_judged_names(left: str, right: str, same: bool) -> None:
    assert same_name(left, right) is same
    assert same_name(right, left) is same
