"""thisness on one set of accuracy.py, in its own environment (Python 3.12): `python peer_thisness.py FILE CLUSTERS`.

Its profile of persons as it ships, its own model fitted to the set; its weights decide, no language model and no review.
"""

import pyarrow.parquet as pq
from thisness import Thisness
from thisness.profiles.person import person

from peer_files import arguments, kinds_in, of_kind, versions_of, write_clusters
from stage_clock import StageClock, report

# Kind → the attribute of its person profile.
ATTRIBUTES = {
    "first_name": "given_name",
    "last_name": "family_name",
    "birth_date": "date_of_birth",
    "email": "email",
    "phone": "phone",
    "street": "address_line",
    "city": "city",
    "postcode": "postal_code",
}


def observed(row: dict[str, str | None], kinds: dict[str, str]) -> dict[str, object]:
    """A record in its words."""
    found: dict[str, object] = {}
    for kind, attribute in ATTRIBUTES.items():
        values = [row[column] for column in of_kind(kinds, kind) if row[column]]
        if values:
            found[attribute] = " ".join(values) if kind == "last_name" else values[0]
    identifiers = [f"{column}:{row[column]}" for column in of_kind(kinds, "identifier") if row[column]]
    return found | ({"identifiers": identifiers} if identifiers else {})


def main() -> None:
    file, clusters_file = arguments()
    clock, kinds = StageClock(), kinds_in(file)
    with clock.stage("read"):
        rows = pq.read_table(file).to_pylist()
        engine = Thisness(":memory:", profiles=[person()])
        told = [
            engine.observe(
                "person", observed(row, kinds), {"type": "table", "id": row["source"], "locator": {"id": row["unique_id"]}}
            )
            for row in rows
        ]
        stored = engine.ingest(told)
    with clock.stage("resolve"):
        engine.resolve_many("person")
    mapping = engine.mapping("person")
    entity = dict(zip(mapping["observation_id"].to_pylist(), mapping["entity_id"].to_pylist(), strict=True))
    outcome = clock.finish(versions=versions_of("thisness", "duckdb"))
    write_clusters(clusters_file, [row["unique_id"] for row in rows], [entity.get(key) or key for key in stored])
    report(outcome)


if __name__ == "__main__":
    main()
