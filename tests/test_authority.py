"""Who may write what, as sources declare it and spec files keep it."""

from pathlib import Path

import pytest

from omniid import Email, Source, Spec, SpecError
from omniid.authority import settle_names, settle_permission


def test_a_source_takes_nothing_by_default() -> None:
    nothing = Source().authority
    assert not any(nothing.may_write("email", is_empty=empty) for empty in (True, False))
    assert nothing.sources_for("email", is_empty=True) == ()
    assert not nothing.takes_shared("email")
    assert not nothing.is_own("email")


def test_what_is_accepted_is_filled_too_and_named_fields_come_before_all_others() -> None:
    crm = Source(accepts={"email": ["web"], "*": "*"}, fills={"email": ["shop"]}, owns=["card"], accepts_shared="*").authority
    assert crm.sources_for("email", is_empty=False) == ("web",)
    assert crm.sources_for("email", is_empty=True) == ("shop", "web")
    assert crm.sources_for("phone", is_empty=False) is None
    assert crm.sources_for("card", is_empty=True) == ()
    assert crm.takes_shared("phone")
    assert not crm.takes_unverified("phone")


@pytest.mark.parametrize("name", ["spec.toml", "spec.json"])
def test_declarations_come_back_from_files(name: str, tmp_path: Path) -> None:
    sources = {
        "crm": Source(accepts={"email": ["web", "shop"], "phone": "*"}, owns=["email"], accepts_unverified="*"),
        "web": Source(accepts="*", fills=["email"], accepts_shared=["email"]),
        "shop": Source(accepts=[]),
    }
    spec = Spec(sources=sources, fields=[Email()])
    spec.save(tmp_path / name)
    assert Spec.load(tmp_path / name).sources == spec.sources


@pytest.mark.parametrize("wrong", ["email", 7, [7], {"email": "web"}])
def test_what_is_no_list_is_refused(wrong: object) -> None:
    with pytest.raises(SpecError, match="give a list"):
        settle_permission("accepts", wrong)  # type: ignore[arg-type]  # it is wrong
    assert settle_names("owns", ("email",)) == ("email",)
