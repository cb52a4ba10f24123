"""Sources."""

import pytest

from omniid import Source, SpecError


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"trust": 101}, "0 to 100"),
        ({"trust": -1}, "0 to 100"),
        ({"trust": "high"}, "0 to 100"),
        ({"region": "Poland"}, "two capital letters"),
        ({"region": "pl"}, "two capital letters"),
    ],
)
def test_a_source_that_can_not_be_is_refused(options, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        Source(**options)
