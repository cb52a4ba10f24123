"""Sharing: how many people use a contact value, so that shared values don't join strangers.

A personal e-mail address names one person, a family's mailbox a few, a shop's own number typed in at the till hundreds.
Counting rows can't tell a frequent buyer from a shared mailbox, so people are counted: by who the records say they are
(`people`). From the count and a threshold per kind every value gets a *value class* (`value_classes`): personal, household,
weak (nobody can tell) or shared. A shared value is *generic*: missing for every later stage. Placeholders, which are no values
at all, are rejected before, and listed with the others (`listing`).

The thresholds (`thresholds`) are frozen in the model; the count is live. So a value becomes generic when the people on it
grow too many, and personal again when they leave, and the order in which records came plays no part.
"""

from omniid.sharing.listing import value_classes_table
from omniid.sharing.people import count_people
from omniid.sharing.thresholds import PEOPLE_AT_MOST, ROWS_ABOVE, Thresholds, checked_people_at_most, checked_value_classes
from omniid.sharing.value_classes import VALUE_CLASSES, ValueClasses, without_generic

__all__ = [
    "PEOPLE_AT_MOST",
    "ROWS_ABOVE",
    "VALUE_CLASSES",
    "Thresholds",
    "ValueClasses",
    "checked_people_at_most",
    "checked_value_classes",
    "count_people",
    "value_classes_table",
    "without_generic",
]
