"""Entity ids: how entities are called, and how they keep their names from run to run.

Partition and profiles never depend on history; only names do. An `IdLedger` holds every id that was ever issued, in the order
of issue, with the records that it names, or named last. `carry_over` names the entities of a run after those of the one
before:

1. Records vote, each for the id that it had.
2. Where an id's members fall apart into exactly the sets that had merged, each takes back its id: merging and undoing gives
   both old ids back. Records that came later follow whom they are with.
3. Else each id nominates the entity that holds most of its members.
4. An entity takes the first-issued of the ids that nominate it; the others redirect to it until they are revived.
5. An entity that nobody nominates revives the first-issued retired id whose last member set equals its own: a customer who
   is deleted and added again gets the old id. Else it gets a new one.
6. An id is never issued again to other members.

The unchanged majority is settled on arrays; only ids whose members fall apart after a merge are looked at one by one.

One file each: `record_keys` (keys as columns), `new_ids`, `ledger` (`IdLedger` and what ids named before), `carrying_over` (the
rules), `taking_back` (rule 2), `ledger_files` (a ledger in a folder, or of a bare crosswalk).
"""

from omniid.entity_ids.carrying_over import carry_over
from omniid.entity_ids.ledger import IdLedger, PastSets
from omniid.entity_ids.ledger_files import ledger_of_crosswalk, ledger_tables, read_ledger, read_saved
from omniid.entity_ids.new_ids import new_entity_id, new_entity_ids
from omniid.entity_ids.record_keys import RecordKeys

__all__ = [
    "IdLedger",
    "PastSets",
    "RecordKeys",
    "carry_over",
    "ledger_of_crosswalk",
    "ledger_tables",
    "new_entity_id",
    "new_entity_ids",
    "read_ledger",
    "read_saved",
]
