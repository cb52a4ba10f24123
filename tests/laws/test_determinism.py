"""Same input, same bytes out: for any row order, hash seed and number of workers."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import omniid
from omniid import datasets

SCRIPT = """
import sys, omniid
from omniid import datasets
omniid.resolve(dict(datasets.generate(150, seed=2).channels)).save(sys.argv[1])
"""


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def channels() -> dict[str, pa.Table]:
    return dict(datasets.generate(150, seed=2).channels)


@pytest.fixture(scope="module")
def saved(channels: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("saved")
    omniid.resolve(channels, workers=1).save(folder)
    return bytes_of(folder)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_sources_and_columns_changes_no_byte(channels, saved, tmp_path: Path, seed: int) -> None:
    shuffle = random.Random(seed)
    mixed = {}
    for name in shuffle.sample(list(channels), len(channels)):
        table = channels[name]
        mixed[name] = table.take(shuffle.sample(range(table.num_rows), table.num_rows))
    omniid.resolve(mixed).save(tmp_path)
    assert bytes_of(tmp_path) == saved


@pytest.mark.parametrize("workers", [2, 5])
def test_the_number_of_workers_changes_no_byte(channels, saved, tmp_path: Path, workers: int) -> None:
    omniid.resolve(channels, workers=workers).save(tmp_path)
    assert bytes_of(tmp_path) == saved


def test_neither_the_hash_seed_nor_threads_of_numpy_change_a_byte(saved: dict[str, bytes], tmp_path: Path) -> None:
    # The seed of the tests themselves is drawn, and they give NumPy one thread.
    environment = {**os.environ, "PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "4"}
    subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], check=True, env=environment, capture_output=True)
    assert bytes_of(tmp_path) == saved


def test_the_order_of_columns_changes_no_cluster(channels, saved) -> None:
    turned = {name: table.select(table.column_names[::-1]) for name, table in channels.items()}
    one, other = omniid.resolve(channels), omniid.resolve(turned)
    assert one.table("crosswalk").equals(other.table("crosswalk"))
