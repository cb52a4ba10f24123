"""Any classifier of recordlinkage or scikit-learn as a matcher: comparison vectors in, scored pairs out."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from omniid.errors import InputError, MissingExtraError, NotFittedError, SpecError
from omniid.recordlinkage.labeled_records import LabeledRecords
from omniid.recordlinkage.level_features import ENCODINGS, encode_levels
from omniid.tables import BITS, ComparisonVectors, Levels, ScoredPairs

__all__ = ["ClassifierMatcher"]

Floats = npt.NDArray[np.float64]

CERTAIN = 100.0  # bits; a probability of 0 or 1 has infinite log odds
LARGEST_CODE = 2**62
ENCODING_OF = {"ECMClassifier": "agreements", "KMeansClassifier": "shares", "NaiveBayesClassifier": "levels"}
WITHOUT_LABELS = ("ECMClassifier", "KMeansClassifier")


@dataclass(frozen=True)
class ClassifierMatcher:
    """Weighs pairs by a classifier of recordlinkage, or by a binary classifier of scikit-learn.

    The weight is the best that the classifier offers: the log odds of its probability, in bits (at most 100 either way, as a
    probability of 1 would be infinite); else its margin, which orders pairs but is no probability (SVM); else one bit for yes
    and minus one for no (KMeans). 0 bits is where the classifier itself changes its mind. The prior is the share of matches
    among the pairs that it was trained on.

    Parameters
    ----------
    classifier
        Fitted or not. None makes a `recordlinkage.ECMClassifier`, which learns without labels.
    encoding
        How it gets levels, and what missing is to it (`encode_levels`). None: agreements for ECM, which takes nothing but
        0 and 1, so that missing counts as disagreement there; shares for KMeans; levels for NaiveBayes, which takes them as
        categories and learns what missing means; indicators for all others. omniid's own `FellegiSunter` needs no such choice.

    Raises
    ------
    MissingExtraError
        If recordlinkage is not installed and no classifier is given.
    SpecError
        If the encoding is unknown, or the classifier can neither fit nor predict.

    References
    ----------
    De Bruin, "Python Record Linkage Toolkit: A toolkit for record linkage and duplicate detection in Python" (2019),
    doi:10.5281/zenodo.3559043.

    Examples
    --------
    >>> class Odds:  # any object with fit and predict_proba will do
    ...     classes_ = (0, 1)
    ...     def fit(self, features, labels): ...
    ...     def predict(self, features):
    ...         return features[:, 1] > 0
    ...     def predict_proba(self, features):
    ...         agrees = 0.2 + 0.6 * features[:, 1]
    ...         return np.stack([1 - agrees, agrees], axis=1)
    >>> from omniid.tables import VectorChunk
    >>> levels = np.array([[1], [0]], np.int8)
    >>> chunk = VectorChunk(np.array([0, 1], np.int32), np.array([2, 2], np.int32), np.zeros(2, np.int16), levels)
    >>> vectors = ComparisonVectors(("email",), (2,), ("all",), lambda: iter([chunk]))
    >>> ClassifierMatcher(Odds()).match(vectors).weight.tolist()
    [2000000, -2000000]
    """

    classifier: Any = None
    encoding: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if self.classifier is None:
            object.__setattr__(self, "classifier", _default_classifier())
        for needed in ("fit", "predict"):
            if not hasattr(self.classifier, needed):
                raise SpecError(
                    f"a {type(self.classifier).__name__} has no {needed}; pass a classifier of recordlinkage or scikit-learn"
                )
        if self.encoding is None:
            object.__setattr__(self, "encoding", ENCODING_OF.get(type(self.classifier).__name__, "indicators"))
        if self.encoding not in ENCODINGS:
            raise SpecError(f"encoding {self.encoding!r} is unknown; choose from {', '.join(ENCODINGS)}")

    def fit(self, records: LabeledRecords, vectors: ComparisonVectors, links: Any = None) -> "ClassifierMatcher":
        """Train the classifier on candidate pairs.

        Parameters
        ----------
        records
            The records, to read the labels of links.
        vectors
            Comparison vectors of the pairs to learn from.
        links
            pandas.MultiIndex of the true links; pairs that are not in it are no matches. None for ECM and KMeans, which learn
            without labels.

        Returns
        -------
        ClassifierMatcher
            Itself, with its classifier trained.

        Raises
        ------
        InputError
            If the classifier needs links and gets none, or none of the pairs is a link.
        """
        keys, levels = _sorted_pairs(vectors)
        kind = type(self.classifier).__name__
        if links is None:
            if kind not in WITHOUT_LABELS:
                raise InputError(f"{kind} learns from labels: pass links, a MultiIndex of the true links among the pairs")
            self.classifier.fit(self._frame(levels, vectors))
            return self
        true = np.isin(keys, records.pair_keys(links))
        if not true.any() or true.all():
            which = "none" if not true.any() else "each"
            raise InputError(f"{which} of the {len(keys):,} pairs is a link; {kind} needs matches and others to learn from")
        frame = self._frame(levels, vectors)
        if hasattr(self.classifier, "kernel"):
            self.classifier.fit(frame, None if kind in WITHOUT_LABELS else frame.index[true])
        else:
            self.classifier.fit(frame.to_numpy(), true.astype(np.int64))
        return self

    def match(self, vectors: ComparisonVectors, *, keep_at: float | None = None) -> ScoredPairs:
        """Weigh all candidate pairs.

        Each distinct comparison vector is classified once, so that the weights depend on neither order nor chunks.

        Parameters
        ----------
        vectors
            Comparison vectors of the candidate pairs.
        keep_at
            Pairs below this many bits are dropped; None keeps all.

        Returns
        -------
        ScoredPairs
            Sorted by (left, right), ready for `omniid.cluster`.

        Raises
        ------
        NotFittedError
            If the classifier was not trained.
        """
        chunks = list(vectors)
        empty = np.zeros((0, len(vectors.comparisons)), np.int8)
        levels = np.concatenate([empty, *(chunk.levels for chunk in chunks)])
        none, no_rule = np.zeros(0, np.int32), np.zeros(0, np.int16)
        left = np.concatenate([none, *(chunk.left for chunk in chunks)])
        right = np.concatenate([none, *(chunk.right for chunk in chunks)])
        rule = np.concatenate([no_rule, *(chunk.rule for chunk in chunks)])
        weight = self._weights(levels, vectors)
        found = ScoredPairs(left, right, weight, np.zeros(len(left), np.int8), rule, levels, vectors.comparisons, vectors.rules)
        order = np.lexsort((right, left))
        return found.take(order if keep_at is None else order[weight[order] >= round(keep_at * BITS)])

    def _weights(self, levels: Levels, vectors: ComparisonVectors) -> npt.NDArray[np.int64]:
        """Millionths of a bit per pair, by way of the distinct vectors."""
        if not len(levels):
            return np.zeros(0, np.int64)
        first, where = _distinct_rows(levels, vectors.n_levels)
        bits = _log_odds(self.classifier, self._frame(levels[first], vectors))
        return np.rint(bits * BITS).astype(np.int64)[where]

    def _frame(self, levels: Levels, vectors: ComparisonVectors) -> Any:
        import pandas as pd  # here, so that `import omniid` stays light

        values, columns = encode_levels(levels, vectors.comparisons, vectors.n_levels, str(self.encoding))
        index = pd.MultiIndex.from_arrays([np.arange(len(values)), np.arange(len(values))])
        return pd.DataFrame(values, index=index, columns=columns)


def _default_classifier() -> Any:
    try:
        from recordlinkage import ECMClassifier  # an extra, loaded only here
    except ImportError as error:
        raise MissingExtraError(
            "the default classifier is recordlinkage's ECM, and recordlinkage is not installed: "
            "pip install 'omniid[recordlinkage]', or pass a classifier of your own"
        ) from error
    return ECMClassifier()


def _sorted_pairs(vectors: ComparisonVectors) -> tuple[npt.NDArray[np.int64], Levels]:
    """Keys and levels of all pairs, in the order of rows, so that training does not depend on that of chunks."""
    chunks = list(vectors)
    none = np.zeros(0, np.int64)
    keys = np.concatenate([none, *(chunk.left.astype(np.int64) << 32 | chunk.right for chunk in chunks)])
    levels = np.concatenate([np.zeros((0, len(vectors.comparisons)), np.int8), *(chunk.levels for chunk in chunks)])
    order = np.argsort(keys)
    return keys[order], levels[order]


def _distinct_rows(levels: Levels, n_levels: tuple[int, ...]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where each distinct vector first stands, in lexicographic order, and which of them each row is.

    Each row becomes one integer, made dense before it could overflow: ten times faster than `numpy.unique` over rows.
    """
    code, space = np.zeros(len(levels), np.int64), 1
    for column, size in zip(levels.T, n_levels, strict=True):
        if space > LARGEST_CODE // (size + 1):
            distinct, code = np.unique(code, return_inverse=True)
            space = len(distinct)
        code = code * (size + 1) + column + 1
        space *= size + 1
    _, first, where = np.unique(code, return_index=True, return_inverse=True)
    return first, where


