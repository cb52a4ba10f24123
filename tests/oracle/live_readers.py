"""Readers beside a writer: each of its calls moves two records from one customer to the other; no reader may see a half."""

import sys
import time
from pathlib import Path

import omniid
from omniid import Resolver
from oracle.live_worlds import MODEL, SPEC, content

ANCHORS = {"left": content(login="u1", first_name="ann"), "right": content(login="u2", first_name="tom")}
MOVING = ("one", "other")


def make(path: Path | str) -> Resolver:
    """A store with two customers, and two records that are of the first."""
    resolver = omniid.open(path, SPEC, model=MODEL, backend="rows")
    resolver.upsert([{"record_id": name, **told} for name, told in ANCHORS.items()], source="crm")
    move(resolver, 0)
    return resolver


def move(resolver: Resolver, step: int) -> None:
    """Move both, and give them the same new mailbox."""
    told = content(login=f"u{step % 2 + 1}", email=f"step{step}@x.com")
    resolver.upsert([{"record_id": name, **told} for name in MOVING], source="web")


def look(resolver: Resolver) -> list[str]:
    """Ask all that readers ask once, and say in words which answer mixes two states."""
    problems = []
    who = {row["record_id"]: row["entity_id"] for row in resolver.crosswalk()}
    sizes = sorted(list(who.values()).count(name) for name in set(who.values()))
    if sizes != [1, 3] or who["one"] != who["other"] or who["left"] == who["right"]:
        problems.append(f"the crosswalk says {who}")
    told = resolver.get_profile(record=("web", "one"))
    if told["records"] != 3 or len(told["emails"]) != 1 or len(told["logins"]) != 1:
        problems.append(f"a profile says {told}")
    looked_up = resolver.lookup(login="u1").profile
    if looked_up is None or looked_up["records"] not in (1, 3) or len(looked_up["emails"]) != (looked_up["records"] == 3):
        problems.append(f"a look-up says {looked_up}")
    found = resolver.resolution().table("profiles").to_pylist()
    if sorted(row["records"] for row in found) != [1, 3] or sum(len(row["emails"]) for row in found) != 1:
        problems.append(f"the result says {found}")
    steps = [row["cursor"] for row in resolver.changes(since=0)]
    if steps != list(range(1, len(steps) + 1)):
        problems.append("the feed has gaps")
    return problems


def read_for(path: str, seconds: float) -> None:
    """What a reading process does: answers are counted on its standard output, problems written there."""
    with omniid.open(path, backend="rows") as resolver:
        sys.stdout.write("open\n")
        sys.stdout.flush()
        end, answers, problems = time.monotonic() + seconds, 0, []
        while time.monotonic() < end or not answers:
            problems += look(resolver)
            answers += 1
    sys.stdout.write("".join(f"{line}\n" for line in [*problems, str(answers)]))
