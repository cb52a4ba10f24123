"""recordlinkage's door: its MultiIndex in, its vectors and links out, its classifiers as matchers.

For those who come from the Python Record Linkage Toolkit. recordlinkage names records by the labels of a frame's index, omniid
by (source, record_id) and rows of one table; `LabeledRecords` stands between the two::

    read_frames(frame)                → LabeledRecords      the records, normalized, with the frames' labels
    records.pairs(multiindex)         → CandidatePairs      what a recordlinkage indexer made
    compare(records.table, …)         → ComparisonVectors   (omniid)
    records.features(vectors)         → DataFrame           comparison vectors as recordlinkage's classifiers take them
    ClassifierMatcher().match(…)      → ScoredPairs         any of its classifiers, or scikit-learn's
    cluster(…)                        → Clustering          (omniid)
    records.links(clustering)         → MultiIndex          what recordlinkage's measures take

One frame is a search for duplicates, two are a link, and pairs stand as recordlinkage writes them: in one frame the later
record first, of two frames the left one's first.

recordlinkage 0.16 needs pandas 2 and is an extra: ``pip install 'omniid[recordlinkage]'``. Only the classifier that
`ClassifierMatcher` takes when none is given needs it; a MultiIndex is pandas' own.
"""

from omniid.recordlinkage.classifier_matcher import ClassifierMatcher
from omniid.recordlinkage.labeled_records import LabeledRecords
from omniid.recordlinkage.level_features import ENCODINGS, encode_levels
from omniid.recordlinkage.reading import read_frames

__all__ = ["ENCODINGS", "ClassifierMatcher", "LabeledRecords", "encode_levels", "read_frames"]
