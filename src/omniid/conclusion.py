"""From a partition to a result: anonymous records placed, entities named, profiles made, households found."""

from functools import partial
from typing import NamedTuple

import pyarrow as pa

from omniid.compilation import Plan
from omniid.device_plans import place_records
from omniid.devices import Placement
from omniid.entity_ids import IdLedger
from omniid.household_results import live_together
from omniid.households import Households
from omniid.previous import Previous, name_entities
from omniid.results import entity_kinds
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.survivorship_plans import make_profiles
from omniid.tables import Clustering, Profiles, RecordTable, Rows
from omniid.threads import alongside

__all__ = ["Conclusion", "conclude"]


class Conclusion(NamedTuple):
    """What follows from a partition, in the order in which `Parts` holds it."""

    clustering: Clustering
    placement: Placement
    entity: Rows
    entity_ids: pa.LargeStringArray
    ledger: IdLedger
    golden: Profiles
    households: Households


def conclude(
    records: RecordTable,
    table: RecordTable,
    spec: Spec,
    plan: Plan,
    clustering: Clustering,
    previous: Previous | None,
    stages: Stages,
    workers: int = 1,
) -> Conclusion:
    """Place anonymous records, name the entities, make their profiles, find who lives together: one line per stage.

    Parameters
    ----------
    records, table
        The records as they are, and as matching sees them.
    spec, plan
        The declaration, and what it was compiled to.
    clustering
        The partition.
    previous
        An earlier result, whose ids are carried over.
    stages
        Runs the stages.
    workers
        Threads: with several, households are found beside the profiles, and their stage is what is left of it.
    """
    placed = stages.run("place", place_records, table, spec, plan.kinds, plan.limits, plan.cannot, clustering.labels)
    clustering = clustering.with_labels(placed.labels)
    named = stages.run("name", name_entities, records, clustering, previous, placed.votes)
    kind = entity_kinds(placed, named.entity)
    homes = alongside(partial(live_together, spec, records, table, named.entity, placed.is_person), workers)
    golden = stages.run("survive", make_profiles, records, *named[:2], plan.survivorship, entity_kind=kind, workers=workers)
    households = stages.run("households", homes)
    return Conclusion(clustering, placed, *named, golden, households)
