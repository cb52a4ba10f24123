"""Words that go with many numbers are listed once, and then told by the list alone."""

import numpy as np

from omniid import Email, Spec, resolve
from omniid.comparison import AnyOf, Comparison, Exact, On, UnlessNumbered, compare_rows, freeze_numbered, numbered_words
from omniid.comparison.contact_levels import EmailEdits
from omniid.comparison.library import email
from omniid.single_record.evidence import Evidence
from omniid.single_record.scorer import PairScorer
from omniid.tables import RecordTable


def table_of(values):
    return RecordTable.of([{"record_id": f"{at:02}", "email": value} for at, value in enumerate(values)])


MANY = table_of(["anna70@a.com", "anna79@a.com", "anna83@a.com", "olga70@a.com", "olga76@a.com"])
PAIRS = np.array([0, 3], np.int32), np.array([1, 4], np.int32)


def test_listed_comparisons_say_what_counted_ones_do_where_they_were_counted():
    plain = [email("email")]
    frozen = freeze_numbered(plain, MANY, None)
    every = np.triu_indices(len(MANY), 1)
    left, right = (side.astype(np.int32) for side in every)
    assert (compare_rows(MANY, left, right, plain) == compare_rows(MANY, left, right, frozen)).all()
    assert [one.traits for one in frozen] == [one.traits for one in plain]


def test_a_part_is_compared_as_the_whole_was():
    words = numbered_words(freeze_numbered([email("email")], MANY, None))
    part = MANY.take(np.array([0, 1], np.int32))
    part = table_of([part.columns["email"].entries_of(row)[0] for row in range(2)])
    one, two = np.array([0], np.int32), np.array([1], np.int32)
    told = freeze_numbered([email("email")], part, words)
    assert compare_rows(part, one, two, told).tolist() == [[0]]
    assert compare_rows(part, one, two, [email("email")]).tolist() == [[2]]  # what two records alone would say
    assert freeze_numbered([email("email")], part, {})[0].levels[2].words == ()


def test_levels_within_levels_are_listed_too():
    numbered = UnlessNumbered(EmailEdits(2))
    nested = Comparison("mail", ("other", "email"), (Exact(), AnyOf((On("email", numbered),), name="near")))
    assert set(numbered_words(freeze_numbered([nested], MANY, None))) == {"email, value, 3"}
    assert numbered_words([nested]) == {}
    absent = Comparison("mail", ("mail",), (Exact(), numbered))
    assert numbered_words(freeze_numbered([absent], MANY, None)) == {"mail, value, 3": ()}


def test_one_pair_is_told_by_the_list_too():
    spec = Spec(fields=[Email("email")], incremental=True)
    rows = [{"id": f"{at:03}", "email": f"{name}{at % 40}@a.com"} for at, name in enumerate(["anna", "olga", "eve"] * 40)]
    found = resolve(rows, spec)
    scorer = PairScorer(found.spec, found.model)
    left, right, pairs = found.parts.scores.left, found.parts.scores.right, found.parts.scores
    texts = found.parts.evidence.columns["email"]
    assert any(words for words in found.model.frozen.numbers.values())
    for at in range(0, len(pairs), max(len(pairs) // 50, 1)):
        one, two = (scorer.ready(Evidence({"email": tuple(texts.entries_of(int(row)))})) for row in (left[at], right[at]))
        assert scorer.score(one, two).weight == pairs.weight[at]
