"""The id ledger: every id that was ever issued, whom it names now, and the record sets that it named before."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.entity_ids.record_keys import RecordKeys
from omniid.tables import Codes
from omniid.tables.arrays import text_array

__all__ = ["IdLedger", "PastSets"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PastSets:
    """Record sets that ids named before they merged or were retired.

    An id that names nobody now has exactly one set with ``into != owner``: its last. An id that others merged into keeps
    the set that it had before as one with ``into == owner``, so that the merge can be undone.

    Parameters
    ----------
    owner
        int32 per set: the id that named it.
    into
        int32 per set: the id that the set was merged into, -1 where the id was retired.
    ended
        int32 per set: the run in which that happened; sets that merged with each other share it.
    member_of
        int32 per member, ascending: its set.
    keys
        Per member: its record key. Only records that vote are members.
    """

    owner: Codes
    into: Codes
    ended: Codes
    member_of: Codes
    keys: RecordKeys

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, sets: npt.NDArray[np.signedinteger]) -> "PastSets":
        """Some of the sets, in the given order, which is ascending."""
        place = np.full(len(self), -1, np.int32)
        place[sets] = np.arange(len(sets))
        member_of = place[self.member_of]
        kept = np.flatnonzero(member_of >= 0)
        return PastSets(self.owner[sets], self.into[sets], self.ended[sets], member_of[kept], self.keys.take(kept))


@dataclass(frozen=True, eq=False)
class IdLedger:
    """All ids ever issued. Partition and profiles never depend on it: it only says how entities are called.

    Parameters
    ----------
    entity_ids
        In the order in which they were issued.
    redirects
        int32 per id: the id that took its place, -1 where it lives, or nothing did.
    keys
        The records that live.
    owner
        int32 per record: position of its id.
    votes
        bool per record: whether the record has a say in what its entity is called. Anonymous records that were given to a
        person have none.
    past
        What ids named before.
    run
        Number of runs that ended a set.

    Examples
    --------
    >>> ledger = IdLedger.empty()
    >>> len(ledger.entity_ids), len(ledger.past)
    (0, 0)
    """

    entity_ids: pa.LargeStringArray
    redirects: Codes
    keys: RecordKeys
    owner: Codes
    votes: Flags
    past: PastSets
    run: int = 0

    @classmethod
    def empty(cls) -> "IdLedger":
        """Before the first run: no id was issued."""
        none, nobody = np.zeros(0, np.int32), RecordKeys.of([])
        return cls(text_array([]), none, nobody, none, np.zeros(0, bool), PastSets(none, none, none, none, nobody))

    @property
    def lives(self) -> Flags:
        """Bool per id: whether it names an entity now."""
        lives = np.zeros(len(self.entity_ids), bool)
        lives[self.owner] = True
        return lives

    def current(self) -> Codes:
        """The id that each id stands for now: itself, or the end of its redirects; -1 where that names nobody.

        Examples
        --------
        >>> IdLedger.empty().current().tolist()
        []
        """
        lives, now = self.lives, np.arange(len(self.entity_ids), dtype=np.int32)
        while len(moving := np.flatnonzero((now >= 0) & ~lives[now])):  # a redirect leads to an id that lived longer: it ends
            now[moving] = self.redirects[now[moving]]
        return now
