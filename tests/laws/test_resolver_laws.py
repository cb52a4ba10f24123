"""Laws of the live store: after every step it says what a full run over the surviving versions says, and ids keep their word.

`OMNIID_RESOLVER_STEPS` and `OMNIID_RESOLVER_EXAMPLES` make the machine walk longer and oftener than it does in CI, with
`OMNIID_HYPOTHESIS=explore` along new ways; `OMNIID_RESOLVER_SHRINK` makes what fails short, which takes minutes.
"""

import os
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import omniid
from omniid import Decision, Resolver
from omniid.decisions import standing
from omniid.entity_decisions import merge_decisions, split_decisions
from oracle import live_reading as reading
from oracle.live import Key, Twin
from oracle.live_worlds import MODEL, SPEC, TOWN, contents

STEPS = int(os.environ.get("OMNIID_RESOLVER_STEPS", "10"))
BRIEF = os.environ.get("OMNIID_HYPOTHESIS") == "brief"  # a second environment
EXAMPLES = int(os.environ.get("OMNIID_RESOLVER_EXAMPLES", "1" if BRIEF else "3"))
# Shrinking what failed takes minutes: only when asked for.
PHASES = list(Phase) if "OMNIID_RESOLVER_SHRINK" in os.environ else [Phase.explicit, Phase.generate]
NUMBERS = [str(number) for number in range(1, 6)]
keys = st.tuples(st.sampled_from(["crm", "web"]), st.sampled_from(NUMBERS))
sides = st.lists(keys, min_size=1, max_size=2, unique=True)


def sent(records: dict[str, Any], version: int | None = None) -> list[dict[str, Any]]:
    """Records of one source by number, as they are handed in."""
    stamp = {} if version is None else {"seq": version}
    return [{"record_id": number, **content, **stamp} for number, content in records.items()]


