"""With incremental=True a pair's evidence depends on its two records, the model and the classes of their values only."""

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws.test_any_columns import table
from omniid import (
    Address,
    Date,
    Email,
    Identifier,
    InputError,
    Model,
    PersonName,
    Phone,
    Source,
    Spec,
    block_on,
    one_edit,
    resolve,
    soundex,
)
from omniid.blocking import spelling
from omniid.compilation import compile_plan, field_plans
from omniid.copies import IDENTICAL
from omniid.crowding import frozen_keys, frozen_numbers
from omniid.datasets import generate
from omniid.evidence import Classes, weak_values
from omniid.frames import read_inputs
from omniid.gathering import gather
from omniid.linking import ReadyRecords, plan_pairs, score
from omniid.matching import compile_weights
from omniid.meeting import hash_meanings
from omniid.normalization import normalize
from omniid.pipeline import Evidence as FoundEvidence
from omniid.pipeline import declared_rules, find_evidence, with_thresholds
from omniid.stages import Stages
from omniid.tables import Column, RecordTable, Rows, no_rejects
from omniid.tables.arrays import arrow_array


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


Evidence = dict[tuple[Any, Any], tuple[Any, ...]]
QUIET = pytest.mark.filterwarnings("ignore::omniid.ConvergenceWarning")  # said of columns that tell hardly anything


class Found(NamedTuple):
    """What is evidence, and the columns before shared values were taken from them."""

    evidence: FoundEvidence
    met: Mapping[str, Column]

    @property
    def classes(self) -> Classes:
        return self.evidence.classes


@dataclass(eq=False)
class World:
    """Records, what a run on all of them found, and how to score any part of them."""

    sent: RecordTable
    spec: Spec
    model: Model

    def __post_init__(self) -> None:
        self.found = self._find(np.arange(len(self.sent), dtype=np.int32), None)
        self.pairs = dict(self._scored(self.found, range(len(self.sent))))

    def part(self, rows: Sequence[int]) -> Evidence:
        """The scored pairs of some records alone, by their keys; what all know of values is told."""
        return dict(self._scored(self._find(np.array(sorted(rows), np.int32), self._told), sorted(rows)))

    def within(self, rows: Sequence[int]) -> Evidence:
        """Those of all records, restricted."""
        keys = {self.sent.key(row) for row in rows}
        return {pair: says for pair, says in self.pairs.items() if keys.issuperset(pair)}

    def _told(self, counted: Classes, met: RecordTable) -> Classes:
        """The people behind values, as all records say."""
        out = {}
        for name, found in counted.items():
            every = self.found.classes[name]
            place = {value: at for at, value in enumerate(self.found.met[name].vocabulary.to_pylist())}
            at = [place[value] for value in met.columns[name].vocabulary.to_pylist()]
            out[name] = replace(found, people=every.people[at], records=every.records[at])
        return out

    def _find(self, rows: Rows, told: Callable[[Classes, RecordTable], Classes] | None) -> Found:
        records = normalize(only(self.sent, rows), field_plans(self.spec, self.model.frozen))
        met: dict[str, Column] = {}

        def known(counted: Classes, table: RecordTable) -> Classes:
            met.update(table.columns)
            return counted if told is None else told(counted, table)

        meanings = (lambda table: self.meanings) if told is not None else None
        if told is None:
            self.meanings = hash_meanings(records, self.spec.fields, self.spec.purpose)
        found = find_evidence(records, self.spec, self.model, Stages(), known, meanings)
        return Found(found, met)

    def _scored(self, found: Found, rows: Sequence[int]) -> Iterator[tuple[tuple[Any, Any], tuple[Any, ...]]]:
        spec, model, table = self.spec, self.model, found.evidence.table
        rules, crowded, numbers = declared_rules(spec, model), frozen_keys(spec, model), frozen_numbers(spec, model)
        plan = compile_plan(spec, table, found.evidence.kinds, (), rules, model.repeats, crowded, numbers)
        ready = ReadyRecords(table, plan, found.classes, 1)
        model = with_thresholds(model, spec)
        weights = compile_weights(table, model, plan.traits, weak=weak_values(found.classes))
        pairs = score(ready, plan_pairs(ready, plan.rules or ()), model, weights, Stages())
        copies: dict[int, list[int]] = {}
        for row, original in enumerate(ready.originals.tolist()):
            copies.setdefault(original, []).append(row)
        keys = [self.sent.key(row) for row in rows]
        for at in range(len(pairs)):
            left, right, rule = int(pairs.left[at]), int(pairs.right[at]), pairs.rules[pairs.rule[at]]
            says = int(pairs.weight[at]), int(pairs.tier[at]), rule, tuple(pairs.levels[at].tolist())
            # Copies share what their originals have, said or not.
            same = copies.get(int(ready.originals[left]), [left])
            both = combinations(same, 2) if rule == IDENTICAL else product(copies.get(left, [left]), copies.get(right, [right]))
            yield from (((keys[min(pair)], keys[max(pair)]), says) for pair in both)


