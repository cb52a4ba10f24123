"""Histories of runs for the tests of ids: made up at random or by hand, and ledgers in the twin's plain form."""

import numpy as np
from hypothesis import strategies as st

from omniid.entity_ids import IdLedger, RecordKeys, carry_over
from oracle.ids import Book, Entity, Past

Key = tuple[str, str]
KEYS = [("crm", "1"), ("crm", "2"), ("crm", "3"), ("web", "1"), ("web", "2"), ("web", "é"), ("zoo", "1")]


@st.composite
def runs(draw: st.DrawFn) -> list[Entity]:
    """One run: some records live, in some clusters; some of them have no vote."""
    alive = [key for key in KEYS if draw(st.integers(0, 5))]
    groups: dict[int, set[Key]] = {}
    for key in alive:
        groups.setdefault(draw(st.integers(0, 3)), set()).add(key)
    out = []
    for members in groups.values():
        voters = {key for key in members if draw(st.integers(0, 9))} or {min(members)}
        out.append(Entity(frozenset(members), frozenset(voters)))
    return out


def step(ledger: IdLedger, entities: list[Entity]) -> IdLedger:
    entities = sorted(entities, key=lambda entity: min(entity.records))
    number = {key: place for place, entity in enumerate(entities) for key in entity.records}
    voters = {key for entity in entities for key in entity.voters}
    alive = sorted(number)
    votes = np.array([key in voters for key in alive], bool)
    return carry_over(ledger, RecordKeys.of(alive), np.array([number[key] for key in alive], np.int32), votes)


def book_of(ledger: IdLedger) -> Book:
    """The fast ledger in the twin's plain form."""
    names = ledger.entity_ids.to_pylist()
    live: dict[str, tuple[set[Key], set[Key]]] = {}
    for key, owner, vote in zip(ledger.keys.pairs(), ledger.owner.tolist(), ledger.votes.tolist(), strict=True):
        records, voters = live.setdefault(names[owner], (set(), set()))
        records.add(key)
        if vote:
            voters.add(key)
    members: dict[int, set[Key]] = {}
    for number, key in zip(ledger.past.member_of.tolist(), ledger.past.keys.pairs(), strict=True):
        members.setdefault(number, set()).add(key)
    past = [
        Past(names[owner], None if into < 0 else names[into], ended, frozenset(members[number]))
        for number, (owner, into, ended) in enumerate(
            zip(ledger.past.owner.tolist(), ledger.past.into.tolist(), ledger.past.ended.tolist(), strict=True)
        )
    ]
    redirects = {name: None if to < 0 else names[to] for name, to in zip(names, ledger.redirects.tolist(), strict=True)}
    return Book(names, {name: Entity(frozenset(a), frozenset(b)) for name, (a, b) in live.items()}, redirects, past, ledger.run)


def same(fast: Book, slow: Book) -> None:
    assert fast.issued == slow.issued
    assert fast.live == slow.live
    assert fast.redirects == slow.redirects
    assert sorted(fast.past, key=str) == sorted(slow.past, key=str)
    assert fast.run == slow.run


def alone(*groups: str) -> list[Entity]:
    """Entities of records named by one letter each."""
    return [Entity(*[frozenset(("s", letter) for letter in group)] * 2) for group in groups]


def ids(ledger: IdLedger) -> dict[str, str]:
    """Records of each entity → its id."""
    return {"".join(sorted(letter for _, letter in entity.records)): name for name, entity in book_of(ledger).live.items()}
