"""One fixture for every kind of frame, and small ways to look at what was read."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest


def as_lazy(rows):
    return pl.DataFrame(rows).lazy()


MAKERS = {
    "rows": list,
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars-lazy": as_lazy,
    "pyarrow": pa.Table.from_pylist,
    "pyarrow-batch": pa.RecordBatch.from_pylist,
}


@pytest.fixture(params=sorted(MAKERS))
def backend(request):
    """(name of the backend, rows → frame)."""
    return request.param.split("-")[0], MAKERS[request.param]
