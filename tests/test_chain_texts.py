"""Chains as they are declared: there and back, and what is none."""

import pytest

from omniid import SpecError, chosen_by, most_recent
from omniid.chain_texts import chain_of, declared_chains, texts_of_chains


def test_chains_go_there_and_back() -> None:
    texts = {
        "email": ["source_priority(crm, web)", "trusted(half_life=180d)", "union(most=3)"],
        "street, city": ["verified_first", "most_recent"],
        "spend": ['total(once_per="order, id")'],
    }
    assert texts_of_chains(declared_chains(texts)) == texts


@pytest.mark.parametrize("chain", ["most_recent", most_recent(), ["newest"]])
def test_what_is_no_chain_is_named(chain) -> None:
    with pytest.raises(SpecError, match="survivorship of 'email'"):
        chain_of("email", chain)


def test_a_function_can_not_be_written() -> None:
    with pytest.raises(SpecError, match="is a function and can't be written"):
        texts_of_chains(declared_chains({"email": [chosen_by(lambda candidates: None)]}))
