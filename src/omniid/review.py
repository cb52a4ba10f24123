"""The review queue: pairs that a person should decide, and has not yet; as a table, and as a file to write decisions in."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.decisions import settle
from omniid.errors import InputError
from omniid.results import Parts, pair_keys, refusals_table
from omniid.tables import BITS, Refusal, Rows, Weights, coded_column
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["ReviewedPairs", "companions_of", "review_table", "reviewed_pairs", "write_review_sheet"]

Key = tuple[str, str]

POSSIBLE = "possible link: above the threshold to review, below the threshold to link"
UNCLEAR = "equal evidence competes for one record"
COMPANIONS = 20  # records of an entity that stand beside the one that is looked at, and are decided with it


class ReviewedPairs(NamedTuple):
    """Pairs to decide: rows, match weight, and the refusals among them, which stand last."""

    left: Rows
    right: Rows
    weight: Weights
    unclear: tuple[Refusal, ...]

    @property
    def why(self) -> list[str]:
        """The reason for each pair, in words."""
        return [POSSIBLE] * (len(self.left) - len(self.unclear)) + [UNCLEAR] * len(self.unclear)


def reviewed_pairs(parts: Parts) -> ReviewedPairs:
    """Return possible links between two clusters, then refusals where equal evidence competes; none that people decided.

    A pair that people were UNSURE of is not asked again.
    """
    scores, labels = parts.scores, parts.clustering.labels
    decided = np.concatenate([_pair(pairs[:, 0], pairs[:, 1]) for pairs in settle(parts.records, parts.decisions)])
    open_ = np.flatnonzero((scores.weight < parts.link_at) & (labels[scores.left] != labels[scores.right]))
    open_ = open_[scores.weight[open_] >= round(parts.model.review_at * BITS)]  # rivals may have taken more
    open_ = open_[~np.isin(_pair(scores.left[open_], scores.right[open_]), decided)]
    told = set(decided.tolist())
    unclear = tuple(one for one in parts.clustering.refusals if one.ambiguous and (one.left << 32 | one.right) not in told)
    return ReviewedPairs(
        np.concatenate([scores.left[open_], np.array([one.left for one in unclear], np.int32)]),
        np.concatenate([scores.right[open_], np.array([one.right for one in unclear], np.int32)]),
        np.concatenate([scores.weight[open_], np.array([one.weight for one in unclear], np.int64)]),
        unclear,
    )


def review_table(parts: Parts) -> pa.Table:
    """What a person should look at, in the columns of refusals, and why."""
    asked = reviewed_pairs(parts)
    n = len(asked.left) - len(asked.unclear)
    nowhere = np.full(n, -1, np.int32)
    possible = pa.table(
        {
            **pair_keys(parts.records, asked.left[:n], asked.right[:n]),
            "match_weight": arrow_array(asked.weight[:n] / BITS),
            "conflict": arrow_array(np.zeros(n)),
            "limit": text_array([""]).take(arrow_array(np.zeros(n, np.int32))),
            "left_value": coded_column(nowhere, text_array([])).dictionary_decode(),
            "right_value": coded_column(nowhere, text_array([])).dictionary_decode(),
            "ambiguous": arrow_array(np.zeros(n, bool)),
            "why": _constant(POSSIBLE, n),
        }
    )
    return pa.concat_tables(
        [possible, refusals_table(parts, asked.unclear).append_column("why", _constant(UNCLEAR, len(asked.unclear)))]
    )


def _constant(text: str, n: int) -> pa.Array:
    return coded_column(np.zeros(n, np.int32), text_array([text]))


def _pair(left: Rows, right: Rows) -> npt.NDArray[np.int64]:
    return (left.astype(np.int64) << 32) | right


def write_review_sheet(parts: Parts, path: str | Path, *, limit: int | None = None) -> int:
    """Write the pairs that a person should decide, the most likely first.

    Parameters
    ----------
    parts
        A result.
    path
        The CSV file (UTF-8 with a mark that spreadsheets know): decision, reason, match_probability, why, then every compared
        field twice, left and right, and at the end the records on both sides. They are those of both entities, so that a
        decision binds the companions of the record that was looked at, and outlives it.
    limit
        At most so many pairs; None for all.

    Returns
    -------
    int
        Number of pairs written.

    Raises
    ------
    InputError
        If the file can't be written.
    """
    asked = reviewed_pairs(parts)
    order = np.lexsort((asked.right, asked.left, -asked.weight))[:limit]
    left, right = asked.left[order], asked.right[order]
    shown = [name for name in dict.fromkeys(one.fields[0] for one in parts.plan.comparisons) if name in parts.records.display]
    sides = {name: [[_shown(parts, name, int(row)) for row in rows] for rows in (left, right)] for name in shown}
    shown = [name for name in shown if any(map(any, sides[name]))]
    header = ["decision", "reason", "match_probability", "why"]
    header += [f"{name}_{side}" for name in shown for side in ("left", "right")] + ["left_records", "right_records"]
    told = [[_keys_text(companions_of(parts, int(row))) for row in rows] for rows in (left, right)]
    chance = 1 / (1 + np.exp2(-asked.weight[order] / BITS))
    try:
        with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(header)
            for i, place in enumerate(order.tolist()):
                values = [sides[name][side][i] for name in shown for side in (0, 1)]
                lines.writerow(["", "", f"{chance[i]:.3f}", asked.why[place], *values, told[0][i], told[1][i]])
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error}); check the folder and its permissions") from error
    return len(order)


def _shown(parts: Parts, name: str, row: int) -> str:
    return ", ".join(value for value in parts.records.display[name].entries_of(row) if value is not None)


def companions_of(parts: Parts, row: int) -> list[Key]:
    """The record and others of its entity, which are decided with it."""
    rows: npt.NDArray[np.intp] = np.flatnonzero(parts.entity == parts.entity[row])
    others = rows[rows != row][:COMPANIONS]
    return parts.records.keys(np.append(row, others))


def _keys_text(keys: Sequence[Key]) -> str:
    plain = all(source and ":" not in source and not source.startswith("[") and ";" not in source + key for source, key in keys)
    plain = plain and all(part == part.strip() for pair in keys for part in pair)
    return "; ".join(f"{source}:{key}" for source, key in keys) if plain else json.dumps(keys, ensure_ascii=False)
