"""What follows from a partition does not depend on how it was found."""

from omniid import datasets, resolve
from omniid.conclusion import conclude
from omniid.stages import Stages


def test_a_partition_alone_gives_ids_profiles_and_households() -> None:
    parts = resolve(dict(datasets.generate(120, seed=3).channels)).parts
    again = conclude(parts.records, parts.evidence, parts.spec, parts.plan, parts.clustering, None, Stages())
    assert again.entity_ids.equals(parts.entity_ids)
    assert again.golden.entities.equals(parts.golden.entities)
    assert (again.entity == parts.entity).all()
    assert len(again.households.sizes()) == len(parts.households.sizes())
