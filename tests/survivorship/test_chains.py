"""The order in which fields are decided."""

import pytest

from omniid import SpecError, most_recent, same_record_as
from omniid.survivorship import decision_order


def test_a_field_comes_after_those_it_follows() -> None:
    chains = {"city": [same_record_as("street")], "postcode": [same_record_as("city")], "street": [most_recent()]}
    assert decision_order(chains, chains) == ["street", "city", "postcode"]


def test_a_field_that_nobody_fills_is_not_waited_for() -> None:
    assert decision_order({"city": [same_record_as("street")]}, ["city", "street"]) == ["city"]


def test_a_rule_for_all_fields_may_name_one_of_them() -> None:
    follow = [same_record_as("street"), most_recent()]
    assert decision_order({"city": follow, "street": follow}, ["city", "street"]) == ["street", "city"]


@pytest.mark.parametrize(
    ("chains", "says"),
    [
        ({"city": [same_record_as("stret")]}, r"same_record_as\(stret\) names a field that does not exist; fields: city"),
        ({"a": [same_record_as("b")], "b": [same_record_as("a")]}, "wait for each other"),
    ],
)
def test_what_can_not_be_decided_is_refused(chains, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        decision_order(chains, chains)
