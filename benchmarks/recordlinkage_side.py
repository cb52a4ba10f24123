"""recordlinkage on the people set, in its own environment; see versus_recordlinkage.py.

`python recordlinkage_side.py FILE CLUSTERS light|heavy`. Its comparers compute each similarity once; all levels stand in it.
Its ECM classifier starts well with two levels only, so it gets the cut at .92 (or one edit); a missing value counts as no
agreement, and all values of a field weigh the same: it does less than the others. One process, as its parallel mode copies
all records to each worker.
"""

import sys
import warnings
from importlib import metadata

import numpy as np
import pandas as pd
import scipy.sparse
from recordlinkage.compare import String
from scipy.sparse.csgraph import connected_components

import recordlinkage
from people_task import ALIKE, DERIVED, FIELDS, JARO_WINKLER, LINK_AT, RULES
from stage_clock import StageClock, report

# Its Levenshtein similarity is 1 - distance / longer length: at these cuts exactly one edit passes, as the lengths hardly vary.
ONE_EDIT_AT = {"birth_date": 0.885, "phone": 0.895, "postcode": 0.8}


def candidates(records: pd.DataFrame, rules: str) -> pd.MultiIndex:
    """The pairs of all rules, each once."""
    indexer = recordlinkage.Index()
    for rule in RULES[rules]:
        indexer.block(list(rule))
    return indexer.index(records)


def agreements(pairs: pd.MultiIndex, records: pd.DataFrame) -> pd.DataFrame:
    """Similarities of all fields, cut where the ECM classifier is to tell agreement from disagreement."""
    methods = {name: "jarowinkler" if name in ALIKE else "levenshtein" for name in FIELDS}
    comparer = recordlinkage.Compare([String(name, name, method=method, label=name) for name, method in methods.items()])
    similarity = comparer.compute(pairs, records)
    cuts = np.array([JARO_WINKLER[0] if name in ALIKE else ONE_EDIT_AT[name] for name in FIELDS])
    return (similarity >= cuts).astype(int)


def main() -> None:
    file, clusters_file, rules = sys.argv[1:4]
    warnings.simplefilter("ignore")
    clock = StageClock()
    with clock.stage("read"):
        records = pd.read_parquet(file, columns=["unique_id", *FIELDS, *DERIVED]).set_index("unique_id")
    with clock.stage("index"):
        pairs = candidates(records, rules)
    with clock.stage("compare"):
        features = agreements(pairs, records)
    with clock.stage("fit and predict"):
        classifier = recordlinkage.ECMClassifier()
        classifier.fit(features)
        links = pairs[classifier.prob(features) >= LINK_AT]
    with clock.stage("cluster"):
        ends = [records.index.get_indexer(links.get_level_values(side)) for side in (0, 1)]
        edges = scipy.sparse.coo_matrix((np.ones(len(links), np.int8), ends), shape=(len(records), len(records)))
        _, labels = connected_components(edges, directed=False)
    versions = {name: metadata.version(name) for name in ("recordlinkage", "pandas", "numpy")}
    outcome = clock.finish(pairs=len(pairs), links=len(links), versions=versions)
    pd.DataFrame({"unique_id": records.index, "cluster_id": labels}).to_parquet(clusters_file, index=False)
    report(outcome)


if __name__ == "__main__":
    main()
