"""What labels are worth: F1 of the final clusters with no labels, and with some, chosen in several ways.

    python benchmarks/labels.py --data DIR --sets fake_1000,rldata10000 [--generated 30000] [--counts 50,300,1000] [--seeds 3]

DIR holds NAME.parquet (records) and NAME.truth.parquet (record_id, entity_id). A set of two lists has NAMEa and NAMEb.

- active: `found.worth_judging(n)`, as a person would judge them, without mistakes;
- random: n of the candidate pairs nearest to the threshold, 2000 of them or three times n;
- truth: a truth column over randomly chosen records, n of whose candidate pairs above the review threshold are thereby judged.

"none" is the same run without labels. Figures are pairwise F1, the mean over seeds, and the worst of them.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

import omniid
from omniid import Labels, datasets
from omniid.resolution import Resolution

COUNTS, NEAR = (50, 100, 300, 1000), 2000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path)
    options.add_argument("--sets", default="")
    options.add_argument("--generated", type=int, default=0, help="records of a generated omnichannel set, 0: none")
    options.add_argument("--counts", default=",".join(map(str, COUNTS)))
    options.add_argument("--ways", default="active,random,truth")
    options.add_argument("--classifiers", default="", help="logistic, boosting: scikit-learn classifiers on active labels")
    options.add_argument("--seeds", type=int, default=3)
    given = options.parse_args()
    counts = [int(text) for text in given.counts.split(",")]
    print(f"{'set':<22}{'way':<10}{'labels':>7}{'F1':>9}{'worst':>9}{'gain':>9}{'same':>7}{'bits':>7}")
    for name, data, person in sets(given):
        measure(name, data, person, counts, given)


def sets(given: argparse.Namespace) -> Iterator[tuple[str, object, dict[str, str]]]:
    """Name, data, and record id → person of every set asked for."""
    for name in filter(None, given.sets.split(",")):
        both = [given.data / f"{name}{side}.parquet" for side in "ab"]
        data = {path.stem: path for path in both} if both[0].exists() else given.data / f"{name}.parquet"
        truth = pq.read_table(given.data / f"{name}.truth.parquet")
        yield name, data, dict(zip(map(str, truth["record_id"].to_pylist()), truth["entity_id"].to_pylist(), strict=True))
    if given.generated:
        made = datasets.generate(given.generated, seed=0)
        keys = (f"{row['source']}\x1f{row['record_id']}" for row in made.truth.to_pylist())
        yield (
            f"omnichannel {given.generated:,}",
            dict(made.channels),
            dict(zip(keys, made.truth["entity_id"].to_pylist(), strict=True)),
        )


def measure(name: str, data: object, person: dict[str, str], counts: list[int], given: argparse.Namespace) -> None:
    """Print the rows of one set."""
    none = omniid.resolve(data)
    keys = none.parts.records.keys(np.arange(len(none.parts.records)))
    truth = np.unique([person.get("\x1f".join(key)) or person[key[1]] for key in keys], return_inverse=True)[1]
    base = f1(none, truth)
    print(f"{name:<22}{'none':<10}{0:>7}{base:>9.4f}", flush=True)
    for way in given.ways.split(","):
        for n in counts:
            found, told = [], []
            for seed in range(1 if way == "active" else given.seeds):
                labels = WAYS[way](none, truth, keys, n, seed)
                found.append(omniid.resolve(data, labels=labels))
                told.append(found[-1].model.judged)
            show(name, way, n, base, [f1(one, truth) for one in found], told)
    for kind in filter(None, given.classifiers.split(",")):
        for n in counts:
            labels = active(none, truth, keys, n, 0)
            begin = time.perf_counter()
            better = omniid.PairClassifier(classifier(kind)).fit(none, labels).apply(none)
            show(name, kind, n, base, [f1(better, truth)], [])
            del begin


def show(name: str, way: str, n: int, base: float, found: list[float], told: list[dict[str, float]]) -> None:
    """Print one row."""
    same = np.mean([one.get("same", 0) / max(one.get("same", 0) + one.get("different", 0), 1) for one in told] or [np.nan])
    bits, mean = np.mean([one.get("bits", 0) for one in told] or [np.nan]), float(np.mean(found))
    row = f"{name:<22}{way:<10}{n:>7}{mean:>9.4f}{min(found):>9.4f}{mean - base:>+9.4f}{same:>7.2f}{bits:>7.0f}"
    print(row, flush=True)


def f1(found: Resolution, truth: np.ndarray) -> float:
    """Pairwise F1 of the clusters."""
    entity = found.parts.entity.astype(np.int64)

    def pairs(codes: np.ndarray) -> int:
        _, size = np.unique(codes, return_counts=True)
        return int((size * (size - 1) // 2).sum())

    return 2 * pairs(entity * (truth.max() + 1) + truth) / max(pairs(entity) + pairs(truth), 1)


def judged(found: Resolution, truth: np.ndarray, keys: list, at: np.ndarray) -> Labels:
    """The truth on some scored pairs."""
    left, right = found.parts.scores.left[at].tolist(), found.parts.scores.right[at].tolist()
    return Labels({(keys[a], keys[b]): bool(truth[a] == truth[b]) for a, b in zip(left, right, strict=True)})


def active(found: Resolution, truth: np.ndarray, keys: list, n: int, seed: int) -> Labels:  # noqa: ARG001  # nothing is drawn
    rows = {key: row for row, key in enumerate(keys)}
    pairs = found.worth_judging(n)
    pairs = pairs.to_dict("records") if hasattr(pairs, "to_dict") else pairs.to_pylist()
    sides = [tuple((one[f"{side}_source"], one[f"{side}_record_id"]) for side in ("left", "right")) for one in pairs]
    return Labels({(a, b): bool(truth[rows[a]] == truth[rows[b]]) for a, b in sides})


def near_threshold(found: Resolution, truth: np.ndarray, keys: list, n: int, seed: int) -> Labels:
    weight = found.parts.scores.weight
    near = np.argsort(np.abs(weight - found.parts.link_at), kind="stable")[: max(NEAR, 3 * n)]
    at = np.random.default_rng(seed).choice(near, min(n, len(near)), replace=False)
    return judged(found, truth, keys, at)


def truth_column(found: Resolution, truth: np.ndarray, keys: list, n: int, seed: int) -> Labels:
    """Whole persons, drawn until so many of their scored pairs are judged."""
    scores, rng = found.parts.scores, np.random.default_rng(seed)
    place = rng.permutation(truth.max() + 1)[truth]
    later = np.sort(np.maximum(place[scores.left], place[scores.right]))  # when each scored pair has both its records
    last = later[min(n, len(later)) - 1]
    return Labels(persons={keys[row]: str(truth[row]) for row in np.flatnonzero(place <= last).tolist()})


def classifier(kind: str) -> object:
    """A scikit-learn classifier as a newcomer would take it."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1000) if kind == "logistic" else HistGradientBoostingClassifier(random_state=0)


WAYS = {"active": active, "random": near_threshold, "truth": truth_column}

if __name__ == "__main__":
    main()
