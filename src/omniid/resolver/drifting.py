"""Drift: what has grown out of a frozen model, so that a new fit would be worth its while."""

import numpy as np

from omniid.blocking import CrowdedKeys, Outgrown, index_keys, outgrown
from omniid.resolver.assembling import all_records, assemble
from omniid.resolver.deriving import evidence_of, made_ready
from omniid.resolver.discovering import known_in
from omniid.resolver.hashed import known_hashes
from omniid.resolver.learned import Learned
from omniid.stages import Stages
from omniid.store import Snapshot

__all__ = ["outgrown_rules"]

GROWN = 2  # times the cap: right after a fit on 10k records a block of 124 stood above a cap of 120


def outgrown_rules(store: Snapshot, learned: Learned) -> list[Outgrown]:
    """Return the blocking rules some of whose blocks are more than twice as large now as the fit allowed."""
    records = all_records(store)
    if not records:
        return []
    table = assemble(store, records, learned).table
    found = evidence_of(table, learned.spec, learned.model, known_in(store), Stages(), known_hashes(store, learned))
    plan = made_ready(found, learned.spec, learned.model).plan
    rules = plan.rules or ()
    filed = index_keys(found.table, rules, plan.crowded or CrowdedKeys((), ()))
    _, first, sizes = np.unique(filed.keys, return_index=True, return_counts=True)
    return [one for one in outgrown(rules, filed.rules[first], sizes.astype(np.int64)) if one.largest > GROWN * one.cap]
