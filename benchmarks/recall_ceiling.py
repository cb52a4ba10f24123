"""How much recall is there to have? `python benchmarks/recall_ceiling.py --records 5000 100000 1000000`.

Two records of one person with little in common look like any two strangers with as much in common, and the more strangers a
file holds, the more look so. What of that is the file's, and what the engine's? This counts, with the truth at hand, what
nobody could do better who compares the same pairs by the same levels:

- *seen*: all true pairs that blocking made and the weights did not drop are linked, and no others.
- *even*, *two in three*: of these only pairs of such agreement patterns (all levels, and how rare what agrees is, to two bits)
  as are one person's in half or two thirds of the cases, in this very file. Who links other patterns as well is wrong more
  often than right about them.

No false pair is ever linked, and the shares of patterns are the file's own, those of seldom patterns too: both flatter the
ceiling. Beside it stands what omniid finds, with nothing declared.
"""

import argparse
import tempfile

import numpy as np
import numpy.typing as npt

from common import machine
from omnichannel import make_files, paths_of, read_truth, run

SEEN_FROM = -8.0  # bits
RARITY = 2  # bits
HEAD = f"{'records':>10}  {'seen':>6}  {'even':>6}  {'two in three':>12}  {'omniid':>6}  {'precision':>9}"


def tell(folder: str, records: int) -> None:
    """Print the line of one size."""
    import omniid

    paths = paths_of(folder, "csv")
    found = omniid.resolve(paths, omniid.infer_spec(paths).replace(review_at=SEEN_FROM))
    truth = read_truth(folder, "csv")
    person = people(found, truth)
    scores = found.parts.scores
    same = person[scores.left] == person[scores.right]
    share = shares(scores, same)
    links = (same, same & (share >= 1 / 2), same & (share >= 2 / 3))
    seen, even, sure = (recall(person, scores.left[kept], scores.right[kept]) for kept in links)
    ours = omniid.evaluate(found.table("crosswalk"), truth).pairwise
    print(f"{records:>10,}  {seen:>6.4f}  {even:>6.4f}  {sure:>12.4f}  {ours.recall:>6.4f}  {ours.precision:>9.4f}", flush=True)


def people(found, truth) -> npt.NDArray[np.int64]:
    """The true person of each record, as a number."""
    real = {(source, str(key)): entity for source, key, entity in zip(*truth.to_pydict().values(), strict=True)}
    named = [real[key] for key in found.parts.records.keys(np.arange(len(found.parts.records)))]
    return np.unique(named, return_inverse=True)[1]


def shares(scores, same: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Of the pairs that agree as each pair does, the share of one person's."""
    rarity = np.clip(scores.weight // (RARITY * 1_000_000), -100, 100).astype(np.int8)
    patterns = np.ascontiguousarray(np.column_stack([scores.levels, rarity]))
    code = np.unique(patterns.view(np.dtype((np.void, patterns.shape[1]))).ravel(), return_inverse=True)[1]
    return (np.bincount(code, weights=same) / np.bincount(code))[code]


def recall(person: npt.NDArray[np.int64], left, right) -> float:
    """The share of true pairs that some links, all of them right, bring together."""
    from omniid.clustering.components import connected_components

    return pairs(connected_components(len(person), left, right)) / pairs(person)


def pairs(labels: npt.NDArray[np.integer]) -> int:
    """Pairs of records under one label."""
    sizes = np.bincount(labels).astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[5_000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    print(HEAD, flush=True)
    for records in arguments.records:
        with tempfile.TemporaryDirectory() as folder:
            run(make_files, folder, records, arguments.seed, "csv", False)
            run(tell, folder, records)


if __name__ == "__main__":
    main()
