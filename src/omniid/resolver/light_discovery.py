"""What changed records touch, record by record in plain Python: the twin of `discovering` for a few."""

import json
from collections.abc import Iterable, Mapping, Sequence

from omniid.resolver.assembling import StoredRecord, assemble, forms_text, stored_records
from omniid.resolver.classes import stored_counts
from omniid.resolver.deriving import evidence_of, made_ready
from omniid.resolver.discovering import count_again, known_in, replace_evidence
from omniid.resolver.filing import NOWHERE, Filed, filed_rows, holders_of, refile
from omniid.resolver.learned import Learned
from omniid.resolver.light_reader import Seen
from omniid.resolver.neighborhoods import left_behind
from omniid.resolver.scoring import Candidates, weigh_candidates
from omniid.single_record import Evidence, Forms
from omniid.stages import Stages
from omniid.store import Snapshot, Transaction

__all__ = ["discover_lightly", "read_evidence"]

Pair = tuple[int, int]


def discover_lightly(store: Transaction, learned: Learned, changed: set[int]) -> set[int]:
    """Bring normal forms, classes, keys and evidence up to date, as `discover` does; return the same rows."""
    reader, rows = learned.light_reader, sorted(changed)
    forms = {one.row: reader.read(one.key, one.content) for one in stored_records(store, rows)}
    store.remove("forms", "row", sorted(changed - forms.keys()))
    store.put("forms", [(row, forms_text(one)) for row, one in forms.items()])
    before = former = filed_rows(store, rows)
    named = {row: reader.identity(one) for row, one in forms.items()}
    after = {row: before.get(row, NOWHERE)._replace(values=one.values, who=one.who) for row, one in named.items()}
    refile(store, before, after)
    flipped = count_again(store, learned, before, after)
    before = {**after, **filed_rows(store, sorted(flipped - changed))}
    evidence = dict(zip(before, _evidence(store, learned, before, forms), strict=True))
    seen = {row: reader.see(before[row], one) for row, one in evidence.items()}
    now = {row: one.filed for row, one in seen.items()}
    refile(store, before, now)
    weighed = _weigh(store, learned, seen, evidence)
    touched = changed | flipped
    return touched | replace_evidence(store, touched, weighed) | left_behind(store, {**before, **former}, now)


def read_evidence(
    store: Snapshot, learned: Learned, records: Sequence[StoredRecord], filed: Mapping[int, Filed]
) -> tuple[list[Forms], list[Evidence]]:
    """The normal forms of some records, and what of them is evidence."""
    held = _stored_forms(store, [one.row for one in records])
    told = {one.row: filed[one.row] for one in records}
    return [held[one.row] for one in records], _evidence(store, learned, told, held)


def _stored_forms(store: Snapshot, rows: Iterable[int]) -> dict[int, Forms]:
    return {row: Forms(*json.loads(forms)) for row, forms in store.rows("forms", "row", rows)}


def _evidence(store: Snapshot, learned: Learned, filed: Mapping[int, Filed], known: Mapping[int, Forms]) -> list[Evidence]:
    """What of some records is evidence, in their order; forms that are not known are read."""
    forms = {**known, **_stored_forms(store, sorted(filed.keys() - known.keys()))}
    keys = sorted({key for one in filed.values() for _, key in one.values})
    classes = {key: count.class_ for key, count in stored_counts(store, keys).items()}
    return [learned.light_reader.evidence(forms[row], one, classes) for row, one in filed.items()]


def _weigh(store: Snapshot, learned: Learned, seen: Mapping[int, Seen], evidence: Mapping[int, Evidence]) -> dict[Pair, int]:
    """(smaller row, larger row) → weight of the scored pairs of touched records."""
    near = _candidates(store, seen)
    others = filed_rows(store, sorted({row for pair in near for row in pair} - seen.keys()))
    every = {**evidence, **dict(zip(others, _evidence(store, learned, others, {}), strict=True))}
    ready = {row: learned.scorer.ready(one) for row, one in every.items()}
    scored = {pair: learned.scorer.score(ready[pair[0]], ready[pair[1]]) for pair in near}
    weighed = {pair: one.weight for pair, one in scored.items() if one is not None}
    certain = {pair: weight for pair, weight in weighed.items() if near[pair]}
    return {**certain, **_confirmed(store, learned, [pair for pair in weighed if not near[pair]], weighed)}


def _candidates(store: Snapshot, seen: Mapping[int, Seen]) -> dict[Pair, bool]:
    """(smaller row, larger row) of records that share a key → whether that makes them a pair for certain."""
    held = holders_of(store, sorted({key for one in seen.values() for key in one.sought}))
    found: dict[Pair, bool] = {}
    for row, one in seen.items():
        for key, is_certain in one.sought.items():
            for other in held.get(key, ()):
                if other != row:
                    pair = (row, other) if row < other else (other, row)
                    found[pair] = found.get(pair, False) or is_certain
    return found


def _confirmed(store: Snapshot, learned: Learned, doubtful: Sequence[Pair], weighed: Mapping[Pair, int]) -> dict[Pair, int]:
    """Of the doubtful pairs, which share a key of `one_edit`, those that a blocking rule makes indeed."""
    if not doubtful:
        return {}
    stored = assemble(store, stored_records(store, sorted({row for pair in doubtful for row in pair})), learned)
    found = evidence_of(stored.table, learned.spec, learned.model, known_in(store), Stages())
    pairs = Candidates(*(tuple(side) for side in zip(*doubtful, strict=True)))
    made = weigh_candidates(made_ready(found, learned.spec, learned.model), learned.scorer.model, pairs, stored.place_of)
    return {pair: weighed[pair] for pair in doubtful if pair in made}
