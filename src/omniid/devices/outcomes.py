"""What became of the anonymous records, and why."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes, Rows

__all__ = ["OUTCOMES", "Placement"]

# Whose record it is, and why: positions are the codes of `Placement.outcome`.
OUTCOMES = ("person", "only person", "policy", "nobody", "several", "no time", "no authentication", "divided", "refused")
(PERSON, ONLY, POLICY, NOBODY, SEVERAL, NO_TIME_KNOWN, NOT_NEAR, DIVIDED, REFUSED) = range(len(OUTCOMES))


@dataclass(frozen=True, eq=False)
class Placement:
    """Where the anonymous records belong.

    Parameters
    ----------
    labels
        int32 per row: the smallest row of its cluster, anonymous records with the person that they belong to.
    outcome
        int8 per row, position in `OUTCOMES`: *person* (not anonymous), *only person* (nobody else touches the group), *policy*;
        or why it belongs to nobody: *nobody* uses its devices, *several* do and the policy is unassigned, it has *no time*,
        *no authentication* that the policy asks for, its cluster is *divided* as its records would go to different people,
        or a limit or decision *refused* it.
    people
        int32 per row: how many people touch the group of an anonymous record; 0 for others.
    device
        int32 per row: the code of the device value that decided, else of its first; -1 without one.
    authentication
        int32 per row: the record by which the policy gave it to that person; -1 elsewhere.
    barrier
        int32 per row: number of the limit that refused it, the number of limits for a CANNOT_LINK; -1 elsewhere.
    """

    labels: Rows
    outcome: npt.NDArray[np.int8]
    people: npt.NDArray[np.int32]
    device: Codes
    authentication: Rows
    barrier: Rows

    @property
    def is_person(self) -> npt.NDArray[np.bool_]:
        """Per row: whether the record belongs to a person."""
        return np.asarray(self.outcome <= POLICY)

    @property
    def votes(self) -> npt.NDArray[np.bool_]:
        """Per row: whether the record votes on its entity's id: those of a person do, and all of an anonymous entity."""
        return np.asarray((self.outcome == PERSON) | ~self.is_person)

    @property
    def is_anonymous(self) -> npt.NDArray[np.bool_]:
        """Per row: whether the record names nobody, wherever it was placed."""
        return np.asarray(self.outcome != PERSON)