class Store(RuleBasedStateMachine):
    """The source "web" is told in order and in whole snapshots, without versions; "crm" with versions in any order."""

    spec = SPEC.replace(profile_pass=False)

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.twin = Twin()
        self.moment = 0
        self.cursor = 0
        self.resolver: Resolver = omniid.open(self.folder / "store.db", self.spec, model=MODEL)

    def teardown(self) -> None:
        self.resolver.close()
        shutil.rmtree(self.folder)

    def now(self) -> dict[str, str]:
        self.moment += 1
        return {"author": "kim", "time": f"2026-05-01T00:{self.moment:02}:00"}

    @rule(records=st.dictionaries(st.sampled_from(NUMBERS), contents, min_size=1, max_size=4))
    def upsert(self, records: dict[str, Any]) -> None:
        self.resolver.upsert(sent(records), source="web")
        for number, content in records.items():
            self.twin.put(("web", number), content)

    @rule(number=st.sampled_from(NUMBERS), content=contents, version=st.integers(1, 5))
    def upsert_a_version(self, number: str, content: dict[str, Any], version: int) -> None:
        assume(self.twin.versions.get(("crm", number), {}).get(version, content) == content)
        self.resolver.upsert(sent({number: content}, version), source="crm", version="seq")
        self.twin.put(("crm", number), content, version)

    @precondition(lambda self: self.twin.current())
    @rule(data=st.data())
    def change_a_field(self, data: st.DataObject) -> None:
        """One field of a record changes: nearly always one that flips a class or moves a visit."""
        key = data.draw(st.sampled_from(sorted(self.twin.current())))
        name = data.draw(st.sampled_from(["at", "email", "first_name"]))
        content = {**self.twin.current()[key], name: data.draw(contents)[name]}
        if key[0] == "web":
            self.upsert({key[1]: content})
        else:
            self.upsert_a_version(key[1], content, max(self.twin.versions[key]) + 1)

    @precondition(lambda self: self.twin.current())
    @rule(data=st.data())
    def upsert_again(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.twin.current())))
        version = None if key[0] == "web" else max(self.twin.versions[key])
        stamp = {} if version is None else {"version": "seq"}
        self.resolver.upsert(sent({key[1]: self.twin.current()[key]}, version), source=key[0], **stamp)
        assert not reading.feed(self.resolver, since=self.cursor)

    @rule(number=st.sampled_from(NUMBERS))
    def delete(self, number: str) -> None:
        assume(("web", number) in self.twin.current())
        self.resolver.delete([("web", number)])
        self.twin.put(("web", number), None)

    @rule(number=st.sampled_from(NUMBERS), version=st.integers(1, 5))
    def delete_at_a_version(self, number: str, version: int) -> None:
        assume(("crm", number) in self.twin.versions)
        assume(self.twin.versions["crm", number].get(version) is None)
        self.resolver.delete([("crm", number)], version=version)
        self.twin.put(("crm", number), None, version)

    @precondition(lambda self: self.twin.versions)
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        """Records that live or were deleted; from then on they are refused."""
        there = st.sampled_from(sorted(self.twin.versions))
        keys = data.draw(st.lists(there, min_size=1, max_size=2, unique=True))
        assert self.resolver.erase(records=keys).records == len(keys)
        self.twin.erase(keys)
        assert not set(keys) & set(reading.ids(self.resolver))

    @rule(records=st.dictionaries(st.sampled_from(NUMBERS), contents, min_size=1, max_size=4))
    def sync(self, records: dict[str, Any]) -> None:
        self.resolver.sync("web", sent(records))
        for source, number in self.twin.current():
            if source == "web" and number not in records:
                self.twin.put(("web", number), None)
        for number, content in records.items():
            self.twin.put(("web", number), content)

    @rule(kind=st.sampled_from(["MUST_LINK", "CANNOT_LINK", "UNSURE"]), left=sides, right=sides)
    def decide(self, kind: str, left: list[Key], right: list[Key]) -> None:
        """Some of the records may not have come yet."""
        assume(not set(left) & set(right))

        self.tell(Decision(kind, tuple(left), tuple(right), **self.now()))

    def tell(self, *told: Decision) -> None:
        self.resolver.decide(list(told))
        self.twin.decisions += told

    @precondition(lambda self: any(len(entity.records) > 1 for entity in self.twin.book.live.values()))
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:

        name = data.draw(st.sampled_from(sorted(n for n, e in self.twin.book.live.items() if len(e.records) > 1)))
        mixed = data.draw(st.permutations(sorted(self.twin.members(name))))
        cut = data.draw(st.integers(1, len(mixed) - 1))
        now = self.now()
        self.resolver.split(name, [mixed[:cut], mixed[cut:]], **now)
        self.twin.decisions += split_decisions(mixed, [mixed[:cut], mixed[cut:]], **now)

    @precondition(lambda self: len(self.twin.book.live) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:

        one, other = data.draw(st.permutations(sorted(self.twin.book.live)))[:2]
        now = self.now()
        self.resolver.merge(one, other, **now)
        self.twin.decisions += merge_decisions(self.twin.members(one), self.twin.members(other), **now)

    @precondition(lambda self: standing(self.twin.decisions))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:

        told = data.draw(st.sampled_from(standing(self.twin.decisions)))
        now = self.now()
        self.resolver.undo(told, **now)
        self.twin.decisions += omniid.undo(told, **now)

    @rule(most=st.integers(4, len(TOWN)))
    def refit(self, most: int) -> None:

        self.resolver.apply(self.resolver.fit(TOWN[:most]))

    @rule()
    def reopen(self) -> None:
        self.resolver.close()
        self.resolver = omniid.open(self.folder / "store.db")
        assert not reading.feed(self.resolver, since=self.cursor)

    @invariant()
    def says_what_a_full_run_says(self) -> None:
        expected = self.twin.step(self.resolver.spec, self.resolver.model)
        said = reading.found(self.resolver)
        full = self.twin.found
        for part in full._fields:
            assert getattr(said, part) == getattr(full, part), part
        assert reading.ids(self.resolver) == self.twin.ids()
        feed = reading.feed(self.resolver, since=self.cursor)
        assert len(feed) == len(set(feed))
        assert {one for one in feed if one[0] != "updated"} == {one for one in expected if one[0] != "updated"}
        assert set(feed) >= expected  # a record may say something new that its profile does not show
        self.cursor = self.resolver.cursor


class StoreWithProfilePass(Store):
    """The same where clusters are compared, too, so that pairs below the threshold tie records."""

    spec = SPEC.replace(profile_pass=True)


Store.TestCase.settings = StoreWithProfilePass.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=PHASES,
)
TestStore = Store.TestCase
TestStoreWithProfilePass = StoreWithProfilePass.TestCase


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Versioned changes of a few records, and decisions on them: what may be told in any order."""
    changes = draw(st.lists(st.tuples(keys, st.integers(1, 3)), min_size=3, max_size=10, unique=True))
    told: list[Any] = [(key, version, draw(st.one_of(contents, contents, contents, st.none()))) for key, version in changes]
    for moment in range(draw(st.integers(0, 3))):
        left, right = draw(sides), draw(sides)
        if not set(left) & set(right):
            kind = draw(st.sampled_from(["MUST_LINK", "CANNOT_LINK"]))
            told.append(Decision(kind, tuple(left), tuple(right), time=f"2026-05-0{moment + 1}"))
    return told


def tell(resolver: Resolver, told: list[Any]) -> None:
    """Hand in one batch of changes: the upserts in one call, then the deletes, then the decisions."""
    upserts: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        if not isinstance(one, Decision) and one[2] is not None:
            (source, number), version, content = one
            upserts.setdefault(source, []).append({"record_id": number, **content, "seq": version})
    if upserts:
        resolver.upsert(upserts, version="seq")
    for one in told:
        if not isinstance(one, Decision) and one[2] is None:
            resolver.delete([one[0]], version=one[1])
    if decisions := [one for one in told if isinstance(one, Decision)]:
        resolver.decide(decisions)


def batches(told: list[Any], shuffle: random.Random) -> list[list[Any]]:
    """The changes in another order and in batches, none of which tells a record twice."""
    mixed, out = shuffle.sample(told, len(told)), []
    for one in mixed:
        alone = isinstance(one, Decision)
        names = {other[0] for other in out[-1] if not isinstance(other, Decision)} if out else set()
        if not out or shuffle.random() < 0.4 or (not alone and one[0] in names):
            out.append([])
        out[-1].append(one)
    return out


@settings(max_examples=EXAMPLES, phases=PHASES)
@given(histories(), st.randoms(use_true_random=False), st.booleans())
def test_no_order_and_no_batching_of_changes_and_decisions_matters(
    told: list[Any], shuffle: random.Random, by_profiles: bool
) -> None:
    twin, said, spec = Twin(), [], SPEC.replace(profile_pass=by_profiles)
    for one in told:
        if isinstance(one, Decision):
            twin.decisions.append(one)
        else:
            twin.put(one[0], one[2], one[1])
    for _ in range(2):
        with omniid.open(":memory:", spec, model=MODEL) as resolver:
            for batch in batches(told, shuffle):
                tell(resolver, batch)
            said.append(reading.found(resolver))
            full, _ = twin.batch(resolver.spec, resolver.model)
            assert not resolver.rebuild()
            assert reading.found(resolver) == said[-1]
    assert said[0] == said[1] == full


@settings(max_examples=EXAMPLES, phases=PHASES)
@given(st.lists(st.one_of(contents, st.none()), min_size=2, max_size=4), contents, st.randoms(use_true_random=False))
def test_at_equal_versions_a_delete_wins_and_else_all_orders_agree(
    told: list[Any], other: dict[str, Any], shuffle: random.Random
) -> None:
    said = []
    for order in (told, shuffle.sample(told, len(told))):
        with omniid.open(":memory:", SPEC, model=MODEL) as resolver:
            resolver.upsert(sent({"2": other}), source="crm")
            for content in order:
                tell(resolver, [(("crm", "1"), 7, content)])
            said.append(reading.found(resolver))
            assert (("crm", "1") in reading.ids(resolver)) == (None not in told)
    assert said[0] == said[1]


@settings(max_examples=EXAMPLES, phases=PHASES)
@given(st.dictionaries(keys, contents, min_size=1, max_size=6), keys, contents)
def test_delete_undoes_upsert(records: dict[Key, Any], new: Key, content: dict[str, Any]) -> None:
    assume(new not in records)
    with omniid.open(":memory:", SPEC, model=MODEL) as resolver:
        for (source, number), one in records.items():
            resolver.upsert(sent({number: one}), source=source)
        before, named = reading.found(resolver), reading.ids(resolver)
        resolver.upsert(sent({new[1]: content}), source=new[0])
        assert new in reading.ids(resolver)
        resolver.delete([new])
        assert reading.found(resolver) == before
        assert reading.ids(resolver) == named
