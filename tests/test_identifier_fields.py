"""Fields of identifiers: what their behavior does to columns and comparisons, and how they print."""

import pytest

from omniid import Email, Identifier, Phone, SpecError
from omniid.fields import FIELD_KINDS
from omniid.identifier_kinds import BEHAVIORS, KINDS


@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_a_behavior_decides_what_a_column_is_and_whether_it_is_compared(behavior: str) -> None:
    fields = [Email("x", behavior=behavior), Phone("x", behavior=behavior)]
    fields += [Identifier("x", kind=kind, behavior=behavior) for kind in set(KINDS) - FIELD_KINDS]
    for field in fields:
        wanted = {"device": {"device"}, "proxy": {"attribute"}}.get(behavior, {"email", "phone", "identifier"})
        assert field.columns()["x"] in wanted
        assert len(field.comparisons({})) == (behavior != "proxy")
        assert field.definition.behavior == behavior
        assert field.definition.links == (behavior in ("unique", "strong"))


def test_values_that_are_phone_numbers_are_compared_as_such() -> None:
    for kind, normalizer in (
        ("whatsapp", "phone"),
        ("landline", "phone"),
        ("vk", "vk"),
        ("email_hash", "hash"),
        ("passport", "identifier"),
    ):
        field = Identifier("x", kind=kind)
        assert field.normalizer == normalizer
        assert (field.comparisons({})[0].traits.levels == Phone("x").comparisons({})[0].traits.levels) == (
            normalizer == "phone"
        )


def test_a_field_prints_as_it_may_be_written() -> None:
    assert repr(Email()) == "Email(column='email')"
    field = Identifier("b", kind="badge", behavior="weak", purposes=("fraud",))
    assert repr(field) == "Identifier(column='b', kind='badge', behavior='weak', purposes=('fraud',))"
    assert eval(repr(field)) == field


def test_purposes_are_a_list_of_names() -> None:
    assert Phone(purposes=["fraud"]).purposes == ("fraud",)  # type: ignore[arg-type]
    for wrong in ("fraud", [""], [1]):
        with pytest.raises(SpecError, match="give names"):
            Email(purposes=wrong)  # type: ignore[arg-type]
