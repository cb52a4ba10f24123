"""The profile pass in a run: who is joined by profile, why, and what stands in the way."""

import random
from typing import Any

import pytest

import omniid
from omniid import Decision, Email, Phone, Spec, at_most, resolve
from omniid.blocking import block_on
from omniid.comparison import category, email, phone
from omniid.errors import SpecError
from omniid.fields import Category
from omniid.tables import ComparisonWeights, Model

ROWS: dict[str, list[dict[str, Any]]] = {
    "shop": [
        {"id": "1", "phone": "+48 501 000 001", "team": "curling"},
        {"id": "2", "phone": "+48 501 000 001", "car": "Tatra 77"},
    ],
    "web": [
        {"id": "1", "email": "ann@example.com", "team": "curling"},
        {"id": "2", "email": "ann@example.com", "car": "Tatra 77"},
    ],
}
COMPARISONS = (phone("phone"), email("email"), category("team"), category("car"))


def spec(*, profile_pass: bool = True, **more: Any) -> Spec:
    fields = [Phone(), Email(), Category("team"), Category("car")]
    rules = [block_on("phone"), block_on("email"), block_on("team"), block_on("car")]
    return Spec(fields=fields, comparisons=COMPARISONS, blocking=rules, link_rules=[], profile_pass=profile_pass, **more)


def model() -> Model:
    """Contacts say much; a team or a car alone is not enough to link, both are."""

    def learned(traits: Any, strangers: float) -> ComparisonWeights:
        n = len(traits.levels)
        m = (0.1, *[0.0] * (n - 2), 0.9)
        return ComparisonWeights(traits.name, traits.levels, m, (1 - strangers, *[0.0] * (n - 2), strangers))

    shares = (1e-6, 1e-6, 0.01, 0.01)
    parts = tuple(learned(one.traits, share) for one, share in zip(COMPARISONS, shares, strict=True))
    return Model(parts, prior=0.004, review_at=-3.0, columns=("phone", "email", "team", "car"))


def run(rows: dict[str, list[dict[str, Any]]] = ROWS, **more: Any) -> omniid.Resolution:
    declared = {name: more.pop(name) for name in ("limits", "profile_pass") if name in more}
    return resolve(rows, spec(**declared), model=model(), **more)


def people(found: omniid.Resolution) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for row in found.crosswalk:
        groups.setdefault(row["entity_id"], set()).add(f"{row['source']}:{row['record_id']}")
    return {frozenset(one) for one in groups.values()}


SHOP, WEB = frozenset({"shop:1", "shop:2"}), frozenset({"web:1", "web:2"})


def test_profiles_join_what_no_pair_of_records_could() -> None:
    assert people(run()) == {SHOP | WEB}
    assert people(run(profile_pass=False)) == {SHOP, WEB}


def test_the_explanation_names_the_fields_and_whose_they_are() -> None:
    found = run()
    told = found.explain(("shop", "1"), ("web", "2"))
    assert told.is_linked
    assert "team of shop:1 and web:1 +6.5" in told.reason
    assert "car of shop:2 and web:2 +6.5" in told.reason
    assert "+5.0 bits" in told.reason
    (entity,) = {row["entity_id"] for row in found.crosswalk}
    last = found.explain_entity(entity).unions[-1]
    assert (last.rule, len(last.left), len(last.right), round(last.value, 1)) == ("profiles agree", 2, 2, 5.0)
    assert "1 union of clusters whose profiles agree" in str(found.summary)


def test_no_order_of_rows_matters() -> None:
    wanted = run()
    for seed in range(4):
        shuffled = {name: random.Random(seed).sample(rows, 2) for name, rows in list(ROWS.items())[:: 1 - 2 * (seed % 2)]}
        found = run(shuffled)
        assert found.table("crosswalk").equals(wanted.table("crosswalk"))
        assert found.parts.clustering.profile_unions == wanted.parts.clustering.profile_unions


def test_a_limit_stands_in_the_way_and_is_told() -> None:
    rows = {**ROWS, "web": [*ROWS["web"], {"id": "3", "email": "ann@example.com", "phone": "+48 501 000 002"}]}
    assert len(people(run(rows))) == 1
    found = run(rows, limits=[at_most("phone", 1)])
    assert people(found) == {SHOP, WEB | {"web:3"}}
    (refusal,) = found.table("refusals").to_pylist()
    assert (refusal["limit"], refusal["left_value"], refusal["right_value"]) == (
        "at_most(phone, 1)",
        "+48501000001",
        "+48501000002",
    )
    assert refusal["match_weight"] == pytest.approx(3.5, abs=2)
    reason = found.explain(("shop", "1"), ("web", "2")).reason
    assert "at_most(phone, 1) stands between their clusters" in reason
    assert "Their profiles agree otherwise" in reason


def test_a_decision_stands_in_the_way_and_what_if_says_the_same() -> None:
    apart = Decision("CANNOT_LINK", (("shop", "2"),), (("web", "1"),), author="kim", time="2026-05-01")
    found = run(decisions=[apart])
    assert people(found) == {SHOP, WEB}
    assert "their profiles agree" in found.explain(("shop", "1"), ("web", "1")).reason
    asked = run().what_if(decisions=apart).apply()
    for name in ("crosswalk", "refusals", "review"):
        assert asked.table(name).equals(run(decisions=[apart], previous=run()).table(name)), name


def test_previous_carries_the_ids_over() -> None:
    before = run(profile_pass=False)
    after = run(previous=before)
    assert [row["kind"] for row in after.table("changes").to_pylist()] == ["merged"]
    assert {row["entity_id"] for row in after.crosswalk} <= {row["entity_id"] for row in before.crosswalk}


def test_the_pass_is_off_by_default_and_stands_in_the_spec() -> None:
    assert Spec.from_dict(spec().to_dict()) == spec()
    assert "profile_pass" not in Spec().to_dict()
    assert "a profile pass" in str(spec())
    with pytest.raises(SpecError, match="profile_pass"):
        Spec(profile_pass="yes")  # type: ignore[arg-type]  # what a file may hold
