"""A person reviews pairs one by one: what is asked, what was answered, and the file that holds the answers from each on.

Answers are decisions, appended to a file of JSON lines one by one and pushed to the disk, so that a broken line costs the last
answer at most. "Back" appends an UNDO: nothing is ever taken out of the file. The same file serves as ``decisions=`` (law) and
as ``labels=`` (training).
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np

from omniid.decisions import read_decisions, standing, undo
from omniid.errors import InputError
from omniid.labels import Labels
from omniid.results import Parts
from omniid.review import companions_of, reviewed_pairs
from omniid.tables import Decision, Rows
from omniid.worth_judging import chosen_pairs

__all__ = ["ReviewSession", "review_queue"]

Key = tuple[str, str]
Pair = tuple[int, int]


def review_queue(parts: Parts, *, worth: int | None = None) -> list[Pair]:
    """Return the rows of the pairs to ask: the review queue, the most likely first, or those most worth judging.

    Parameters
    ----------
    parts
        A result.
    worth
        So many pairs that teach a model most; None for the review queue.
    """
    if worth is not None:
        at = chosen_pairs(parts, worth)
        return _pairs(parts.scores.left[at], parts.scores.right[at])
    asked = reviewed_pairs(parts)
    order = np.lexsort((asked.right, asked.left, -asked.weight))
    return _pairs(asked.left[order], asked.right[order])


def _pairs(left: Rows, right: Rows) -> list[Pair]:
    return list(zip(left.tolist(), right.tolist(), strict=True))


class ReviewSession:
    """One sitting over a queue of pairs; goes on where the file of an earlier one stopped.

    Parameters
    ----------
    parts
        A result.
    queue
        Rows of the pairs to ask.
    path
        The file of answers; made if it does not exist.
    author
        Who answers.

    Raises
    ------
    InputError
        If the file can't be read or written.
    """

    def __init__(self, parts: Parts, queue: Sequence[Pair], path: str | Path, *, author: str = "") -> None:
        self.parts, self.path, self.author = parts, Path(path), author
        mend(self.path)
        self.earlier = read_decisions(self.path) if self.path.exists() else ()
        told = {frozenset(pair) for one in standing(self.earlier) for pair in product(one.left, one.right)}
        self.pairs = [pair for pair in queue if frozenset(self._keys(pair)) not in told]
        self.answers: list[tuple[int, Decision]] = []
        self.place = 0

    def _keys(self, pair: Pair) -> list[Key]:
        return self.parts.records.keys(np.array(pair, np.int32))

    def asked(self) -> Iterator[Pair]:
        """The pair to ask now, over and over, until none is left; what an answer of this sitting settled is not asked."""
        while self.place < len(self.pairs):
            left, right = self._keys(self.pairs[self.place])
            if any({left, right} & {*one.left} and {left, right} & {*one.right} for _, one in self.answers):
                self.place += 1
            else:
                yield self.pairs[self.place]

    def answer(self, kind: str) -> Decision:
        """Decide the pair at hand: MUST_LINK, CANNOT_LINK or UNSURE; written before this returns."""
        left, right = (tuple(companions_of(self.parts, row)) for row in self.pairs[self.place])
        if kind == "UNSURE" or set(left) & set(right):  # of one entity, the others may go with either
            left, right = left[:1], right[:1]
        told = Decision(kind, left, right, author=self.author, reason="omniid review", time=self._now())
        append(self.path, told)
        self.answers.append((self.place, told))
        self.place += 1
        return told

    def skip(self) -> None:
        """Leave the pair open; the next sitting asks it again."""
        self.place += 1

    def back(self) -> bool:
        """Withdraw the last answer of this sitting and ask its pair again; False where there is none."""
        if not self.answers:
            return False
        self.place, told = self.answers.pop()
        for one in undo(told, author=self.author, time=self._now()):
            append(self.path, one)
        return True

    def _now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="microseconds")

    def labels(self) -> Labels:
        """What all answers in the file say as labels.

        Raises
        ------
        InputError
            If they contradict each other.
        """
        said = {}
        for one in standing(read_decisions(self.path) if self.path.exists() else ()):
            if one.kind != "UNSURE":
                said[one.left[0], one.right[0]] = one.kind == "MUST_LINK"
        return Labels(said)


def append(path: Path, decision: Decision) -> None:
    """Add one line to a file, and wait until it is on the disk.

    Raises
    ------
    InputError
        If the file can't be written.
    """
    line = json.dumps(asdict(decision), ensure_ascii=False) + "\n"
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error}); check the folder and its permissions") from error


def mend(path: Path) -> None:
    """Cut off a last line that was not written to its end, as when the machine went down."""
    if not path.exists():
        return
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole == len(content):
        return
    try:
        json.loads(content[whole:])
    except ValueError:
        with path.open("r+b") as file:
            file.truncate(whole)
    else:  # a whole line that somebody's editor left without an end
        with path.open("ab") as file:
            file.write(b"\n")
