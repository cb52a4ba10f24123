"""kanoniv on one set of accuracy.py, in its own environment: `python peer_kanoniv.py FILE CLUSTERS`.

Its spec by kind of column: weights, probabilities, comparators, normalizers, training and thresholds are those of its own
customer example; what the example does not have (birth dates, places, identifiers) is set alike. It takes five blocking keys at
most: contact values and identifiers, then names together, as in the example, then a name with birth date or postcode.
"""

import json

import kanoniv
import pandas as pd

from peer_files import arguments, kinds_in, of_kind, versions_of, write_clusters
from stage_clock import StageClock, report

# Kind → comparator, weight, m, u, normalizer.
FIELDS = {
    "email": ("exact", 2.0, 0.95, 0.001, "email"),
    "phone": ("exact", 1.5, 0.85, 0.005, "phone"),
    "identifier": ("exact", 1.5, 0.85, 0.005, "generic"),
    "first_name": ("jaro_winkler", 1.0, 0.85, 0.05, "nickname"),
    "last_name": ("jaro_winkler", 1.0, 0.88, 0.02, "name"),
    "birth_date": ("exact", 1.0, 0.88, 0.02, "generic"),
    "street": ("jaro_winkler", 1.0, 0.80, 0.02, "generic"),
    "postcode": ("exact", 1.0, 0.80, 0.02, "generic"),
    "city": ("jaro_winkler", 1.0, 0.80, 0.02, "generic"),
}
MOST_KEYS = 5


def spec_of(kinds: dict[str, str], sources: list[str]) -> str:
    """Its YAML, of which JSON is a part."""
    used = {column: FIELDS[kind] for column, kind in kinds.items() if kind in FIELDS}
    fields = [
        dict(zip(("name", "comparator", "weight", "m_probability", "u_probability", "normalizer"), (name, *of), strict=True))
        for name, of in used.items()
    ]
    keys = [[name] for name in of_kind(kinds, "email", "phone", "identifier")]
    keys += [["last_name", "first_name"], ["last_name", "birth_date"], ["postcode", "last_name"], ["first_name", "birth_date"]]
    training = {
        "method": "em",
        "estimate_u": "random_sampling",
        "max_random_pairs": 1_000_000,
        "max_iterations": 25,
        "convergence_threshold": 0.001,
    }
    return json.dumps(
        {
            "api_version": "kanoniv/v2",
            "identity_version": "benchmark_v1",
            "entity": {"name": "customer"},
            "sources": {
                source: {
                    "adapter": "csv",
                    "location": f"raw.{source}",
                    "primary_key": "unique_id",
                    "attributes": {name: name for name in used},
                }
                for source in sources
            },
            "blocking": {"strategy": "composite", "keys": [key for key in keys if set(key) <= set(used)][:MOST_KEYS]},
            "decision": {
                "scoring": {
                    "strategy": "fellegi_sunter",
                    "training": training,
                    "fields": fields,
                    "thresholds": {"match": 8.0, "possible": 4.0, "non_match": -5.0},
                },
                "thresholds": {"match": 0.9, "review": 0.7},
                "conflict_strategy": "prefer_high_confidence",
            },
            "survivorship": {"default": "source_priority"},
        }
    )


def main() -> None:
    file, clusters_file = arguments()
    clock, kinds = StageClock(), kinds_in(file)
    with clock.stage("read"):
        records = pd.read_parquet(file)
        parts = {str(name): part for name, part in records.groupby("source")}
        wanted = ["unique_id", *(name for name, kind in kinds.items() if kind in FIELDS)]
        sources = [
            kanoniv.Source.from_pandas(name, part[wanted].fillna("").reset_index(drop=True), primary_key="unique_id")
            for name, part in parts.items()
        ]
        spec = kanoniv.Spec.from_string(spec_of(kinds, [*parts]))
    with clock.stage("reconcile"):
        found = kanoniv.reconcile(sources, spec)
        looked_up = found.entity_lookup
    outcome = clock.finish(versions=versions_of("kanoniv"))
    entity = dict(zip(looked_up["source_id"], looked_up["kanoniv_id"], strict=True))
    write_clusters(clusters_file, records["unique_id"], [entity.get(key, key) for key in records["unique_id"]])
    report(outcome)


if __name__ == "__main__":
    main()
