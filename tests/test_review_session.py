"""A sitting over pairs to judge, and the file of its answers."""

import json

import pytest

import omniid
from omniid import InputError, datasets, read_decisions
from omniid.decisions import standing
from omniid.review_session import ReviewSession, append, mend, review_queue


@pytest.fixture(scope="module")
def found():
    return omniid.resolve(dict(datasets.generate(400, seed=11).channels))


@pytest.fixture
def session(found, tmp_path):
    return ReviewSession(found.parts, review_queue(found.parts, worth=20), tmp_path / "answers.jsonl", author="kim")


def test_each_answer_is_on_the_disk_at_once(session):
    for number, kind in enumerate(("MUST_LINK", "CANNOT_LINK", "UNSURE"), start=1):
        session.answer(kind)
        told = read_decisions(session.path)
        assert [one.kind for one in told][-1] == kind
        assert len(told) == number
    assert {one.author for one in told} == {"kim"}


def test_a_later_sitting_goes_on_where_this_one_stopped(session, found):
    first = session.pairs[:3]
    session.answer("MUST_LINK")
    session.skip()
    session.answer("UNSURE")
    later = ReviewSession(found.parts, review_queue(found.parts, worth=20), session.path)
    assert first[1] in later.pairs  # skipped, so asked again
    assert not {first[0], first[2]} & set(later.pairs)
    assert len(later.pairs) == len(session.pairs) - 2


def test_back_takes_the_last_answer_back_and_asks_again(session):
    assert not session.back()
    session.answer("MUST_LINK")
    session.answer("CANNOT_LINK")
    assert session.back()
    assert session.place == 1
    session.answer("MUST_LINK")
    assert [one.kind for one in read_decisions(session.path)] == ["MUST_LINK", "CANNOT_LINK", "UNDO", "MUST_LINK"]
    assert [one.kind for one in standing(read_decisions(session.path))] == ["MUST_LINK", "MUST_LINK"]


def test_the_queue_ends(session):
    for count, _ in enumerate(session.asked()):
        assert count < 20
        session.skip()
    assert list(session.asked()) == []


def test_a_line_that_was_not_written_to_its_end_is_cut_off(session, found):
    session.answer("MUST_LINK")
    whole = session.path.read_bytes()
    session.path.write_bytes(whole + b'{"kind": "MUST_LI')
    again = ReviewSession(found.parts, review_queue(found.parts, worth=20), session.path)
    assert session.path.read_bytes() == whole
    assert len(again.earlier) == 1


def test_a_whole_last_line_without_an_end_gets_one(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps({"a": 1}))
    mend(path)
    assert path.read_text() == '{"a": 1}\n'
    mend(tmp_path / "none.jsonl")


def test_a_file_that_cannot_be_written_is_said(session, tmp_path):
    session.answer("UNSURE")
    with pytest.raises(InputError, match="cannot be written"):
        append(tmp_path / "no" / "folder.jsonl", session.answers[0][1])


def test_the_review_queue_is_asked_most_likely_first(found):
    pairs = review_queue(found.parts)
    scores = found.parts.scores
    sides = zip(scores.left.tolist(), scores.right.tolist(), scores.weight.tolist(), strict=True)
    weight = {(left, right): bits for left, right, bits in sides}
    asked = [weight[pair] for pair in pairs if pair in weight]
    assert asked == sorted(asked, reverse=True)
    assert len(pairs) == found.summary.to_review


def test_answers_are_decisions_and_labels_both(session, found):
    for _ in session.asked():
        session.answer("MUST_LINK")
    channels = dict(datasets.generate(400, seed=11).channels)
    again = omniid.resolve(channels, labels=session.path, decisions=session.path)
    assert again.model.judged["same"] + again.model.judged["unmade"] > 0
    left, right = (found.parts.records.key(row) for row in session.pairs[1])
    assert again.explain(left, right).is_linked
    assert all(session.labels().pairs.values())
