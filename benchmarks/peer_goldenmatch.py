"""goldenmatch on one set of accuracy.py, in its own environment: `python peer_goldenmatch.py FILE CLUSTERS`.

Nothing is declared. Of a single source it reads the file as it was sent, headers and all, as its automatic configuration does
better so; of several sources, the one table that all engines get.
"""

import os
from pathlib import Path

os.environ["GOLDENMATCH_AUTOCONFIG_MEMORY"] = "0"  # no settings carried over from one set to the next

import goldenmatch
import pyarrow as pa
import pyarrow.parquet as pq

from peer_files import arguments, kinds_in, versions_of, write_clusters
from stage_clock import StageClock, report


def table_for(file: str) -> tuple[pa.Table, list[str]]:
    """The records without their ids, and the ids."""
    table, sources = pq.read_table(file), sorted((Path(file).parent / "sources").glob("*.parquet"))
    unique_ids = table["unique_id"].to_pylist()
    if len(sources) > 1:
        return table.select([*kinds_in(file)]).replace_schema_metadata(None), unique_ids
    sent = pq.read_table(sources[0])
    prefix, wanted = f"{sources[0].stem}:", set(unique_ids)
    for name in sent.column_names:
        ids = [f"{prefix}{value}" for value in sent[name].to_pylist()]
        if set(ids) == wanted:
            return sent.drop_columns([name]).replace_schema_metadata(None), ids
    raise SystemExit(f"no column of {sources[0]} holds the record ids")


def main() -> None:
    file, clusters_file = arguments()
    clock = StageClock()
    with clock.stage("read"):
        records, unique_ids = table_for(file)
    with clock.stage("dedupe"):
        # Without the last option it refuses to run from 100,000 records on where it is not sure of its own settings.
        found = goldenmatch.dedupe_df(records, confidence_required=False)
        labels = list(range(-1, -1 - len(unique_ids), -1))
        for cluster, told in found.clusters.items():
            for row in told["members"]:
                labels[row] = cluster
    outcome = clock.finish(versions=versions_of("goldenmatch", "goldenmatch-native"))
    write_clusters(clusters_file, unique_ids, labels)
    report(outcome)


if __name__ == "__main__":
    main()
