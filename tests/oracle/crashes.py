"""A writer that is killed at random moments, and what must stand in its store afterwards.

A job is what is killed: a class that can be named as "module:Class", with four methods. The writer runs its steps in a process
of its own and says the number of each step once it has returned; the harness kills that process, opens the store again and asks
the job what stands there. Every step that was said must be there, whole; at most one more may be; nothing may be in part.
"""

import importlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from omniid.store import SqliteStore, TableShape


class Job(Protocol):
    def open(self, path: Path) -> Any:
        """Open or make the store."""

    def step(self, opened: Any, number: int) -> None:
        """Do the whole of step `number`; once this returns, it must survive."""

    def standing(self, opened: Any) -> tuple[int, list[str]]:
        """Return the last step that stands (steps stand 1 to last), and in words what stands in part or wrongly."""

    def close(self, opened: Any) -> None:
        """Close the store."""


@dataclass
class Outcome:
    """What happened in all rounds."""

    kills: int = 0
    steps: int = 0
    while_opening: int = 0
    one_more: int = 0
    problems: list[str] = field(default_factory=list)


def load(name: str) -> Job:
    module, _, cls = name.partition(":")
    return getattr(importlib.import_module(module), cls)()


def work(name: str, path: str, first: int) -> None:
    """Run steps until somebody kills this process; the acknowledgement of a step leaves the process before the next begins."""
    job = load(name)
    opened = job.open(Path(path))
    os.write(1, b"0\n")
    number = first
    while True:
        job.step(opened, number)
        os.write(1, b"%d\n" % number)
        number += 1


def kill_once(name: str, path: Path, first: int, rng: random.Random, longest: float) -> list[int]:
    """Start the writer, kill it at a random moment, and return the steps that it has said."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    code = f"from oracle.crashes import work; work({name!r}, {str(path)!r}, {first})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdout is not None
        draw, heard = rng.random(), b""
        if draw < 0.25:
            time.sleep(0.1 + rng.random() * 0.2)  # perhaps while it opens the store
        else:  # once it has opened the store, or, mostly, once a step is done: the first takes longest
            lines = 1 if draw < 0.5 else 2
            while heard.count(b"\n") < lines:
                assert select.select([writer.stdout], [], [], 60)[0], "the writer has said nothing for a minute"
                heard += os.read(writer.stdout.fileno(), 1024)
                assert heard, "the writer ended by itself"
            time.sleep(rng.random() * longest)
        writer.kill()
        said = heard + writer.stdout.read()
    assert writer.returncode == -signal.SIGKILL, f"the writer ended by itself with {writer.returncode}; its error stands above"
    return [int(line) for line in said.split(b"\n")[:-1]]  # an unfinished line is no acknowledgement


def crash(name: str, path: Path, *, kills: int, seed: int = 0, longest: float = 0.3) -> Outcome:
    """Kill the writer `kills` times, each up to `longest` seconds after it opened the store or did a step; the next goes on.

    Parameters
    ----------
    name : str
        The job, as "module:Class".
    path : Path
        The store's file; its folder is there.
    """
    rng, job, out, last = random.Random(seed), load(name), Outcome(), 0
    for _ in range(kills):
        said = kill_once(name, path, last + 1, rng, longest)
        out.kills += 1
        out.while_opening += not said
        opened = job.open(path)
        stands, problems = job.standing(opened)
        job.close(opened)
        acknowledged = max([last, *said])
        if stands < acknowledged:
            problems.append(f"steps {stands + 1} to {acknowledged} were acknowledged and are lost")
        if stands > acknowledged + 1:
            problems.append(f"step {stands} stands, but only {acknowledged} had been acknowledged")
        out.problems += [f"after kill {out.kills}: {problem}" for problem in problems]
        out.one_more += stands == acknowledged + 1
        out.steps += stands - last
        last = stands
    return out


JOURNAL = TableShape("journal", {"number": "int", "items": "int"}, ("number",))
ITEMS = TableShape("items", {"item": "int", "number": "int", "content": "bytes"}, ("item",), indexes=(("number",),))
TOTALS = TableShape("totals", {"name": "text", "value": "int"}, ("name",))


class StoreJob:
    """Each step writes a journal row, 1 to 9 items and two totals, and removes the items of the tenth step before it."""

    shapes = (JOURNAL, ITEMS, TOTALS)

    def items(self, number: int) -> list[tuple[int, int, bytes]]:
        content = f"{number};".encode() * (37 * number % 701)
        return [(number * 10 + place, number, content) for place in range(1 + number % 9)]

    def open(self, path: Path) -> SqliteStore:
        return SqliteStore(path, self.shapes)

    def step(self, opened: SqliteStore, number: int) -> None:
        with opened.writing() as tables:
            old = dict(tables.span("totals", "name"))
            tables.put("totals", [("last", number)])
            tables.put("items", self.items(number))
            removed = tables.rows("items", "number", [number - 10])
            tables.remove("items", "number", [number - 10])
            items = len(self.items(number))
            tables.put("journal", [(number, items)])
            tables.put("totals", [("items", old.get("items", 0) + items - len(removed))])
        if number % 100 == 0:
            opened.compact()
        elif number % 40 == 0:
            copy = Path(f"{opened.path}.copy")
            copy.unlink(missing_ok=True)
            opened.backup(copy)

    def standing(self, opened: SqliteStore) -> tuple[int, list[str]]:
        problems = opened.check()
        with opened.reading() as tables:
            totals = dict(tables.span("totals", "name"))
            journal = tables.span("journal", "number")
            items = tables.span("items", "item")
        last = len(journal)
        if journal != [(number, len(self.items(number))) for number in range(1, last + 1)]:
            problems.append("the journal has gaps or wrong rows")
        if items != [item for number in range(max(1, last - 9), last + 1) for item in self.items(number)]:
            problems.append(f"the items are not those after step {last}")
        if totals != ({"last": last, "items": len(items)} if last else {}):
            problems.append(f"the totals {totals} are not those after step {last}")
        return last, problems

    def close(self, opened: SqliteStore) -> None:
        opened.close()


class ForgetfulJob(StoreJob):
    """Acknowledges steps that it never does: the harness must notice."""

    def step(self, opened: SqliteStore, number: int) -> None:
        if number < 3:
            super().step(opened, number)


class HalfJob(StoreJob):
    """Writes steps in part: the harness must notice."""

    def step(self, opened: SqliteStore, number: int) -> None:
        with opened.writing() as tables:
            tables.put("journal", [(number, len(self.items(number)))])
