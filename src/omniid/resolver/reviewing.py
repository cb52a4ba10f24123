"""The review queue of a live store: the pairs to ask people about, found in the stored evidence."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.decisions import standing
from omniid.errors import InputError, SpecError
from omniid.frames import plain_table, to_native
from omniid.pipeline import with_thresholds
from omniid.resolver.decided import all_decisions, decided_rows
from omniid.resolver.incoming import join_key
from omniid.resolver.learned import Learned
from omniid.resolver.looking import parts_around
from omniid.resolver.reading import ReadsStore
from omniid.resolver.settings import last_number
from omniid.results import Parts
from omniid.review import review_table, write_review_sheet
from omniid.store import Snapshot
from omniid.tables import BITS
from omniid.tables.arrays import distinct

__all__ = ["AsksPeople"]

PORTION = 100_000  # pairs read at a time
MORE = 4  # times as many pairs are looked at where too few are left
KEYS = ("left_source", "left_record_id", "right_source", "right_record_id")
Numbers = npt.NDArray[np.int64]


class AsksPeople(ReadsStore):
    """What a `Resolver` asks people."""

    def review(self, *, limit: int | None = None) -> Any:
        """Return the pairs that a person should decide, the most likely first, in the columns of `Resolution.review`.

        Possible links between two entities, and refusals where equal evidence competes; none that people decided, or were
        UNSURE of.

        Parameters
        ----------
        limit
            At most so many pairs; with few it is quick, as only what they touch is looked at closer.

        Raises
        ------
        NotFittedError
            Before the first fit.
        """
        table = plain_table(review_table(self._asked(limit)))
        order = pc.sort_indices(table, [("match_weight", "descending"), *((name, "ascending") for name in KEYS)])
        return to_native(table.take(order[:limit]), self._backend)

    def write_review(self, path: str | Path, *, limit: int | None = None) -> int:
        """Write the review queue as a CSV file for people, the most likely pairs first, and return their number.

        Both records stand side by side. Fill the column `decision` with same, different or unsure, and pass the file to
        `decide`.

        Parameters
        ----------
        path
            The file.
        limit
            At most so many pairs.

        Raises
        ------
        InputError
            If the file can't be written.
        NotFittedError
            Before the first fit.
        """
        return write_review_sheet(self._asked(limit), path, limit=limit)

    def _asked(self, limit: int | None) -> Parts:
        """What is tied to the pairs to ask about, looked at closer.

        A closer look leaves out pairs, as those of copies; then more are looked at, until enough of the heaviest are left.
        """
        if limit is not None and limit < 1:
            raise SpecError(f"limit is {limit}; give 1 or more, or None for all pairs")
        with self.store.reading() as store:
            learned, most = self._ready(store), limit
            while True:
                rows, least = _doubtful_rows(store, learned, most)
                parts = parts_around(store, learned, rows or [row for row, *_ in store.span("members", "row", limit=1)])
                if parts is None:
                    raise InputError("the store holds no records to ask about; upsert some first")
                if limit is None or most is None or least is None or _heavy(parts, least) >= limit:
                    return parts
                most *= MORE


def _heavy(parts: Parts, least: int) -> int:
    """How many pairs to ask about weigh so much."""
    return int(np.count_nonzero(review_table(parts)["match_weight"].to_numpy() >= least / BITS))


def _doubtful_rows(store: Snapshot, learned: Learned, limit: int | None) -> tuple[list[int], int | None]:
    """Rows of the best pairs to ask about, and of all links that were refused: whether these compete is seen closer.

    And the least weight of these pairs where there are more, None where these are all.
    """
    model = with_thresholds(learned.model, learned.spec)
    link_at, review_at = round(model.link_at * BITS), round(model.review_at * BITS)
    entity = np.full(last_number(store, "records", "row") + 1, -1, np.int64)
    members = np.array(store.span("members", "row"), np.int64).reshape(-1, 4)
    entity[members[:, 0]] = members[:, 1]
    settled = _settled_pairs(store)
    doubtful, refused, seen = np.zeros((0, 4), np.int64), [np.zeros((0, 4), np.int64)], 0
    for lot in _evidence(store):
        apart = lot[entity[lot[:, 1]] != entity[lot[:, 2]]]
        refused.append(apart[apart[:, 3] >= link_at])
        asked = apart[(apart[:, 3] < link_at) & (apart[:, 3] >= review_at) & ~np.isin(apart[:, 0], settled)]
        doubtful, seen = _best(np.concatenate([doubtful, asked]), limit), seen + len(asked)
    rows: list[int] = distinct(np.concatenate([doubtful, *refused])[:, 1:3]).tolist()
    return rows, int(doubtful[:, 3].min()) if len(doubtful) < seen else None


def _best(pairs: Numbers, limit: int | None) -> Numbers:
    """The heaviest pairs, and those that weigh as much as the last of them."""
    if limit is None or len(pairs) <= limit:
        return pairs
    least = np.partition(pairs[:, 3], len(pairs) - limit)[len(pairs) - limit]
    heavy: Numbers = pairs[pairs[:, 3] >= least]
    return heavy


def _evidence(store: Snapshot) -> Iterator[Numbers]:
    """All scored pairs as (pair, left, right, weight), a portion at a time."""
    start = 0
    while rows := store.span("evidence", "pair", start, limit=PORTION):
        yield np.array(rows, np.int64)
        start = rows[-1][0] + 1


def _settled_pairs(store: Snapshot) -> Numbers:
    """Pairs that decisions name."""
    stand = standing(all_decisions(store))
    rows = decided_rows(store, stand)
    sides = (
        [[rows[key] for each in side if (key := join_key(*each)) in rows] for side in (one.left, one.right)] for one in stand
    )
    ends = {(min(pair), max(pair)) for left, right in sides for pair in product(left, right)}
    return np.array(sorted(left << 32 | right for left, right in ends), np.int64)
