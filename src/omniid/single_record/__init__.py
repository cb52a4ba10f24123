"""One record, normalised, keyed and scored in plain Python: what a batch does to columns, done to a few values.

A service sends one record at a time and waits for the answer. Arrays pay off from some thousand values on; for one record
nearly all of their time is fixed cost. So each stage has a twin here that takes plain values and gives exactly what the
array path gives, property-tested against it:

::

    forms                       Forms: what normalisation made of one record, as plain data to keep; to and from tables
    reader                      RecordReader: the cells of one record → its Forms
    cells · readings · person_readings · address_readings · stopping        how
    evidence                    EvidenceReader: Forms and value classes → what of a record is evidence
    ready_records · briefs      ReadyRecord: a record as scoring reads it; Briefs: the same as one short text that a store keeps
    scorer · first_looks        PairScorer: two records → weight, tier and levels, or None early where no link can come of it
    grading · value_levels · name_claims        levels of one comparison, of two values
    record_keys                 KeyMaker: the keys under which a record is filed, and those under which it looks for others
    edit_pairs                  EditPairs: whether two records that share a key of `one_edit` are a pair indeed
    weighing · hashes           what levels weigh, and which values are frequent
    field_conflicts             what speaks against a pair, field by field

What is worked out per value (the parts of a name, its spelling keys …) is remembered for the values that recur.
"""

from omniid.single_record.briefs import Briefs
from omniid.single_record.edit_pairs import EditPairs
from omniid.single_record.evidence import ClassOf, Evidence, EvidenceReader, KnownHash
from omniid.single_record.first_looks import LEAST
from omniid.single_record.forms import Entry, FormColumns, Forms, forms_of, normal_of, packed, table_of, unpacked
from omniid.single_record.reader import RecordReader
from omniid.single_record.ready_records import ReadyRecord
from omniid.single_record.record_keys import KeyMaker, RecordKeys
from omniid.single_record.scorer import GradedPair, PairScorer, ScoredPair

__all__ = [
    "LEAST",
    "Briefs",
    "ClassOf",
    "EditPairs",
    "Entry",
    "Evidence",
    "EvidenceReader",
    "FormColumns",
    "Forms",
    "GradedPair",
    "KeyMaker",
    "KnownHash",
    "PairScorer",
    "ReadyRecord",
    "RecordKeys",
    "RecordReader",
    "ScoredPair",
    "forms_of",
    "normal_of",
    "packed",
    "table_of",
    "unpacked",
]
