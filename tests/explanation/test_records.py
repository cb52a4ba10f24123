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
    Phone,
    Spec,
    at_most,
    block_on,
    most_frequent,
    resolve,
)
from omniid.datasets import generate

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
    weight = told.steps[0].match_weight
    assert told.reason == f"Linked directly: their match weight {weight:+.1f} reaches the threshold +1.0 bits."
    assert "email" in str(told)
    assert "Linked from +1.0 bits on." in str(told)
    assert "Only records:1 has: passport." in str(told)


def test_linked_through_others(found: omniid.Resolution) -> None:
    told = found.explain(key("1"), key("3"))
    assert told.path == (key("1"), key("2"), key("3"))
    assert told.reason.startswith("Linked through 1 other record: records:1 – records:2 – records:3. Compared with each other")
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
    told = Decision("CANNOT_LINK", (key("1"),), (key("2"),), author="kim", reason="mother and daughter", time="2026-05-01")
    found = resolve(ROWS, SPEC.replace(link_at=1.0), model=model, decisions=[told])
    expected = "Not linked: a decision of kim on 2026-05-01 (mother and daughter) keeps them apart."
    assert found.explain(key("2"), key("1")).reason == expected


def test_a_decision_that_was_not_followed_says_why(model: Model) -> None:
    told = [
        Decision("MUST_LINK", (key("1"),), (key("4"),), author="kim", time="2026-01-01"),
        Decision("MUST_LINK", (key("4"),), (key("5"),), time="2026-01-02"),
        Decision("CANNOT_LINK", (key("1"),), (key("5"),), time="2026-01-03"),
    ]
    found = resolve(ROWS, SPEC.replace(link_at=1.0), model=model, decisions=told)
    assert found.explain(key("4"), key("1")).reason == (
        "Not linked: a decision of kim on 2026-01-01 would make them one person, but was not followed, as decisions tie "
        "records:1 – records:4 – records:5, and a CANNOT_LINK parts the first from the last."
    )
    assert found.explain(key("4"), key("5")).reason == "Linked by a decision on 2026-01-02."


def test_what_two_records_share_that_is_no_evidence_is_told() -> None:
    same = {"line": "+48221234567", "cookie": "c-1", "fp": "F99", "phone": "+48601234567"}
    rows = [{"id": "1", "login": "ann71", **same}, {"id": "2", "login": "bob82", **same}]
    fields = [
        Identifier("login", kind="login"),
        Identifier("line", kind="proxy_phone"),
        Identifier("cookie", kind="cookie"),
        Identifier("fp", kind="fingerprint", behavior="strong", purposes=("fraud",)),
        Phone("phone", purposes=("fraud",)),
    ]
    told = str(resolve(rows, Spec(fields=fields)).explain(key("1"), key("2")))
    assert "line: both have +48221234567, a proxy_phone, issued by a third party or shared, so it is never evidence." in told
    assert "cookie: both have c1, a cookie, which ties records to a device, not to a person." in told
    assert "fp: both have f99, which is evidence for fraud only." in told
    assert "phone: both have +48601234567, which is evidence for fraud only." in told
    for_fraud = str(resolve(rows, Spec(fields=fields), purpose="fraud").explain(key("1"), key("2")))
    assert "for fraud only" not in for_fraud
    assert "cookie: both have c1" in for_fraud


def test_kept_apart_by_a_decision_on_others(model: Model) -> None:
    told = Decision("CANNOT_LINK", (key("1"),), (key("3"),))
    found = resolve(ROWS, SPEC.replace(link_at=1.0), model=model, decisions=[told])
    reasons = [found.explain(key(a), key(b)).reason for a, b in (("1", "2"), ("2", "3"))]
    refused = [
        reason for reason in reasons if reason.startswith("Not linked: a decision on records:1 and records:3 keeps their")
    ]
    assert len(refused) == 1


def test_refused_by_a_limit(model: Model) -> None:
    found = resolve(ROWS, SPEC.replace(link_at=1.0, limits=[at_most("passport", 1)]), model=model)
    reasons = {found.explain(key(a), key(b)).reason for a, b in (("1", "2"), ("2", "3"), ("1", "3"))}
    refused = "Not linked: at_most(passport, 1) stands between their clusters: p1 on the one side, p2 on the other."
    assert any(reason.startswith(refused) for reason in reasons)


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


def test_lines_stand_loudest_first(found: omniid.Resolution) -> None:
    lines = found.explain(key("1"), key("2")).steps[0].lines
    assert lines[0].field == "prior"
    said = [abs(line.bits + line.frequency) for line in lines[1:] if line.level != "missing" and line.field != "relatives"]
    assert said == sorted(said, reverse=True)
    assert len(said) > 1
    totals = [line.total for line in lines]
    steps = [line.bits + line.frequency for line in lines]
    assert totals == pytest.approx([sum(steps[: n + 1]) for n in range(len(steps))], abs=1e-5)


