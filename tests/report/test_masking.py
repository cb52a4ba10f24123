"""Hidden values tell which are equal, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from omniid.report.masking import Mask


@given(st.lists(st.text(min_size=1, max_size=3), max_size=60))
def test_letters_are_equal_where_values_are(values: list[str]) -> None:
    mask = Mask(values=False)
    shown = [mask.value("scope", "field", value) for value in values]
    assert len(set(shown)) == len(set(values))
    assert dict(zip(values, shown, strict=True)) == {value: mask.value("scope", "field", value) for value in values}
    assert all(text.startswith("value ") and text.removeprefix("value ").isupper() for text in shown)


def test_scopes_and_fields_do_not_meet() -> None:
    mask = Mask(values=False)
    assert mask.value("one", "email", "b") == mask.value("two", "email", "c") == mask.value("one", "phone", "d") == "value A"
    assert mask.remark("box@x.com is used by nine people") == ""
