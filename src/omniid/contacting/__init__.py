"""Contacting: by what the people of a result can be reached, whether they may be, and lists of whom to write to.

The records say what they say in many columns; `values` brings their addresses and numbers together, `statements` what is said
of them. `reaching` works out the rest with the rooms `contacts` and `consent`. `tables` shows it as frames, `lists` makes the
list for one purpose and channel, and says whom it leaves out and why.
"""

from omniid.contacting.lists import ContactList, list_contacts
from omniid.contacting.reaching import CHANNELS, Reach, find_reach, may_contact
from omniid.contacting.tables import consent_table, contacts_table

__all__ = ["CHANNELS", "ContactList", "Reach", "consent_table", "contacts_table", "find_reach", "list_contacts", "may_contact"]
