"""Answers print what a person asks: values, level, bits, and what was not compared."""

from datetime import UTC, datetime

from omniid.answers import Candidate, EntityExplanation, EvidenceLine, PairEvidence, PairExplanation, ValueExplanation, key_text

LINES = (
    EvidenceLine("prior", "", "", "", 0.001, 1.0, -10.0, 0.0, -10.0),
    EvidenceLine("email", "a@x.com", "a@x.com", "exact", 0.9, 0.0001, 13.0, -1.5, 1.5),
    EvidenceLine("city", "", "York", "missing", None, None, 0.0, 0.0, 1.5),
)


def test_the_last_total_is_the_match_weight_and_missing_fields_are_folded() -> None:
    evidence = PairEvidence(("crm", "1"), ("web", "2"), LINES, "same email")
    assert evidence.match_weight == 1.5
    assert 0.73 < evidence.match_probability < 0.74
    text = str(evidence)
    assert text.splitlines()[0] == "crm:1  ~  web:2"
    assert "Only web:2 has: city." in text
    assert "Links on its own: same email." in text
    assert "York" not in text


def test_long_values_are_cut_for_the_eye_only() -> None:
    long = EvidenceLine("street", "x" * 90, "y", "else", 0.1, 0.9, -3.0, 0.0, -3.0)
    assert "x" * 28 not in str(PairEvidence(("a", "1"), ("a", "2"), (long,)))
    assert long.left == "x" * 90


def test_explanations_start_with_the_answer() -> None:
    pair = PairExplanation(("a", "1"), ("a", "2"), False, (), (), "Not linked: a decision keeps them apart.")
    assert str(pair) == "Not linked: a decision keeps them apart."
    lone = EntityExplanation("e1", (("a", "1"),), ())
    assert str(lone).startswith("Entity e1: 1 record")
    time = datetime(2026, 1, 2, tzinfo=UTC)
    kept = Candidate("York", "york ", "crm", "1", time, survived=True)
    lost = Candidate("Leeds", "Leeds", "web", "2", None, survived=False)
    text = str(ValueExplanation("e1", "city", "York", "most_recent", (kept, lost)))
    assert text.startswith("city of e1 is 'York', decided by: most_recent")
    assert [line.split()[-1] for line in text.splitlines()[2:]] == ["survived", "lost"]
    assert key_text(("crm", "7")) == "crm:7"
