"""recordlinkage on one set of accuracy.py, in its own environment: `python peer_recordlinkage.py FILE CLUSTERS`.

As in the febrl examples of its documentation: names and streets compared by Jaro-Winkler with a cut at .85, everything else
exactly, and its unsupervised ECM classifier decides. It gets the combined blocking rules only: among the million pairs that
single names bring, its classifier takes strangers for the same person. Links are joined to clusters; of two lists only pairs
across are made.
"""

import warnings

import numpy as np
import pandas as pd
import scipy.sparse
from scipy.sparse.csgraph import connected_components

import recordlinkage
from peer_files import arguments, kinds_in, sources_in, versions_of, write_clusters
from peer_rules import Part, blocks
from stage_clock import StageClock, report

ALIKE = ("first_name", "middle_name", "last_name", "street")
CUT = 0.85


def candidates(records: pd.DataFrame, rules: list[tuple[Part, ...]], sources: list[str]) -> pd.MultiIndex:
    """The pairs of all rules, each once."""
    indexer, keys = recordlinkage.Index(), records.copy()
    for rule in rules:
        names = []
        for column, letters in rule:
            name = f"{column}_{letters}" if letters else column
            keys[name] = records[column].str[:letters] if letters else records[column]
            names.append(name)
        indexer.block(names)
    if len(sources) == 2:
        return indexer.index(*(keys[keys["source"] == source] for source in sources))
    return indexer.index(keys)


def main() -> None:
    file, clusters_file = arguments()
    warnings.simplefilter("ignore")
    clock, kinds = StageClock(), kinds_in(file)
    with clock.stage("read"):
        records = pd.read_parquet(file).set_index("unique_id")
    with clock.stage("index"):
        pairs = candidates(records, blocks(kinds), sources_in(file))
    with clock.stage("compare"):
        comparer = recordlinkage.Compare()
        for column, kind in kinds.items():
            if kind in ALIKE:
                comparer.string(column, column, method="jarowinkler", threshold=CUT, label=column)
            else:
                comparer.exact(column, column, label=column)
        features = comparer.compute(pairs, records)
    with clock.stage("fit and predict"):
        links = recordlinkage.ECMClassifier().fit_predict(features)
    with clock.stage("cluster"):
        ends = [records.index.get_indexer(links.get_level_values(side)) for side in (0, 1)]
        edges = scipy.sparse.coo_matrix((np.ones(len(links), np.int8), ends), shape=(len(records), len(records)))
        _, labels = connected_components(edges, directed=False)
    outcome = clock.finish(versions=versions_of("recordlinkage", "pandas"))
    write_clusters(clusters_file, records.index, labels)
    report(outcome)


if __name__ == "__main__":
    main()
