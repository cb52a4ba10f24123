"""Sharing: how many people use a contact value, so that shared values don't join strangers.

A personal e-mail address names one person, a family's mailbox a few, a shop's own number typed in at the till hundreds.
Counting rows can't tell a frequent buyer from a shared mailbox, so people are counted: by who the records say they are.
"""

from omniid.sharing.people import count_people, without_generic

__all__ = ["count_people", "without_generic"]
