"""goldenmatch on one set of accuracy.py, in its own environment: `python peer_goldenmatch.py FILE CLUSTERS`.

Nothing is declared. Of a single source it reads the file as it was sent, headers and all, as its own configuration is made
for; of several sources, or where it cannot read that file, the one table that all engines get.
"""

import os
from pathlib import Path

os.environ["GOLDENMATCH_AUTOCONFIG_MEMORY"] = "0"  # no settings carried over from one set to the next

import goldenmatch
import pyarrow as pa
import pyarrow.parquet as pq

from peer_files import arguments, kinds_in, versions_of, write_clusters
from stage_clock import StageClock, report


def shared(file: str) -> tuple[pa.Table, list[str]]:
    """The table that all engines get, without ids, and the ids."""
    table = pq.read_table(file)
    return table.select([*kinds_in(file)]).replace_schema_metadata(None), table["unique_id"].to_pylist()


def as_sent(file: str) -> tuple[pa.Table, list[str]] | None:
    """The file of the only source, without ids, and the ids; None where there are several sources."""
    sources = sorted((Path(file).parent / "sources").glob("*.parquet"))
    if len(sources) > 1:
        return None
    sent, wanted = pq.read_table(sources[0]), set(pq.read_table(file)["unique_id"].to_pylist())
    for name in sent.column_names:
        ids = [f"{sources[0].stem}:{value}" for value in sent[name].to_pylist()]
        if set(ids) == wanted:
            return sent.drop_columns([name]).replace_schema_metadata(None), ids
    return None


def deduplicated(records: pa.Table):
    """Its clusters; the option lets it go on where it is not sure of its own settings."""
    return goldenmatch.dedupe_df(records, confidence_required=False).clusters


def main() -> None:
    file, clusters_file = arguments()
    clock = StageClock()
    remarks = []
    with clock.stage("dedupe"):
        records, unique_ids = as_sent(file) or shared(file)
        try:
            clusters = deduplicated(records)
        except Exception as error:  # noqa: BLE001 - whatever it is that it cannot read
            remarks.append(f"not the file as it was sent: {type(error).__name__}")
            records, unique_ids = shared(file)
            clusters = deduplicated(records)
        labels = list(range(-1, -1 - len(unique_ids), -1))
        for cluster, told in clusters.items():
            for row in told["members"]:
                labels[row] = cluster
    outcome = clock.finish(versions=versions_of("goldenmatch", "goldenmatch-native"), failed=remarks)
    write_clusters(clusters_file, unique_ids, labels)
    report(outcome)


if __name__ == "__main__":
    main()
