"""The hot path: candidate pairs, comparison and match weights fused into one pass.

The plain stages (`block`, `compare`, `match`) look at every candidate pair in full. Most of them are no match, and little is
needed to prove it. The kernel goes from cheap to dear, and drops a pair as soon as the best that it can still get lies below
the cut:

1. *record matrix*: one row of integer codes per record. One look a side tells which fields agree, which are missing, and
   whether an earlier blocking rule has made the pair already.
2. *bounds*: a table tells the most that such a pattern can weigh; then letter counts and other look-ups rule out levels.
3. *strings*: the few pairs that are left are compared in earnest, comparison by comparison, each pair of values once.
4. *scores*: from integer tables, in millionths of a bit, to the same weights as the plain stages'.

Where a rule makes many pairs a record, a *sieve* goes first: by a byte per value it tells most pairs away before they are made.

Chunks know nothing of each other, so they may run in any thread and order. The plain stages are the kernel's twin in tests:
same pairs, same levels, same weights.
"""

from omniid.kernel.run import chunk_within, score_batches, score_records
from omniid.kernel.scores import weigh

__all__ = ["chunk_within", "score_batches", "score_records", "weigh"]
