"""Deterministic rules in a spec: they link beside the weights, are checked early, and live in files."""

from pathlib import Path

import pytest

import omniid
from omniid import LinkRule, SpecError

ROWS = [
    {"id": "1", "name": "Ann Lee", "badge": "A77", "city": "York"},
    {"id": "2", "name": "Ann Lee", "badge": "A77", "city": "Leeds"},
    {"id": "3", "name": "Bob Ray", "badge": "B12", "city": "York"},
    {"id": "4", "name": "Eve Stone", "badge": "B12", "city": "Hull"},
]


def spec(rules: list[LinkRule] | None) -> omniid.Spec:
    fields = [
        omniid.PersonName(full="name"),
        omniid.Identifier("badge", kind="badge", behavior="strong"),
        omniid.Category("city"),
    ]
    return omniid.Spec(fields=fields, link_rules=rules, link_at=60.0)  # so high that no weight links


def joined(found: omniid.Resolution) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for row in found.crosswalk:
        groups.setdefault(row["entity_id"], set()).add(row["record_id"])
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def test_a_rule_links_where_no_weight_does_and_its_tier_says_so() -> None:
    named = LinkRule("badge and first name", {"badge": "exact", "first_name": "exact"})
    found = omniid.resolve(ROWS, spec([named]))
    assert joined(found) == {frozenset({"1", "2"})}
    assert {row["tier"] for row in found.scored_pairs if row["match_weight"] >= 60} == {"strong"}
    assert "badge and first name" in str(found.explain(("records", "1"), ("records", "2")))


def test_no_rules_means_weights_only() -> None:
    assert joined(omniid.resolve(ROWS, spec([]))) == set()
    assert joined(omniid.resolve(ROWS, spec(None))) == {frozenset({"1", "2"})}  # 3 and 4: their names contradict


def test_a_rule_about_nothing_is_refused_before_any_work() -> None:
    with pytest.raises(SpecError, match="bagde"):
        omniid.resolve(ROWS, spec([LinkRule("typo", {"bagde": "exact"})]))


def test_rules_live_in_files(tmp_path: Path) -> None:
    declared = spec([LinkRule("card", {"badge": "exact"}, unless={"first_name": ("else",)}, tier="unique")])
    for name in ("spec.toml", "spec.json"):
        declared.save(tmp_path / name)
        assert omniid.Spec.load(tmp_path / name) == declared
