"""Compare: say how alike the two records of a candidate pair are, field by field.

A `Comparison` is one dimension of evidence, declared as an ordered list of levels, the closest first. Comparing a pair gives
one small number per comparison, its *level*: -1 missing, 0 "else" (none of the levels holds), and higher the closer. Together
they are the pair's comparison vector; nothing is weighed here.

::

    library · address_library    ready-made comparisons by kind: person_first_name, birth_date, email, street …
    comparisons   Comparison: fields, levels, first guesses of m, who shares it, when it is silent
    levels        what a level is; Exact, Numeric, Overlap, Custom, and how to combine levels: AnyOf, On
    text_levels · name_levels · spelling_levels · date_levels · contact_levels · street_levels    JaroWinkler, Nickname …
    alike_names                                   AlikeNames, SameFamily: spelled alike, and not known as other people's
    given_parts                                   GivenParts: the name somebody goes by stands in another field
    record_levels                                 levels that read two fields of both records: SwappedParts
    plain         levels as plain data
    values · bounds · field_items                 distinct values, bags of their letters, what each record holds
    outcomes · screens                            which levels are possible: as bits, and by codes alone
    grading · comparison_grader                   how: what may hold, from numbers; then each distinct pair of values once
    comparer · vectors                            PairComparer for one table; compare: candidate pairs → comparison vectors

Missing is neither agreement nor disagreement: a level is never asked about a missing value. Levels depend on the two values
only and are symmetric in them. Where records hold several values in a field, the closest pair of values counts.

A date such as 1980 that agrees with 1980-05-03 is at the level "partial": less than agreement, no disagreement.
"""

from omniid.comparison.alike_names import AlikeNames, SameFamily
from omniid.comparison.comparer import PairComparer
from omniid.comparison.comparisons import Comparison
from omniid.comparison.contact_levels import EmailEdits, SameEnd, SameLocalPart, UnlessNumbered
from omniid.comparison.date_levels import DateDifference, DateParts, DayMonthExchanged, Partial, SameDate, SameYear
from omniid.comparison.frozen_numbers import freeze_numbered, numbered_words
from omniid.comparison.given_parts import GivenParts
from omniid.comparison.levels import AnyOf, Custom, Exact, Level, Numeric, On, Overlap, level_holds
from omniid.comparison.library import (
    birth_date,
    category,
    city,
    device,
    email,
    identifier,
    middle_name,
    name_suffix,
    number,
    person_first_name,
    person_last_name,
    phone,
    place,
    postcode,
    street,
    text,
    unit,
)
from omniid.comparison.name_levels import Initial, Nickname, SharedPart
from omniid.comparison.plain import level_from_plain, level_to_plain
from omniid.comparison.record_levels import RecordLevel, SpelledFromNames, SwappedParts, Unless
from omniid.comparison.screens import Screen
from omniid.comparison.spelled_out import SpelledOut
from omniid.comparison.spelling_levels import OtherSpelling
from omniid.comparison.street_levels import AlikeWithoutDifferingNumber, SameStreet
from omniid.comparison.text_levels import DamerauLevenshtein, JaroWinkler, Levenshtein, QGrams, TokenSet
from omniid.comparison.vectors import compare, compare_pairs, compare_rows

__all__ = [
    "AlikeNames",
    "AlikeWithoutDifferingNumber",
    "AnyOf",
    "Comparison",
    "Custom",
    "DamerauLevenshtein",
    "DateDifference",
    "DateParts",
    "DayMonthExchanged",
    "EmailEdits",
    "Exact",
    "GivenParts",
    "Initial",
    "JaroWinkler",
    "Level",
    "Levenshtein",
    "Nickname",
    "Numeric",
    "On",
    "OtherSpelling",
    "Overlap",
    "PairComparer",
    "Partial",
    "QGrams",
    "RecordLevel",
    "SameDate",
    "SameEnd",
    "SameFamily",
    "SameLocalPart",
    "SameStreet",
    "SameYear",
    "Screen",
    "SharedPart",
    "SpelledFromNames",
    "SpelledOut",
    "SwappedParts",
    "TokenSet",
    "Unless",
    "UnlessNumbered",
    "birth_date",
    "category",
    "city",
    "compare",
    "compare_pairs",
    "compare_rows",
    "device",
    "email",
    "freeze_numbered",
    "identifier",
    "level_from_plain",
    "level_holds",
    "level_to_plain",
    "middle_name",
    "name_suffix",
    "number",
    "numbered_words",
    "person_first_name",
    "person_last_name",
    "phone",
    "place",
    "postcode",
    "street",
    "text",
    "unit",
]
