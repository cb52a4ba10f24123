"""A record that comes alone is read as a frame of it is."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from omniid.errors import InputError
from omniid.resolver.incoming import read_incoming

names = st.sampled_from(["id", "ID", "record_id", "source", "email", " city", "źródło", "Id", "", "unique_id"])
texts = st.text(st.sampled_from("aZ9 \t\u3000\u200b\x1f\x00é\ud800\u0301."), max_size=3)
values = st.one_of(
    texts, st.none(), st.integers(-3, 3), st.just(2**63), st.booleans(), st.floats(), st.lists(texts, max_size=2)
)


def read(data: Any, source: str | None, **how: Any) -> Any:
    try:
        return read_incoming(data, source=source, **how)
    except InputError as error:
        return str(error)


@given(st.dictionaries(names, values, max_size=4), st.sampled_from([None, None, "crm", "", " ", "é"]))
def test_one_record_is_read_as_a_frame_of_it_is(record: dict[str, Any], source: str | None) -> None:
    for data in (record, [record]):
        assert read(data, source) == read(data, source, progress=lambda *_: True)
