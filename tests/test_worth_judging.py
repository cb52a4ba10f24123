"""Which pairs are most worth judging."""

import numpy as np
import pytest

import omniid
from omniid import Decision, InputError, Labels, datasets
from omniid.worth_judging import chosen_pairs


@pytest.fixture(scope="module")
def found():
    return omniid.resolve(dict(datasets.generate(800, seed=3).channels))


def keys_of(table):
    return [
        ((row["left_source"], row["left_record_id"]), (row["right_source"], row["right_record_id"]))
        for row in table.to_pylist()
    ]


def test_it_is_a_table_of_pairs_to_fill_in_and_to_read_back(found, tmp_path):
    table = found.worth_judging(20)
    assert len(table) == len(set(keys_of(table))) == 20
    assert len(omniid.read_labels(table)) == 0
    frame = table.to_pandas().assign(same="yes")
    frame.to_csv(tmp_path / "labels.csv", index=False)
    assert set(omniid.read_labels(tmp_path / "labels.csv").pairs) == {tuple(sorted(pair)) for pair in keys_of(table)}


def test_fewer_are_the_first_of_more_whatever_the_order_of_rows(found):
    few, many = keys_of(found.worth_judging(10)), keys_of(found.worth_judging(40))
    assert many[:10] == few
    channels = datasets.generate(800, seed=3).channels
    turned = {name: frame.take(list(range(frame.num_rows))[::-1]) for name, frame in channels.items()}
    assert keys_of(omniid.resolve(turned).worth_judging(10)) == few


def test_they_are_doubtful_and_unlike_each_other(found):
    scores, at = found.parts.scores, chosen_pairs(found.parts, 40)
    assert np.median(np.abs(scores.weight[at])) < np.median(np.abs(scores.weight))
    patterns = np.unique(scores.levels[at], axis=0)
    assert len(patterns) >= 10


def test_what_people_said_is_not_asked_again(found):
    first, second = keys_of(found.worth_judging(2))
    assert first not in keys_of(found.worth_judging(500, known=Labels({first: True})))
    assert not {first, second} & set(keys_of(found.worth_judging(500, known=Labels({first: True, second[::-1]: False}))))
    decided = found.what_if(decisions=[Decision("UNSURE", (first[0],), (first[1],))]).apply()
    assert first not in keys_of(decided.worth_judging(500))
    persons = Labels(persons=dict.fromkeys(first, "x"))
    assert first not in keys_of(found.worth_judging(500, known=persons))


def test_there_may_be_fewer_than_asked_for(found):
    assert len(found.worth_judging(10**6)) == len(found.parts.scores.left)


def test_nothing_to_judge_is_an_empty_table():
    lone = omniid.resolve([{"id": "1", "email": "ann@x.com"}])
    assert len(lone.worth_judging(5)) == 0


def test_none_is_no_number(found):
    with pytest.raises(InputError, match="n is 0"):
        found.worth_judging(0)
