"""What clustering costs: `python benchmarks/clustering.py`, or some parts of it: `people crowd equal growth omnichannel`.

people       1M records, 2M links, 3,000 components that break a limit; then a walk over all components
crowd        one component of 1M links, most pairs of which conflict; then the same under a limit
equal        one component of 20,000 records whose links are all equal: nothing may be thrown away or fall apart
growth       records of the first kind, 10k to 10M, and the exponent of CPU seconds
omnichannel  resolve() on generated channel files, nothing declared: what the stage takes, walks and scores

Every part runs in a fresh process. Seconds are its CPU seconds; of --repeat runs the median.
"""

import argparse
import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import numpy as np

from channel_files import channel_files
from clustering_sets import LinkSet, crowd, people
from common import machine, measure, peak_memory
from omniid import linking
from omniid.clustering import cluster, partition
from omniid.clustering.apartness import Apartness
from omniid.clustering.best_first import merge_best_first
from omniid.clustering.held_values import follow_limit
from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.links import links_of, rank_links
from omniid.tables import Clustering

WALKED = 3_000
WALKS = partition._walks  # noqa: SLF001 - the one place through which all walks go
GROWTH = (10_000, 100_000, 1_000_000, 10_000_000)


class Counts:
    """Components and records that one call of `cluster` walked, and the inner pairs that it asked about."""

    def __init__(self) -> None:
        self.components = self.records = self.scored = 0

    def watch(self, walks: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """The same walks, counted."""

        def counted(ground: Any, *rest: Any) -> Iterator[Any]:
            for outcome in walks(ground, *rest):
                self.components += len(np.unique(ground.labels.take(outcome.rows), return_index=True)[0])
                self.records += len(outcome.rows)
                yield outcome

        return counted

    def asked(self, conflict: Callable[..., Any]) -> Callable[..., Any]:
        """The same conflicts, counted."""

        def counted(left: Any, right: Any) -> Any:
            self.scored += len(left)
            return conflict(left, right)

        return counted


def run(links: LinkSet, *, conflicts: bool, repeat: int) -> tuple[Clustering, float]:
    """Cluster a set and print a row; return the clustering and its CPU seconds."""
    seconds = []
    for _ in range(repeat):
        counts = Counts()
        conflict = counts.asked(links.conflict) if conflicts else None
        with patch.object(partition, "_walks", counts.watch(WALKS)), measure() as cost:
            found = cluster(links.records, links.pairs, link_at=0, limits=links.limits, conflict=conflict)
        seconds.append(cost.cpu)
    sizes = found.sizes()
    print(
        f"{links.records:>12,}{len(links.pairs.left):>12,}{median(seconds):>8.2f}{peak_memory():>10.2f}{counts.components:>10,}"
        f"{counts.records:>11,}{counts.scored:>13,}{len(sizes):>12,}{int(sizes.max()):>9,}{len(found.refusals):>11,}",
        flush=True,
    )
    return found, median(seconds)


def header(title: str) -> None:
    """Print the head of a table."""
    print(
        f"\n{title}\n{'records':>12}{'links':>12}{'CPU s':>8}{'peak GiB':>10}{'walked':>10}{'(records)':>11}"
        f"{'pairs scored':>13}{'clusters':>12}{'largest':>9}{'refusals':>11}",
        flush=True,
    )


def people_part(repeat: int) -> None:
    """The set of people, without and with conflicts, and a walk over everything."""
    links = people(1_000_000, WALKED)
    header("people: links and limits alone")
    found, _ = run(links, conflicts=False, repeat=repeat)
    with measure() as cost:
        labels = walk_over_everything(links)
    print(f"a walk over all components: {cost.cpu:.1f} s CPU, same partition: {np.array_equal(labels, found.labels)}")
    header("people: the same, with conflicts")
    run(links, conflicts=True, repeat=repeat)


def walk_over_everything(links: LinkSet) -> Any:
    """What `cluster` does in components that it has to walk, done to all of them."""
    found = links_of(links.pairs, 0)
    limits = [follow_limit(limit, limit.rows, np.arange(len(limit.rows)), Apartness.of(limit)) for limit in links.limits]
    sets = LimitedSets(links.records, limits)
    merge_best_first(sets, links.records, found.left, found.right, rank_links(found))
    return np.array([sets.find(row) for row in range(links.records)], np.int32)


def crowd_part(repeat: int) -> None:
    """One large component."""
    header("crowd: one component of a million links")
    for records in (50_000, 200_000):
        links = crowd(records, 1_000_000)
        run(links, conflicts=True, repeat=repeat)
        run(links._replace(limits=people(records, WALKED).limits), conflicts=True, repeat=repeat)


def equal_part(repeat: int) -> None:
    """One component of equal links."""
    header("equal: 20,000 records, all links equal")
    for bits in (0, 8, 40):
        links = crowd(20_000, 100_000, equal=True, conflict_bits=bits)
        found, _ = run(links, conflicts=True, repeat=repeat)
        left, right = (found.labels.take(side) for side in (links.pairs.left, links.pairs.right))
        refused = {(one.left, one.right) for one in found.refusals}
        apart = np.flatnonzero(left != right)
        rows = zip(links.pairs.left[apart].tolist(), links.pairs.right[apart].tolist(), strict=True)
        kept, alone = refused.issuperset(rows), int((found.sizes() == 1).sum())
        print(f"conflicts down to -{bits} bits: every link followed or refused: {kept}, records alone: {alone:,}", flush=True)


def growth_part(repeat: int) -> None:
    """The same kind of set in several sizes."""
    header("growth: people, with conflicts")
    costs = []
    for records in GROWTH:
        costs.append(run(people(records, WALKED * records // 1_000_000), conflicts=True, repeat=repeat)[1])
    for name, sizes, seconds in (("10k", GROWTH, costs), ("1M", GROWTH[2:], costs[2:])):
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"CPU seconds from {name} on grow like n^{slope:.2f}")


def omnichannel_part(records: int, folder: Path) -> None:
    """The clustering of one whole run."""
    import omniid

    files = {path.stem: path for path in sorted(channel_files(folder, records).glob("*.csv")) if path.stem != "truth"}
    counts, seconds = Counts(), []

    def clocked(*data: Any, conflict: Callable[..., Any], **options: Any) -> Clustering:
        with measure() as cost:
            found = cluster(*data, conflict=counts.asked(conflict), **options)
        seconds.append(cost.cpu)
        return found

    walks = counts.watch(WALKS)
    with patch.object(partition, "_walks", walks), patch.object(linking, "cluster", clocked), measure() as cost:
        found = omniid.resolve(files)
    scores = found.parts.scores
    linked = scores.weight >= found.parts.link_at
    whole = cluster(len(found.parts.records), scores.take(np.flatnonzero(linked)), link_at=found.parts.link_at).sizes()
    print(f"\nomnichannel: {len(found.parts.records):,} records, {int(linked.sum()):,} links")
    print(f"clustering {seconds[0]:.1f} of {cost.cpu:.1f} s CPU, peak {cost.peak_gib:.2f} GiB")
    print(
        f"components {len(whole):,}, of more than two records {int((whole > 2).sum()):,}, largest {int(whole.max()):,}; "
        f"walked {counts.components:,} ({counts.components / len(whole):.1%}) with {counts.records:,} records; "
        f"pairs scored inside components {counts.scored:,}; clusters {found.summary.people:,}"
    )


def main() -> None:
    parts = {"people": people_part, "crowd": crowd_part, "equal": equal_part, "growth": growth_part}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*parts, "omnichannel", []], help="default: all")
    parser.add_argument("--records", type=int, default=1_000_000, help="of the omnichannel part")
    parser.add_argument("--repeat", type=int, default=1, metavar="K")
    parser.add_argument(
        "--folder", type=Path, default=Path("channels"), help="where channel files are kept (default: channels)"
    )
    arguments = parser.parse_args()
    print(machine(), flush=True)
    for name in arguments.parts or [*parts, "omnichannel"]:
        work, given = (
            (parts[name], (arguments.repeat,)) if name in parts else (omnichannel_part, (arguments.records, arguments.folder))
        )
        process = multiprocessing.get_context("spawn").Process(target=work, args=given)
        process.start()
        process.join()


if __name__ == "__main__":
    main()
