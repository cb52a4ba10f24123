"""Data quality: how good the records are that came, per source and field, and what to fix first.

The room `quality` asks whether records were brought together rightly. This one takes that for granted and asks what the sources
sent: once it is known which records are one person, sources can be held against each other.

Records are counted in each source by themselves, and so are people: a person whom three sources know counts in each of them.
All figures are shares of something that is named, and a share of nothing is nan.

==============  ==========================================================================================================
completeness    records that sent a value / records of the source
validity        records that sent values of which none was rejected / records that sent a value
uniqueness      distinct values / values; `several` counts the values that two or more people hold
agreement       people whose value another source confirms / people of whom another source has a value too
staleness       people whose newest value stands in another source and is another one / people whose value has an event time
==============  ==========================================================================================================

One file each: `members` (whose the records are), `completeness`, `uniqueness`, `agreement`, `staleness`, `faults` (rejects),
`marks` (values that stand for many, for nobody, or can't be read), `mark_counts`, `measures` (all of it, one field after the
other), `tables`, `issues` (what to fix first), `wording`.
"""

from omniid.data_quality.fields import MeasuredField
from omniid.data_quality.issues import PROBLEMS, Issue, find_issues
from omniid.data_quality.marks import MARKS
from omniid.data_quality.measures import Measures, measure
from omniid.data_quality.members import Members
from omniid.data_quality.tables import (
    agreement_table,
    classes_table,
    fields_table,
    rejects_table,
    sources_table,
    values_table,
)

__all__ = [
    "MARKS",
    "PROBLEMS",
    "Issue",
    "MeasuredField",
    "Measures",
    "Members",
    "agreement_table",
    "classes_table",
    "fields_table",
    "find_issues",
    "measure",
    "rejects_table",
    "sources_table",
    "values_table",
]
