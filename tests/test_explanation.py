"""Explanations tell the truth: why linked, why not, how an entity and a value came to be."""

import pytest

import omniid
from omniid import (
    Date,
    Decision,
    Email,
    Identifier,
    InputError,
    Model,
    PersonName,
    Spec,
    at_most,
    block_on,
    most_frequent,
    resolve,
)

FIELDS = ("record_id", "email", "first_name", "last_name", "birth_date", "passport")
ROWS = [
    dict(zip(FIELDS, row, strict=True))
    for row in (
        ("1", "ann@x.com", "Ann", "Lee", None, "P1"),
        ("2", "ann@x.com", "Ann", "Lee", "1980-01-02", None),
        ("3", None, "Anna", "Lee", "1980-01-02", "P2"),
        ("4", "bob@x.com", "Bob", "Ray", "1955-05-05", None),
        ("5", "zed@x.com", "Zed", "Quint", "1999-09-09", None),
        ("6", "bob@y.org", "Bob", "Ray", "1955-05-05", None),
        ("7", "eve@x.com", "Eve", "Stone", "1955-06-07", None),
        ("8", None, None, None, None, None),
    )
]
SPEC = Spec(
    fields=[Email(), PersonName(), Date("birth_date"), Identifier("passport", kind="passport")],
    blocking=[block_on("email"), block_on("last_name", "birth_date")],
)


def key(record: str) -> tuple[str, str]:
    return "records", record


@pytest.fixture(scope="module")
def model() -> Model:
    return resolve(ROWS, SPEC).model


@pytest.fixture(scope="module")
def found(model: Model) -> omniid.Resolution:
    return resolve(ROWS, SPEC.replace(link_at=1.0, review_at=-8.0), model=model)


def test_linked_directly(found: omniid.Resolution) -> None:
    told = found.explain(key("2"), key("1"))
    assert (told.is_linked, told.path) == (True, (key("2"), key("1")))
    assert told.reason == "Linked directly."
    assert "email" in str(told)


def test_linked_through_others(found: omniid.Resolution) -> None:
    told = found.explain(key("1"), key("3"))
    assert told.path == (key("1"), key("2"), key("3"))
    assert told.reason == "Linked through 1 other record: records:1 – records:2 – records:3"
    assert [(step.left, step.right) for step in told.steps] == [(key("1"), key("2")), (key("2"), key("3"))]


def test_linked_by_a_decision(model: Model) -> None:
    told = Decision("MUST_LINK", (key("8"),), (key("2"),))
    found = resolve(ROWS, SPEC.replace(link_at=1.0), model=model, decisions=[told])
    assert found.explain(key("2"), key("8")).reason == "Linked by a decision."
    through = found.explain(key("1"), key("8"))
    assert through.path == (key("1"), key("2"), key("8"))
    assert through.reason.startswith("Linked by a decision through 1 other record")
    assert through.steps[-1].decision == "MUST_LINK"
    entity = {row["record_id"]: row["entity_id"] for row in found.crosswalk}["8"]
    assert "decision" in str(found.explain_entity(entity))


def test_kept_apart_by_a_decision(model: Model) -> None:
    told = Decision("CANNOT_LINK", (key("1"),), (key("2"),))
    found = resolve(ROWS, SPEC.replace(link_at=1.0), model=model, decisions=[told])
    assert found.explain(key("1"), key("2")).reason == "Not linked: a decision keeps them apart."


def test_refused_by_a_limit(model: Model) -> None:
    found = resolve(ROWS, SPEC.replace(link_at=1.0, limits=[at_most("passport", 1)]), model=model)
    reasons = {found.explain(key(a), key(b)).reason for a, b in (("1", "2"), ("2", "3"), ("1", "3"))}
    assert "Not linked: at_most(passport, 1) stands between their clusters." in reasons


def test_below_the_threshold(model: Model) -> None:
    base = resolve(ROWS, SPEC, model=model).explain(key("4"), key("6")).steps[0].match_weight
    found = resolve(ROWS, SPEC.replace(link_at=base + 2, review_at=base - 1), model=model)
    told = found.explain(key("4"), key("6"))
    assert "is below the threshold" in told.reason
    assert "up for review" in told.reason


def test_not_brought_together_or_far_below(found: omniid.Resolution, model: Model) -> None:
    assert "is far below the threshold" in found.explain(key("4"), key("5")).reason
    lax = resolve(ROWS, SPEC.replace(link_at=1.0, review_at=-99.0), model=model)
    assert "no blocking rule brought them together" in lax.explain(key("4"), key("5")).reason


def test_the_same_record_twice(found: omniid.Resolution) -> None:
    assert found.explain(key("1"), key("1")).reason == "Both keys name the same record."


def test_lines_sum_to_the_weight(found: omniid.Resolution) -> None:
    weights = {(row["left_record_id"], row["right_record_id"]): row for row in found.scored_pairs}
    assert weights
    for (a, b), row in weights.items():
        for one, other in ((a, b), (b, a)):
            told = found.explain(key(one), key(other))
            step = next(s for s in told.steps if {s.left, s.right} == {key(a), key(b)})
            total = sum(line.bits + line.frequency for line in step.lines)
            assert step.match_weight == pytest.approx(total, abs=1e-5)
            if row["tier"] == "weighed":
                assert step.match_weight == pytest.approx(row["match_weight"], abs=1e-5)
            else:
                assert step.strong is not None
            assert step.match_probability == pytest.approx(1 / (1 + 2**-step.match_weight))


def test_an_entity_lists_its_records_and_links(found: omniid.Resolution) -> None:
    entities = {row["record_id"]: row["entity_id"] for row in found.crosswalk}
    told = found.explain_entity(entities["1"])
    assert told.records == (key("1"), key("2"), key("3"))
    weights = [bits for _, _, bits, _ in told.links]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) >= 2
    assert "records:1, records:2, records:3" in str(told)
    assert "Nothing links to it." in str(found.explain_entity(entities["5"]))


def test_a_value_shows_its_rivals(model: Model) -> None:
    found = resolve(ROWS, SPEC.replace(link_at=1.0, survivorship={"first_name": [most_frequent()]}), model=model)
    entity = {row["record_id"]: row["entity_id"] for row in found.crosswalk}["1"]
    told = found.explain_entity(entity, "first_name")
    assert (told.value, told.rule) == ("Ann", "most_frequent")
    assert [(one.value, one.survived) for one in told.candidates] == [("Ann", True), ("Ann", False), ("Anna", False)]
    assert "lost" in str(told)


def test_unknown_keys_are_named(found: omniid.Resolution) -> None:
    with pytest.raises(InputError, match=r"\('crm', '1'\) is not in the result; keys are \(source, record_id\)"):
        found.explain(("crm", "1"), key("1"))
    with pytest.raises(InputError, match="there is no entity 'nobody'"):
        found.explain_entity("nobody")
    entity = found.crosswalk[0]["entity_id"]
    with pytest.raises(InputError, match=f"entity {entity} has no value of 'shoe'; it has values of "):
        found.explain_entity(entity, "shoe")
