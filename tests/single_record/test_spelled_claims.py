"""Addresses spelled right from names: asked about two records, the answer is that of the batch."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.comparison import SpelledOut
from omniid.comparison.field_items import Records
from omniid.single_record.spelled_claims import spelled_out
from omniid.tables import Column, RecordTable

NAMES = ("first", "last")
WORD = st.sampled_from(["jan", "nowak", "nowyk", "li", "o'brien", "anna-maria", "王芳", "иван", "de la cruz", "x", "-"])
SHAPES = ("{0}{1}", "{0}.{1}", "{1}_{0}", "{2}{1}", "{0}", "{0}{1}7", "{0}{1}1990", "{1}1990", "77", "{3}{0}{1}")
FORM = st.tuples(st.sampled_from(SHAPES), WORD, WORD, st.sampled_from(["@a.pl", "@b.pl", ""]))
ADDRESS = FORM.map(lambda one: one[0].format(one[1], one[2], one[1][:1], "y" * 61) + one[3])
VALUES = {"mail": ADDRESS, "first": WORD, "last": WORD}


def records_of(found, fields):
    """The records as the batch reads them: columns of any number of values each."""
    columns = {}
    for name in fields:
        ends = np.cumsum([0, *(len(one[name]) for one in found)])
        columns[name] = Column.of([value for one in found for value in one[name]], ends)
    table = RecordTable.of([{"record_id": str(number)} for number in range(len(found))])
    return Records(replace(table, columns=columns))


@pytest.mark.parametrize("most", [1, 3])
@given(st.data())
def test_two_records_are_told_what_the_batch_tells(most, data):
    one = st.fixed_dictionaries(
        {name: st.lists(values, max_size=most, unique=True).map(tuple) for name, values in VALUES.items()}
    )
    found = data.draw(st.lists(one, min_size=2, max_size=12))
    left, right = (np.array(side, np.int32) for side in zip(*combinations(range(len(found)), 2), strict=True))
    told = SpelledOut(NAMES).holds_rows(records_of(found, VALUES), "mail", left, right)
    claim = spelled_out(NAMES, "mail")
    assert told.tolist() == [claim(found[a], found[b]) for a, b in zip(left, right, strict=True)]
