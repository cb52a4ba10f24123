"""The matching core on the people set: from a Parquet file to clusters, without normalisation, as other engines have none.

`match_people` is the one place where it stands; versus_splink, versus_recordlinkage, hot_path and batch_vs_rows call it. As a
script, it is one engine of a comparison: `python matching_core.py FILE CLUSTERS light|heavy [MEMORY_LIMIT]`.
"""

import math
import sys
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from omniid.blocking import BlockingRule, BlockPlan, Key, block_on, plan_blocks, prefix, soundex
from omniid.clustering import connected_components
from omniid.comparison import Comparison, Exact, JaroWinkler, Levenshtein, PairComparer, compare_pairs
from omniid.kernel import chunk_within, score_batches
from omniid.kernel_plans import kernel_plan
from omniid.matching import FellegiSunter, compile_weights
from omniid.memory import MemoryBudget, give_back
from omniid.pair_store import PairStore
from omniid.tables import NO_TIME, Column, Model, RecordTable, Rows, no_rejects
from omniid.tables.arrays import numpy_array
from omniid.threads import cores, in_order
from people_task import ALIKE, DERIVED, FIELDS, FREQUENCY, JARO_WINKLER, LIGHT, LINK_AT, RULES
from stage_clock import StageClock, report

CLOSE, ALIKE_AT = JARO_WINKLER
# Pairs of strangers that show how often values are alike by chance; equal values are counted. A level that one in a thousand
# of them has weighs 1.44 / sqrt(100) = 0.14 bits too much or too little (one standard error).
RANDOM_PAIRS = 100_000
# Candidate pairs that the rest is learned from. A fifth of them match, so a level that 2 % of matches have is off by 0.09 bits,
# one that 20 % have by 0.03.
SAMPLED_PAIRS = 60_000
LINK_BITS = math.log2(LINK_AT / (1 - LINK_AT))


def comparison(name: str) -> Comparison:
    """The levels of one field."""
    levels = (JaroWinkler(CLOSE, name="close"), JaroWinkler(ALIKE_AT)) if name in ALIKE else (Levenshtein(1),)
    return Comparison(name, (name,), (Exact(), *levels), frequency=name if name in FREQUENCY else None)


def blocking_rule(keys: tuple[str, ...]) -> BlockingRule:
    """One rule of the task."""
    return block_on(*(blocking_key(name) for name in keys))


def blocking_key(name: str) -> Key | str:
    """A field, or what is derived from one."""
    if name not in DERIVED:
        return name
    derivation, source, number = DERIVED[name]
    return soundex(source) if derivation == "soundex" else prefix(source, number)


COMPARISONS = tuple(comparison(name) for name in FIELDS)
TRAITS = tuple(one.traits for one in COMPARISONS)


def read_people(path: str, workers: int = 1) -> RecordTable:
    """Records whose values, as they were sent, count as normal forms; a column is encoded as soon as it is read."""
    columns = dict(zip(FIELDS, in_order((partial(read_field, path, name) for name in FIELDS), workers), strict=True))
    ids = pq.read_table(path, columns=["unique_id"])["unique_id"].cast(pa.large_string())
    n = len(ids)
    ids = pc.utf8_lpad(ids, len(str(n)), "0").combine_chunks()
    return RecordTable(("people",), np.zeros(n, np.int32), ids, {}, columns, {}, np.full(n, NO_TIME), no_rejects())


def read_field(path: str, name: str) -> Column:
    """One column of the file: its distinct values, and a code per row."""
    cells = pq.ParquetFile(path).read(columns=[name], use_threads=False)[name].dictionary_encode().combine_chunks()
    cells = cells.chunk(0) if isinstance(cells, pa.ChunkedArray) else cells
    return Column(numpy_array(cells.indices, null=-1), cells.dictionary.cast(pa.large_string())).without_empty()


def match_people(path: str, rules: str, clock: StageClock, memory: MemoryBudget | None = None) -> tuple[Rows, dict[str, Any]]:
    """Match the records of a file of `people_set`.

    Parameters
    ----------
    path
        The file.
    rules
        light or heavy.
    clock
        Measures the stages.
    memory
        What the process may hold; None: no limit.

    Returns
    -------
    labels, facts
        Each record's cluster, in the order of the file; links, and raw pairs (a pair that two rules make counts twice).
    """
    workers, memory = cores(), memory or MemoryBudget()
    with clock.stage("read"):
        table = read_people(path, workers)
        give_back()
    with clock.stage("plan blocks"):
        plan = plan_blocks(table, [blocking_rule(keys) for keys in RULES[rules]], max_block=max(len(table), 2))
        comparer = PairComparer(table, COMPARISONS, workers=workers)
    with clock.stage("fit"):
        model = fit(table, plan, comparer, workers).replace(link_at=LINK_BITS, review_at=LINK_BITS)
    with clock.stage("match"):
        weights = compile_weights(table, model, TRAITS)
        kernel = kernel_plan(plan, comparer, weights, TRAITS, model)
        chunk = chunk_within(kernel, memory.share("candidate pairs"), workers)
        with PairStore(tuple(FIELDS), kernel.rules, at_most=memory.share("scored pairs")) as store:
            for lot in score_batches(kernel, chunk=chunk, workers=workers):
                store.add(lot)
            links = store.joined()
    with clock.stage("cluster"):
        labels = connected_components(len(table), links.left, links.right)
    return labels, {"pairs": plan.pairs, "links": len(links.left), "spilled": store.spilled}


def fit(table: RecordTable, plan: BlockPlan, comparer: PairComparer, workers: int) -> Model:
    """Learn the weights from a sample of the light rules' pairs, without labels.

    So for the heavy rules too, as Splink's EM sessions block on two of the light ones: most pairs of the sixth are strangers
    with like names, whose e-mail addresses are alike for the same reason, and EM would take some of them for one person.
    """
    narrow = replace(plan, rules=plan.rules[: len(LIGHT)], finders=plan.finders[: len(LIGHT)])
    one_in = max(narrow.pairs // SAMPLED_PAIRS, 1)
    sample = compare_pairs(comparer, narrow.candidates(one_in=one_in, workers=workers), keep_bytes=0)
    matcher = FellegiSunter(relatives=False, fuzzy_frequency=False, random_pairs=RANDOM_PAIRS)
    return matcher.fit(table, sample, TRAITS, comparer.levels, stands_for=one_in).model_


def main() -> None:
    path, clusters, rules, *limit = sys.argv[1:5]
    clock = StageClock()
    labels, facts = match_people(path, rules, clock, MemoryBudget.of(*limit) if limit else None)
    outcome = clock.finish(**facts)
    ids = pq.read_table(path, columns=["unique_id"])["unique_id"]
    pq.write_table(pa.table({"unique_id": ids, "cluster_id": labels}), clusters)
    report(outcome)


if __name__ == "__main__":
    main()