def only(table: RecordTable, rows: Rows) -> RecordTable:
    """Some raw records, as if the others had never been: their values alone in the vocabularies."""
    raw = {}
    for name, column in table.raw.items():
        part = column.take(rows)
        used = np.unique(part.codes[part.codes >= 0])
        codes = np.where(part.codes >= 0, np.searchsorted(used, part.codes), -1).astype(np.int32)
        raw[name] = Column(codes, part.vocabulary.take(arrow_array(used)), part.offsets)
        if part.offsets is not None and (np.diff(part.offsets) == 1).all():
            raw[name] = replace(raw[name], offsets=None)  # as of a source whose cells hold one value each
    ids = table.record_id.take(arrow_array(rows))
    return RecordTable(table.sources, table.source[rows], ids, raw, {}, {}, table.time[rows], no_rejects())


def world(data: Any, spec: Spec) -> World:
    fitted = resolve(data, spec)
    sent = gather(read_inputs(data), fitted.spec, Stages()).table
    made = World(sent, fitted.spec, fitted.model)
    pairs = fitted.parts.scores
    expected = {
        (sent.key(int(a)), sent.key(int(b))): weight
        for a, b, weight in zip(pairs.left, pairs.right, pairs.weight.tolist(), strict=True)
    }
    assert expected.items() <= {pair: says[0] for pair, says in made.pairs.items()}.items()  # the fit saw what its model sees
    return made