def _log_odds(classifier: Any, frame: Any) -> Floats:
    """Bits for a match, per row of a frame of features."""
    features = frame.to_numpy()
    kernel = getattr(classifier, "kernel", classifier)  # recordlinkage wraps scikit-learn's estimators
    try:
        if kernel is not classifier and not hasattr(kernel, "classes_"):
            classifier.predict(frame)  # here recordlinkage readies a logistic regression of given coefficients
        verdict = np.asarray(kernel.predict(features))
        if hasattr(kernel, "predict_proba"):
            return _bits_of_probabilities(kernel, features)
        if hasattr(kernel, "decision_function"):
            return np.asarray(kernel.decision_function(features), np.float64)
    except Exception as error:
        if type(error).__name__ == "NotFittedError":
            name = type(classifier).__name__
            raise NotFittedError(f"{name} has learned nothing yet; call fit(records, vectors, links) first") from error
        raise
    return np.where(verdict.astype(bool), 1.0, -1.0)


def _bits_of_probabilities(kernel: Any, features: Floats) -> Floats:
    """Log odds of class 1 in bits; log probabilities keep more digits, where there are any."""
    match = list(kernel.classes_).index(1)
    with np.errstate(divide="ignore"):  # log 0: clipped below
        if hasattr(kernel, "predict_log_proba"):
            logs = np.asarray(kernel.predict_log_proba(features), np.float64) / np.log(2.0)
        else:
            logs = np.log2(np.asarray(kernel.predict_proba(features), np.float64))
        bits: Floats = np.clip(logs[:, match] - logs[:, 1 - match], -CERTAIN, CERTAIN)
    return bits
