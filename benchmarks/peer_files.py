"""What the sides of accuracy.py share: the table that they get, the clusters that they give back.

A set's `peers.parquet` has unique_id, source and canonical columns (first_name, birth_date …); each column's kind stands in
its metadata, so that settings are written once per kind and not per set. Every side is `python SIDE FILE CLUSTERS` and writes
unique_id and cluster_id. Standard library and pyarrow only, as each engine may have an environment of its own.
"""

import sys
from collections.abc import Iterable, Mapping
from importlib import metadata

import pyarrow as pa
import pyarrow.parquet as pq

KIND = b"kind"
NOT_COMPARED = ("unique_id", "source")


def arguments() -> tuple[str, str]:
    """The file of records and the file that the clusters go to."""
    return sys.argv[1], sys.argv[2]


def kinds_in(file: str) -> dict[str, str]:
    """Column → kind of the value in it, for the columns that tell people apart."""
    schema = pq.read_schema(file)
    return {field.name: field.metadata[KIND].decode() for field in schema if field.name not in NOT_COMPARED}


def sources_in(file: str) -> list[str]:
    """The sources, sorted."""
    return sorted(pq.read_table(file, columns=["source"])["source"].unique().to_pylist())


def of_kind(kinds: Mapping[str, str], *wanted: str) -> list[str]:
    """The columns of some kinds, in the order of the kinds."""
    return [name for kind in wanted for name, its in kinds.items() if its == kind]


def write_clusters(file: str, unique_ids: Iterable[str], clusters: Iterable[object]) -> None:
    """Write which cluster each record is in."""
    labels = pa.array([str(cluster) for cluster in clusters], pa.string())
    pq.write_table(pa.table({"unique_id": pa.array(unique_ids, pa.string()), "cluster_id": labels}), file)


def versions_of(*packages: str) -> dict[str, str]:
    """Installed versions."""
    return {name: metadata.version(name) for name in packages}
