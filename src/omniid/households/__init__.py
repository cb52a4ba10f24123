"""Households and relations: who lives with whom, read from the evidence beside the identities and never changing them.

Entities come in as numbers, one per record, with the columns of the records; people stay apart whatever is found here.

Two entities are *tied* by fields that agree: a postal address, a surname, a contact value that few people use. Some of that is
enough alone (a flat), some needs a second field (a house number in a block of flats needs the surname or a contact value).
A tie's strength is the number of fields that agree.

A *household* is the largest set of tied entities, from the strongest ties on, that is still believable: at most `MOST_PEOPLE`,
and one home. All ties of one strength count at once, so no order of records, files or entities can change a household, and a
chain of weak ties stops where it reaches too far.

A *relation* is a hint in words about two entities that live together or share a contact value: twin, parent and child, spouse,
housemate. It is read from birth dates, surnames and first names, and from third people (two adults with one child).

One file each: `observed` (what entities hold), `surnames` (Kowalski and Kowalska are one family), `places` (homes), `ties`,
`forming` (households), `births` (when, how exactly), `relatives` (hints), `finding` (`find_households` itself).
"""

from omniid.households.finding import Facts, Households, find_households
from omniid.households.forming import MOST_PEOPLE
from omniid.households.relatives import RELATIONS, Relations
from omniid.households.surnames import family_names

__all__ = ["MOST_PEOPLE", "RELATIONS", "Facts", "Households", "Relations", "family_names", "find_households"]
