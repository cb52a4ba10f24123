from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from omniid.resolver.keyed_values import value_key, value_keys
from omniid.tables.arrays import text_array

VALUES = st.text(max_size=20) | st.emails() | st.sampled_from(["+48501234567", "ab" * 32, "AB" * 32, "x" * 600, "ż" * 300])


@settings(max_examples=settings().max_examples // 2)
@given(st.lists(VALUES, min_size=1, max_size=5))
def test_the_key_of_one_value_is_that_of_many(values: list[str]) -> None:
    assert value_keys("login", text_array(values)).tolist() == [value_key("login", value) for value in values]


@given(st.emails() | st.just("+48501234567"))
def test_a_contact_value_and_its_hash_have_one_key(value: str) -> None:
    assert value_key("email", value) == value_key("email", sha256(value.encode()).hexdigest()) != value_key("phone", value)
