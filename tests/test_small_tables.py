"""A few hundred records with a name and a place each: what is learned from few pairs must not take relatives for one person."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import omniid
from omniid import datasets

KEPT = {
    "social": ("id", "full_name", "city"),
    "loyalty": ("record_id", "first_name", "last_name", "postcode", "city"),
    "marketplace": ("id", "ship_name", "ship_postcode", "ship_city"),
}


@pytest.mark.parametrize(("records", "seed"), [(1500, 12), (1500, 14), (3000, 11), (3000, 15)])
def test_relatives_stay_apart_in_a_small_table_of_names_and_places(records: int, seed: int) -> None:
    sample = datasets.generate(records, seed=seed)
    found = omniid.resolve({name: sample.channels[name].select(columns) for name, columns in KEPT.items()})
    truth = sample.truth.filter(pc.is_in(sample.truth["source"], pa.array(KEPT)))
    pairs = omniid.evaluate(found.crosswalk, truth).pairwise
    assert pairs.precision > 0.8
    assert pairs.recall > 0.8
