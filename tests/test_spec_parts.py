"""Parts of a spec as plain data; whole specs go there and back in test_spec.py."""

import pytest

from omniid import Source, SpecError, most_recent
from omniid.spec_parts import PARTS, chain_of, chain_texts, without_defaults


def test_a_chain_goes_there_and_back() -> None:
    texts = ["source_priority(crm, web)", "most_recent"]
    assert chain_texts("email", chain_of("email", texts)) == texts


@pytest.mark.parametrize("chain", ["most_recent", most_recent(), ["newest"]])
def test_what_is_no_chain_is_named(chain) -> None:
    with pytest.raises(SpecError, match="survivorship of 'email'"):
        chain_of("email", chain)


def test_a_source_goes_there_and_back() -> None:
    source = Source(region="PL", columns={"mail": "email"})
    assert PARTS["sources"]({"crm": without_defaults(source)}) == {"crm": source}
