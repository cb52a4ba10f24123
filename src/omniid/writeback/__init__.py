"""Write-back: what a source should be told so that its records say what the golden profiles say.

A *cell* is one column of one record, as its source holds it. A plan compares what should stand in a cell, which is the golden
value where the source takes it and else the source's own value, with what stands there. So a value that was written for a
reason that no longer holds is taken back by the same comparison, and a plan that was carried out leaves nothing to plan.

Values are written in the manner of the source: `date_style`, `phone_style`, `letter_case`, `own_spellings` and `told_template`
read it off the source's own texts and their normal forms. `change_keys` names each change so that carrying it out twice does no
harm, and `standing` tells which of the changes made so far still stands in a cell, and what the source itself had there.
"""

from omniid.writeback.chains import are_followed, chain_starts, standing
from omniid.writeback.composed import ADDRESSES, NAMES, compose, told_template
from omniid.writeback.dates import DateStyle, date_style
from omniid.writeback.keys import change_keys, times_before
from omniid.writeback.phones import PhoneStyle, phone_style
from omniid.writeback.spelling import letter_case, own_spellings, with_case

__all__ = [
    "ADDRESSES",
    "NAMES",
    "DateStyle",
    "PhoneStyle",
    "are_followed",
    "chain_starts",
    "change_keys",
    "compose",
    "date_style",
    "letter_case",
    "own_spellings",
    "phone_style",
    "standing",
    "times_before",
    "told_template",
    "with_case",
]
