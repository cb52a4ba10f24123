"""One comparison of two records in plain Python comes to the level that the arrays give, whatever the records hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid.comparison as c
from omniid.errors import SpecError
from omniid.single_record import EvidenceReader, forms_of
from omniid.single_record.grading import PairGrading
from omniid.single_record.value_levels import claim_of
from omniid.spec import Spec
from omniid.tables import RecordTable
from oracle.single_records import known_numbers

NAMES = """
anna|hanna|anne|ann|j|john|jp|j p|jean pierre|jean paul|jean piere|pierre|bill|will|william|katya|ekaterina maria|robert|bob
yuliya|julia|mohammad|muhamed|mohammad reza|mohammadreza|reza|paul|paula|pavel|samir|samira|min jun|min ji|xiaoming|xiaolong
van dyke|van gogh|smith jones|jones|garcia lopez|lopez garcia|garcia perez|kowalski|kowalska|kowalczyk|meier|mayer|qasemi
ghasemi|kazlauskas|kazlauskiene|de la cruz|cruz|del carmen maria|carmen|maria|maria del carmen|o brien|obrien|ivanov|ivanova
lee|yi
"""
ADDRESSES = "ann@x.com|ann@y.com|anna1979@x.com|anna1970@x.com|anna1971@x.com|garcia.l@x.com|garcia.lo@y.com|kowal@x.pl|k@x.pl"
HANDLES = "annjones@x.com|ann.jones2@x.com|j_anne@x.com|annejones1979@x.com|anne_jones_1979@x.com|jpcruz@x.com|jp.cruz12@x.com"
DATES = "1980-05-03|1980-03-05|1980-05-04|1980-05|1980-06|1980|1981-05-03|1981-06-03|0000-00-00|1980-5-3|none"
STREETS = "12 main st|12 mian st|14 main st|main st|12 5th ave|12 6th ave|12 main st 4|12 main st 5|7|main main st"
VALUES = {
    "first": NAMES.replace("\n", "|").strip("|").split("|"),
    "email": f"{ADDRESSES}|{HANDLES}".split("|"),
    "handle": HANDLES.split("|"),
    "phone": ["+79162000001", "89162000001", "+79162000010", "2000001", "+48501234567", "501234567"],
    "born": DATES.split("|"),
    "street": STREETS.split("|"),
    "code": ["12345678", "12345687", "1234", "1243", "12435678", "00950", "00951"],
    "city": ["leeds", "leeda", "york", "new york"],
    "note": ["blue suede shoes", "shoes of blue suede", "blue", "blue blue shoes", "night", "nights"],
    "number": ["100", "109", "101", "1e400", "nan", "x", "-3"],
    "day": ["2024-02-28", "2024-03-01", "2024", "2024-02-30"],
}
VALUES |= {"last": VALUES["first"], "middle": VALUES["first"]}
cells = {
    name: st.sampled_from(said) | st.lists(st.sampled_from(said), max_size=3) | st.text("abz1 @.-", min_size=1, max_size=6)
    for name, said in VALUES.items()
}
rows = st.fixed_dictionaries({}, optional=cells)
COMPARISONS = [
    c.person_first_name("first", last="last", middle="middle"),
    c.person_last_name("last"),
    c.middle_name("middle"),
    c.email("email", names=("first", "last")),
    c.phone("phone"),
    c.birth_date("born"),
    c.street("street"),
    c.place("code", "city"),
    c.identifier("code"),
    c.text("note"),
    c.number("number"),
    c.Comparison("days", ("day",), (c.DateDifference(days=2), c.SameDate(name="same day"))),
    c.identifier("handle", names=("first", "last", "middle")),
    c.Comparison("overlap", ("first",), (c.Overlap(2), c.Overlap(1, name="one"))),
    c.Comparison("grams", ("note",), (c.QGrams(0.6), c.Levenshtein(2, shortest=3, name="near"))),
    c.Comparison("claim", ("city",), (c.Custom(lambda a, b: a[:2] == b[:2], "starts alike"),)),
    c.Comparison("compact", ("last",), (c.JaroWinkler(0.8, of="compact"), c.DateParts(1, name="parts"))),
    c.Comparison("explained", ("email",), (c.Unless(c.Exact(), c.SpelledFromNames(("last",))), c.EmailEdits(1))),
    c.Comparison("swapped", ("last",), (c.SwappedParts("first"), c.Exact())),
]


@given(rows, rows, st.booleans())
def test_levels_are_those_of_the_arrays(one, two, alike):
    if alike:
        two = {**one, **dict(list(two.items())[:3])}
    records = [{**dict.fromkeys(VALUES), **row, "record_id": f"{number}"} for number, row in enumerate([one, two])]
    table = RecordTable.of(records)
    reader, numbered = EvidenceReader(Spec()), known_numbers(table)
    left, right = (reader.read(forms).values for forms in forms_of(table))
    batch = c.PairComparer(table, COMPARISONS).graded(np.array([0]), np.array([1]))[0].tolist()
    gradings = [PairGrading(comparison, numbered) for comparison in COMPARISONS]
    said = {comparison.name: level for comparison, level in zip(COMPARISONS, batch, strict=True)}
    assert {one.name: grading.grade(left, right) for one, grading in zip(COMPARISONS, gradings, strict=True)} == said
    assert {one.name: grading.grade(right, left) for one, grading in zip(COMPARISONS, gradings, strict=True)} == said


def test_names_meet_as_in_the_arrays():
    names = VALUES["first"]
    table = RecordTable.of([{"record_id": f"{at:03}", "first": name} for at, name in enumerate(names)])
    comparison = c.Comparison("name", ("first",), COMPARISONS[1].levels)
    left, right = (part.astype(np.int32) for part in np.triu_indices(len(names)))
    batch = c.PairComparer(table, [comparison]).graded(left, right)[:, 0].tolist()
    grading = PairGrading(comparison, known_numbers(table))
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    assert [grading.grade({"first": (names[i],)}, {"first": (names[j],)}) for i, j in pairs] == batch


class OwnLevel:
    """A level of a user's own, on two values."""

    name, means = "first letter", "they begin alike"

    def holds(self, pairs):
        return np.array(
            [a[0] == b[0] for a, b in zip(pairs.values.texts[pairs.left], pairs.values.texts[pairs.right], strict=True)]
        )


class OwnRecordLevel(OwnLevel):
    reads = ()

    def holds_rows(self, records, own, left, right):
        return np.ones(len(left), bool)


def test_levels_of_your_own_are_asked_on_arrays_of_one():
    claim = claim_of(OwnLevel(), lambda *_: False)
    assert claim("ann", "abe")
    assert not claim("ann", "bob")


def test_a_level_of_your_own_on_whole_records_is_refused():
    with pytest.raises(SpecError, match="OwnRecordLevel of your own on whole records"):
        PairGrading(c.Comparison("own", ("first",), (OwnRecordLevel(),)), lambda *_: False)
