"""Parts of a spec as plain data; whole specs go there and back in test_spec.py."""

from omniid import Source
from omniid.spec_parts import PARTS, without_defaults


def test_a_source_goes_there_and_back() -> None:
    source = Source(region="PL", columns={"mail": "email"})
    assert PARTS["sources"]({"crm": without_defaults(source)}) == {"crm": source}
