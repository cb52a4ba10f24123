"""Contacts: by what each entity can be reached, and which of its addresses and numbers does it best.

`gather_points` brings together what the records of an entity hold: one contact point per kind and value, with the spelling that
came last, when it was last seen, in how many records and sources. `rank_points` orders those of one kind by principle: valid
before rejected, one's own before what everybody uses, verified, personal, recent, frequent; never by the order of rows. Each
place has its reason.
"""

from omniid.contacts.points import ContactEntries, ContactPoints, gather_points
from omniid.contacts.ranking import CRITERIA, MAYBE, NO, YES, Ranking, rank_points

__all__ = [
    "CRITERIA",
    "MAYBE",
    "NO",
    "YES",
    "ContactEntries",
    "ContactPoints",
    "Ranking",
    "gather_points",
    "rank_points",
]