CUSTOMERS = ("Ava Ash", "Ben Bow", "Cid Cox", "Dee Day", "Eli Elm", "Fay Fry", "Gus Gee", "Hal Hay")
CASES = [
    dict(zip(("record_id", "email", "phone", "first_name", "last_name", "birth_date"), row, strict=True))
    for row in (
        ("own1", "mia@x.com", None, None, None, None),
        ("own2", "mia@x.com", "+44 20 7946 0101", None, None, None),
        ("copy1", "kit@x.com", None, "Kit", "Fox", None),
        ("copy2", "kit@x.com", None, "Kit", "Fox", None),
        ("wife", "home@x.com", None, "Ann", "Lee", "1980-01-02"),
        ("husband", "home@x.com", None, "Tom", "Lee", "1978-03-04"),
        ("bad", "not a mailbox", None, "Zed", "Quint", None),
        ("good", "zed@x.com", None, "Zed", "Quint", None),
        *((f"till{i}", None, "+44 20 7946 0018", *name.split(), None) for i, name in enumerate(CUSTOMERS)),
    )
]


@pytest.fixture(scope="module")
def cases() -> omniid.Resolution:
    spec = Spec(fields=[Email(), omniid.Phone(), PersonName(), Date("birth_date")], link_at=6.0, review_at=-30.0)
    return resolve(CASES, spec)


def test_a_strong_agreement_links_below_the_threshold(cases: omniid.Resolution) -> None:
    told = cases.explain(key("own1"), key("own2"))
    assert told.is_linked
    assert told.steps[0].strong == "same email"
    if told.steps[0].match_weight < 6.0:
        assert told.reason.startswith("Linked directly: same email links on its own, as nothing contradicts; by weight alone")


def test_equal_records_are_said_to_be_equal(cases: omniid.Resolution) -> None:
    assert cases.explain(key("copy1"), key("copy2")).reason.endswith("the two records are equal in all that is compared.")


def test_what_contradicts_a_strong_agreement_is_named(cases: omniid.Resolution) -> None:
    text = str(cases.explain(key("wife"), key("husband")))
    assert "same email would link on its own, but first_name and birth_date contradict." in text


def test_values_that_are_no_evidence_are_named_with_the_reason(cases: omniid.Resolution) -> None:
    till = cases.explain(key("till0"), key("till1"))
    assert "phone: 8 people use +442079460018, so it is evidence for nobody." in str(till)
    bad = str(cases.explain(key("bad"), key("good")))
    assert "email: 'not a mailbox' of records:bad was rejected: " in bad


def test_a_value_of_several_people_does_not_link_on_its_own(cases: omniid.Resolution) -> None:
    rows = [*CASES, {"record_id": "nobody", "email": "home@x.com"}]
    found = resolve(rows, cases.spec, model=cases.model)
    text = str(found.explain(key("wife"), key("nobody")))
    assert "same email does not link on its own, as 2 people use home@x.com." in text


def test_a_conflict_shows_its_sum_and_the_fields_behind_it() -> None:
    found = resolve(dict(generate(2000, seed=3, headers={}).channels))
    refused = [row for row in found.table("refusals").to_pylist() if row["limit"] == "conflict"]
    assert refused
    row = refused[0]
    ends = [(row[f"{side}_source"], row[f"{side}_record_id"]) for side in ("left", "right")]
    told = found.explain(*ends).reason
    value = row["match_weight"] + 1.5 * row["conflict"]
    assert told.startswith("Not linked: their clusters conflict too much to be one person. The best link (")
    assert f"{row['match_weight']:+.1f} + 1.5 × {row['conflict']:.1f} = {value:+.1f} bits, below the threshold" in told
    assert "bits a pair)" in told.partition("Most against it: ")[2]


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
    assert told.reason == "most records say so, each by the trust of its source"


def test_ties_before_the_rule_that_decided_are_named(model: Model) -> None:
    rows = [row | {"updated_at": f"2026-01-0{at + 1}"} for at, row in enumerate(ROWS[:2])]
    rows[0]["last_name"], rows[1]["last_name"] = "Lea", "Lee"
    spec = SPEC.replace(fields=[*SPEC.fields, omniid.Timestamp("updated_at")], link_at=1.0)
    found = resolve(rows, spec, model=model)
    told = found.explain_entity(found.crosswalk[0]["entity_id"], "last_name")
    assert (told.value, told.rule) == ("Lee", "most_recent")
    assert told.reason == "the latest record that says anything says so (most_frequent and longest left a tie)"


def test_unknown_keys_are_named(found: omniid.Resolution) -> None:
    with pytest.raises(InputError, match=r"'w1' is no record key; write \(source, record_id\)"):
        found.explain("w1", key("2"))  # type: ignore[arg-type]  # that is the point
    with pytest.raises(InputError, match=r"\('crm', '1'\) is not in the result; keys are \(source, record_id\)"):
        found.explain(("crm", "1"), key("1"))
    with pytest.raises(InputError, match="there is no entity 'nobody'"):
        found.explain_entity("nobody")
    entity = found.crosswalk[0]["entity_id"]
    with pytest.raises(InputError, match=f"entity {entity} has no value of 'shoe'; it has values of "):
        found.explain_entity(entity, "shoe")
