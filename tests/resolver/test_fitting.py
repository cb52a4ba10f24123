"""Learning anew on a live store: the difference first, then the new model, and everything as a batch run by it says."""

import pytest

import omniid
from omniid import Email, InputError, PersonName
from oracle.small_town import COUPLE, SPEC, batch, contents, ids_of, key_of, learned, opened, parts_of, town

ROWS = [*COUPLE, *town()[:20]]


def test_the_first_model_is_in_force_at_once() -> None:
    with omniid.open(":memory:", SPEC, backend="rows") as resolver:
        with pytest.raises(InputError, match="no records"):
            resolver.fit()
        resolver.upsert(ROWS)
        cursor = resolver.cursor
        assert resolver.fit(list(town())) is None
        assert {row["cause"] for row in resolver.changes(since=cursor)} == {"model"}
        assert resolver.model == learned()[1]  # those records and no others were learned from
        assert resolver.apply(None) == resolver.cursor
        assert set(ids_of(resolver)) == set(map(key_of, ROWS))
        assert parts_of(resolver.crosswalk()) == parts_of(batch(ROWS).crosswalk)


def test_a_model_whose_first_fit_was_cancelled_leaves_nothing_behind() -> None:
    seen: list[str] = []

    def cancel(stage: str, done: int, total: int) -> bool:
        seen.append(stage)
        return stage != "file"  # what follows on learning: the model is in force, in a transaction that is undone

    with omniid.open(":memory:", SPEC, backend="rows") as resolver:
        resolver.upsert(ROWS)
        with pytest.raises(omniid.CancelledError):
            resolver.fit(list(town(60)), progress=cancel)
        assert seen[-1] == "file"
        resolver.fit(list(town()))
        assert resolver.model == learned()[1]
        assert not resolver.rebuild()


def test_a_later_model_is_shown_before_it_is_in_force() -> None:
    with opened(ROWS) as resolver:
        before, former = contents(resolver), resolver.model
        difference = resolver.fit(list(town(60)))
        assert difference is not None
        assert contents(resolver) == before
        resolver.apply(difference)
        assert resolver.model != former
        assert parts_of(resolver.crosswalk()) == parts_of(batch(ROWS, resolver=resolver).crosswalk)
        assert not resolver.rebuild()
        assert [row["in_force"] for row in resolver.models()] == [False, True]
        assert resolver.models()[1]["cursor"] == before["changes"][-1][0]
        back = resolver.what_if(model=former)  # and back
        resolver.apply(back)
        assert resolver.model == former
        assert parts_of(resolver.crosswalk()) == parts_of(batch(ROWS).crosswalk)
        assert {row["cause"] for row in [*difference.changes, *back.changes]} <= {"model"}


def test_a_model_is_learned_for_another_spec() -> None:
    with opened(ROWS) as resolver:
        only = SPEC.replace(fields=[PersonName(), Email()])
        difference = resolver.fit(list(town()), spec=only)
        assert difference is not None
        assert {row["cause"] for row in difference.changes} == {"rule"}
        resolver.apply(difference)
        assert resolver.spec.fields == only.fields
        assert parts_of(resolver.crosswalk()) == parts_of(batch(ROWS, resolver=resolver).crosswalk)
        assert not resolver.rebuild()


def test_labels_count() -> None:
    with opened(ROWS) as resolver:
        pairs = (("shop", "h1", "shop", "w1", "no"), ("shop", "h1", "web", "h2", "yes"), ("web", "y1", "shop", "y2", "no"))
        names = ("left_source", "left_record_id", "right_source", "right_record_id", "same")
        labels = [dict(zip(names, pair, strict=True)) for pair in pairs]
        plain, taught = resolver.fit(), resolver.fit(labels=labels)
        assert plain is not None
        assert taught is not None
        assert plain.proposal.model != taught.proposal.model
