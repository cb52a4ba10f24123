"""A job for `oracle.crashes`: a live store that is told records until its process is killed."""

import json
from pathlib import Path
from typing import Any

import omniid
from omniid import Resolver
from oracle.live_worlds import MODEL, SPEC, content

NUMBERS = 7  # records; they change, go and come back


class ResolverJob:
    """Step n upserts three records and a mark that says n; each fifth step is a snapshot that leaves the others out."""

    def told(self, number: int) -> dict[str, dict[str, str | None]]:
        """Record id → content of one step."""
        out = {}
        for place in range(3):
            at = number * 3 + place
            out[str(at % NUMBERS)] = content(
                email=f"{'ab'[at % 2]}@x.com",
                first_name=("ann", "tom", "eve")[at % 3],
                last_name=("lee", "stone")[at // 3 % 2],
                login=f"u{at % 4}",
            )
        return {**out, "mark": content(phone=f"+48 601 {number // 1000:03} {number % 1000:03}")}

    def standing_after(self, last: int) -> dict[str, dict[str, str]]:
        """What stands after a step."""
        records: dict[str, dict[str, str | None]] = {}
        for number in range(last // 5 * 5 if last >= 5 else 1, last + 1):  # a snapshot leaves nothing of what was before
            records = self.told(number) if number % 5 == 0 else {**records, **self.told(number)}
        told = {record: {"record_id": record, **cells} for record, cells in records.items()}
        return {record: {name: cell for name, cell in cells.items() if cell is not None} for record, cells in told.items()}

    def open(self, path: Path) -> Resolver:
        return omniid.open(path, SPEC, model=MODEL, backend="rows")

    def step(self, opened: Resolver, number: int) -> None:
        rows = [{"record_id": record, **told} for record, told in self.told(number).items()]
        if number % 5 == 0:
            opened.sync("web", rows)
        else:
            opened.upsert(rows, source="web")

    def standing(self, opened: Resolver) -> tuple[int, list[str]]:
        problems = [f"check: {problem}" for problem in opened.check()]
        there = stored(opened)
        mark = there.get("mark", {}).get("phone", "0")
        last = int(mark[7:].replace(" ", "") or 0)
        if there != self.standing_after(last):
            problems.append(f"the records are not those after step {last}")
        if {row["record_id"] for row in opened.crosswalk()} != set(there):
            problems.append("the crosswalk names other records than there are")
        if difference := opened.rebuild():
            problems.append(f"a rebuild differs: {difference}")
        return last, problems

    def close(self, opened: Resolver) -> None:
        opened.close()


def stored(opened: Resolver) -> dict[str, dict[str, Any]]:
    """Record id → what the store holds of it."""
    with opened.store.reading() as tables:
        rows = tables.span("records", "key")
    return {key.split("\x1f")[1]: json.loads(text) for _, key, _, deleted, _, text, _ in rows if not deleted}
