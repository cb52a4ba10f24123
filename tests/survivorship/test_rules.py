"""Rules one by one: order, ties, callables, and how they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import (
    SpecError,
    chosen_by,
    longest,
    maximum,
    minimum,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    same_record_as,
    shortest,
    source_priority,
    union,
)
from omniid.survivorship import Candidate, rule_from_text, survive

ALL = [most_recent, oldest, most_frequent, most_complete, longest, shortest, minimum, maximum, union]


def winner(make, rows, *chain, trust=None) -> str:
    return survive(*make(rows), {"city": chain}, trust=trust).entities["city"].to_pylist()[0]


@pytest.mark.parametrize("make_rule", ALL)
def test_rules_are_written_and_read(make_rule) -> None:
    assert rule_from_text(make_rule().name) == make_rule()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1), min_size=1, max_size=3))
def test_names_of_sources_survive_writing(sources: list[str]) -> None:
    assert rule_from_text(source_priority(*sources).name).name == source_priority(*sources).name
    assert rule_from_text(same_record_as(sources[0]).name).after == sources[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("most_recnt", "unknown; choose from"),
        ("", "unknown"),
        ("most_recent(x)", "can't be read"),
        ("same_record_as", "can't be read"),
        ("source_priority()", "names no source"),
    ],
)
def test_a_rule_that_is_none_is_refused(text: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        rule_from_text(text)


def test_trust_weighs_frequency(make) -> None:
    rows = [{"city": "Omsk", "source": "crm"}, {"city": "Perm", "source": "web"}, {"city": "Perm", "source": "web"}]
    assert winner(make, rows, most_frequent()) == "Perm"
    assert winner(make, rows, most_frequent(), trust={"crm": 90, "web": 40}) == "Omsk"


def test_a_value_said_twice_by_one_record_counts_once(make) -> None:
    rows = [{"city": ["Ufa", "Ufa", "Ufa"]}, {"city": "Perm"}, {"city": "Perm"}]
    assert winner(make, rows, most_frequent()) == "Perm"


@pytest.mark.parametrize(
    ("values", "least", "most"),
    [
        (["9", "10", "3"], "3", "10"),
        (["2020-01-02", "2019-12-31"], "2019-12-31", "2020-01-02"),
        (["9", "10", "b"], "10", "b"),
    ],
)
def test_least_and_most_are_numbers_where_all_are(make, values, least, most) -> None:
    rows = [{"city": value} for value in values]
    assert (winner(make, rows, minimum()), winner(make, rows, maximum())) == (least, most)


def test_a_record_without_a_time_comes_last_for_both(make) -> None:
    rows = [{"city": "Aden"}, {"city": "Omsk", "time": 3}, {"city": "Perm", "time": 7}]
    assert (winner(make, rows, most_recent()), winner(make, rows, oldest())) == ("Perm", "Omsk")


def test_a_function_chooses_among_the_candidates(make) -> None:
    seen: list[list[Candidate]] = []

    def second(candidates):
        seen.append(list(candidates))
        return candidates[1]

    rows = [{"city": "Omsk", "entity": "e0", "time": 1}, {"city": "Perm", "entity": "e0"}, {"city": "Ufa", "entity": "e1"}]
    rule = chosen_by(second, name="second")
    profiles = survive(*make(rows), {"city": [rule]})
    assert profiles.entities["city"].to_pylist() == ["Perm", "Ufa"]
    assert seen == [[Candidate("Omsk", "crm", 1), Candidate("Perm", "crm", None)]]  # not asked where there is nothing to choose
    assert "second" in profiles.provenance["rule"].to_pylist()
    assert rule != chosen_by(lambda candidates: None, name="second")


def test_a_function_without_opinion_leaves_it_to_the_next_rule(make) -> None:
    rows = [{"city": "Omsk"}, {"city": "Nowosibirsk"}]
    assert winner(make, rows, chosen_by(lambda candidates: None), longest()) == "Nowosibirsk"


def test_a_function_must_choose_a_candidate(make) -> None:
    with pytest.raises(SpecError, match="return one of its candidates or None"):
        winner(make, [{"city": "Omsk"}, {"city": "Perm"}], chosen_by(lambda candidates: "Ufa"))
