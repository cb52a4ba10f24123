"""Inference: what each column of a source holds, when nobody has declared it.

A guess rests on two things. The *header* is read in the languages that customer files come in: words are split, folded and
looked up in `data/headers.toml`, so `BillingZip`, "Почтовый индекс" and "kod pocztowy" all mean a postcode. The *values*, a
sample that does not depend on row order, confirm it, veto it, or speak where the header says nothing: a column called "mail"
without an @ is no e-mail address, and one called "c7" that is full of them is.

Columns that mean the same share a field (e-mail addresses, phones, identifiers) or compete for it (names, addresses, dates).
All that is left over is an attribute: kept on the profile, never evidence. Each guess carries its reason in plain words.

Event tables have roles of their own (`data/events.toml`): time, type, basket, order, amount …, and their types have meanings.

`guess_region` then says which country's rules read the phone numbers that are written without a country code.
"""

from omniid.inference.event_roles import EventGuess, guess_event_columns, guess_types
from omniid.inference.event_words import meaning_of_type, state_of_status
from omniid.inference.guess import guess_columns
from omniid.inference.infer import infer_spec, spec_from_inputs
from omniid.inference.region import guess_region

__all__ = [
    "EventGuess",
    "guess_columns",
    "guess_event_columns",
    "guess_region",
    "guess_types",
    "infer_spec",
    "meaning_of_type",
    "spec_from_inputs",
    "state_of_status",
]
