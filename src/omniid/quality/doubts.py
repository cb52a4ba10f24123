"""Clusters to doubt: ranked by the pairs that are expected to be wrong, each with the link to look at first."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from omniid.expectation import find_doubts
from omniid.quality.bonds import Bonds, find_bonds
from omniid.results import Parts, pair_keys
from omniid.tables import BITS, coded_column
from omniid.tables.arrays import arrow_array

__all__ = ["FirstLook", "doubts_table", "first_look"]

LEAST = 0.5  # pairs expected to be wrong from which a cluster is worth a look


class FirstLook(NamedTuple):
    """The cluster to doubt most: its id, its records, the pairs expected to be wrong, and its weakest link.

    Examples
    --------
    >>> print(FirstLook("8abf", 3, 1.2, ("crm", "17"), ("web", "904")))
    entity 8abf: 3 records, 1.2 pairs expected to be wrong; its weakest link is crm:17 ~ web:904
    """

    entity_id: str
    records: int
    wrong_pairs: float
    left: tuple[str, str]
    right: tuple[str, str]

    def __str__(self) -> str:
        ends = " ~ ".join(":".join(key) for key in (self.left, self.right))
        return (
            f"entity {self.entity_id}: {self.records:,} records, {self.wrong_pairs:.1f} pairs expected to be wrong; "
            f"its weakest link is {ends}"
        )


def first_look(parts: Parts, bonds: Bonds) -> FirstLook | None:
    """Return the cluster to doubt most, None where none is worth a look.

    Parameters
    ----------
    parts
        The result.
    bonds
        What holds its clusters together.
    """
    doubts = find_doubts(bonds.forest, bonds.probability, parts.clustering.labels)
    if not len(doubts.label) or doubts.wrong_pairs[0] < LEAST:
        return None
    link, row = int(doubts.link[0]), int(doubts.label[0])
    left, right = (parts.records.key(int(side[link])) for side in (bonds.left, bonds.right))
    entity_id = parts.entity_ids[int(parts.entity[row])].as_py()
    return FirstLook(entity_id, int(doubts.records[0]), float(doubts.wrong_pairs[0]), left, right)


def doubts_table(parts: Parts, bonds: Bonds | None = None) -> pa.Table:
    """Return clusters of several records, the most doubtful first, each with the link to look at.

    Parameters
    ----------
    parts
        The result.
    bonds
        What holds its clusters together, where that is known already.

    Returns
    -------
    pyarrow.Table
        entity_id, records, wrong_pairs (expected), then the keys of the weakest link, its match_weight in bits (null where a
        decision, a device or whole profiles tie the two) and match_probability, and errors: the wrong pairs expected from it.
    """
    bonds = find_bonds(parts) if bonds is None else bonds
    doubts = find_doubts(bonds.forest, bonds.probability, parts.clustering.labels)
    pair = bonds.pair[doubts.link]
    weights = np.append(parts.scores.weight, 0)[pair] / BITS
    return pa.table(
        {
            "entity_id": coded_column(parts.entity[doubts.label], parts.entity_ids),
            "records": arrow_array(doubts.records),
            "wrong_pairs": arrow_array(doubts.wrong_pairs),
            **pair_keys(parts.records, bonds.left[doubts.link], bonds.right[doubts.link]),
            "match_weight": pa.array(weights, mask=pair < 0),
            "match_probability": arrow_array(bonds.probability[doubts.link]),
            "errors": arrow_array(doubts.errors),
        }
    )