def check(made: World, seed: int) -> None:
    draw, every = random.Random(seed), range(len(made.sent))
    halves = draw.sample(every, len(every) // 2)
    parts = [halves, sorted(set(every) - set(halves)), draw.sample(every, min(len(every), 12))]
    near = sorted(made.pairs)
    place = {made.sent.key(row): row for row in every}
    parts += [[place[one] for one in pair] for pair in draw.sample(near, min(len(near), 4))]
    for rows in parts:
        assert made.part(rows) == made.within(rows)


# ---------------------------------------------------------------- generated channels


@cache
def channels() -> World:
    return world(generate(250, seed=5).channels, Spec(incremental=True))


@settings(max_examples=1)
@given(st.integers(0, 10**6))
def test_a_part_of_the_channels_has_the_pairs_of_all(seed: int) -> None:
    check(channels(), seed)


# ---------------------------------------------------------------- whatever a column decides from all its values

FIRST = ["Ann", "Anna", "Alex", "Alexander", "Alexandra", "Sandra", "Bob", "Robert", "Kate", "Jean Pierre", "Mohammad", "محمد"]
LAST = ["Lee", "Li", "Kowalski", "Kowalska", "Novak", "Nowak", "Smith", "Smyth"]


def people(seed: int, size: int) -> dict[str, list[dict[str, Any]]]:
    """Records of two sources that write dates in two orders, with several values a cell, hashes, defaults and copies."""
    draw = random.Random(seed)

    def born(source: str) -> str | None:
        year, month, day = draw.randint(1950, 1956), draw.randint(1, 12), draw.randint(1, 28)
        default = source == "web" and draw.random() < 0.3
        return "1970-01-01" if default else f"{month}/{day}/{year}" if source == "web" else f"{day}/{month}/{year}"

    def some(values: list[str], most: int = 2) -> str | list[str] | None:
        return draw.choice([None, draw.choice(values), draw.choice(values), draw.sample(values, most)])

    mails = [f"{name}.{number}@mail.com" for name in ("anna", "annb", "kate") for number in range(size // 20 + 2)]
    phones = [f"+4850123{number:04}" for number in range(1000, 1000 + size // 6)]
    out: dict[str, list[dict[str, Any]]] = {"crm": [], "web": []}
    for number in range(size):
        source = draw.choice(["crm", "web"])
        email = some(mails)
        row = {
            "id": f"{number:04}",
            "email": email,
            "email_hash": sha256(draw.choice(mails)) if draw.random() < 0.2 else None,
            "phone": some(phones),
            "first": some(FIRST) if draw.random() < 0.3 else draw.choice(FIRST),
            "middle": draw.choice([None, None, "Maria", "Pierre"]),
            "last": draw.choice(LAST),
            "born": born(source),
            "street": draw.choice([None, f"{draw.randint(1, 9)} Main St"]),
            "city": draw.choice(["Rome", "Oslo", None]),
        }
        out[source] += [row] + [row | {"id": f"{number:04}{copy}"} for copy in "ab"[: draw.choice([0, 0, 0, 1, 2])]]
    return out


SPEC = Spec(
    sources={name: Source(record_id="id") for name in ("crm", "web")},
    fields=[
        Email("email"),
        Identifier("email_hash", kind="email_hash"),
        Phone("phone"),
        PersonName("first", "last", middle="middle"),
        Date("born"),
        Address("street", "city"),
    ],
    incremental=True,
)
RULES = [
    block_on("email", max_block=6),
    block_on("phone"),
    block_on("born"),
    block_on(soundex("last"), max_block=20),
    block_on("first", "city", max_block=10, oversized="leave"),
    block_on(spelling("first"), "last"),
    one_edit("email"),
    one_edit("phone"),
]


@cache
def small_world(seed: int) -> World:
    return world(people(seed, 150), SPEC.replace(blocking=RULES if seed % 2 else None, review_at=-8.0))


@QUIET
@settings(max_examples=3)
@given(st.integers(0, 1), st.integers(0, 10**6))
def test_a_part_of_odd_records_has_the_pairs_of_all(kind: int, seed: int) -> None:
    check(small_world(kind), seed)


@QUIET
def test_these_records_put_it_to_the_test() -> None:
    """What would differ in a part is there: crowded keys, orders of dates, defaults, names of several roots, hashes, copies."""
    model, found = small_world(1).model, small_world(1)
    assert model.frozen is not None
    assert sum(map(len, (level for rule in model.frozen.blocks["rules"] for level in rule))) > 5
    assert model.frozen.dates["born"] == {"crm": ("day-first", "day-first", False), "web": ("month-first", "day-first", True)}
    assert any(rule == IDENTICAL for _, _, rule, _ in found.pairs.values())
    assert found.meanings["email"]
    assert model.frozen.numbers["email, value, 3"]
    assert len({rule for _, _, rule, _ in found.pairs.values()}) > 6
    last = range(len(found.sent) - 20, len(found.sent))  # of the web, which writes the month first
    alone = [normalize(only(found.sent, np.array([row], np.int32)), field_plans(SPEC)) for row in last]
    together = normalize(found.sent, field_plans(SPEC)).columns["born"]
    assert any(together.entries_of(row) != one.columns["born"].entries_of(0) for row, one in zip(last, alone, strict=True))


# ---------------------------------------------------------------- any columns


@QUIET
@settings(max_examples=3)
@given(st.integers(0, 10**6))
def test_a_part_of_any_table_has_the_pairs_of_all(seed: int) -> None:
    rows = [{"row number": f"{number:03}", **row} for number, row in enumerate(table(seed))]
    spec = Spec(sources={"all": Source(record_id="row number")}, incremental=True)
    try:
        made = world({"all": rows}, spec)
    except InputError:
        return
    check(made, seed)
