"""Parts of a spec as plain data; whole specs go there and back in test_spec.py."""

import pytest

from omniid import Source, Spec, SpecError
from omniid.spec_parts import PARTS, without_defaults


def test_a_source_goes_there_and_back() -> None:
    source = Source(region="PL", columns={"mail": "email"})
    assert PARTS["sources"]({"crm": without_defaults(source)}) == {"crm": source}


def test_a_misspelled_part_of_a_source_is_named_with_the_one_that_is_meant() -> None:
    with pytest.raises(SpecError, match=r"spec: sources: source 'crm': unknown part 'acepts'; .* did you mean 'accepts'\?"):
        Spec.from_dict({"sources": {"crm": {"acepts": ["email"]}}})
