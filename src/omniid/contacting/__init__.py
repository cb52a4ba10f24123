"""Contacting: by what the people of a result can be reached, whether they may be, and lists of whom to write to.

The records say what they say in many columns; `values` brings their addresses and numbers together, `statements` what is said
of them. `contact_book` works out the rest with the rooms `contacts` and `consent`. `tables` shows it as frames, `lists` makes
the list for one purpose and channel, and `refusals` says whom it leaves out and why.
"""

from omniid.contacting.channels import channel_filter
from omniid.contacting.contact_book import CHANNELS, ContactBook, make_contact_book, may_contact
from omniid.contacting.lists import ContactList, list_contacts
from omniid.contacting.tables import consent_table, contacts_table

__all__ = [
    "CHANNELS",
    "ContactBook",
    "ContactList",
    "channel_filter",
    "consent_table",
    "contacts_table",
    "list_contacts",
    "make_contact_book",
    "may_contact",
]
