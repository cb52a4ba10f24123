"""omniid on one set of accuracy.py, nothing declared, from the set's own files: `python peer_omniid.py FILE CLUSTERS`.

FILE is the table of the other engines; omniid reads the files as the sources sent them, in the folder `sources` beside it.
"""

from pathlib import Path

import omniid
from peer_files import arguments, versions_of, write_clusters
from stage_clock import StageClock, report


def main() -> None:
    file, clusters_file = arguments()
    clock = StageClock()
    with clock.stage("resolve"):
        paths = {path.stem: path for path in sorted((Path(file).parent / "sources").glob("*.parquet"))}
        crosswalk = omniid.resolve(paths).table("crosswalk")
    outcome = clock.finish(versions=versions_of("omniid"))
    keys = zip(crosswalk["source"].to_pylist(), crosswalk["record_id"].to_pylist(), strict=True)
    write_clusters(clusters_file, [f"{source}:{record}" for source, record in keys], crosswalk["entity_id"].to_pylist())
    report(outcome)


if __name__ == "__main__":
    main()
