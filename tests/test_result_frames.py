"""Results come out as the kind of frame that went in."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from omniid import InputError, resolve

NAMES = ("crosswalk", "profiles", "provenance", "scored_pairs", "refusals", "review", "rejects", "changes", "redirects")
ROWS = [{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ANN@x.com"}]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (ROWS, list),
        (pd.DataFrame(ROWS), pd.DataFrame),
        (pl.DataFrame(ROWS), pl.DataFrame),
        (pa.Table.from_pylist(ROWS), pa.Table),
    ],
)
def test_frames_are_of_the_kind_that_went_in(data, kind) -> None:
    found = resolve(data)
    for name in (*NAMES, "conflicts", "overridden"):
        assert isinstance(getattr(found, name), kind), name
        assert found.table(name).num_rows == len(getattr(found, name))


def test_an_unknown_result_is_named() -> None:
    with pytest.raises(InputError, match="there is no result 'clusters'; choose from crosswalk, profiles"):
        resolve(ROWS).table("clusters")
