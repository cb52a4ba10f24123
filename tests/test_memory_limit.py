"""With a memory limit a run finds what it finds without one, to the last byte, and leaves nothing on disk."""

import gc
import tempfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import omniid
from omniid import CancelledError, SpecError, kernel, memory
from omniid.datasets import generate
from omniid.kernel import run
from omniid.memory import MemoryBudget

TABLES = ("crosswalk", "profiles", "provenance", "scored_pairs", "refusals", "review", "rejects")


@pytest.fixture(scope="module")
def channels():
    return dict(generate(150, seed=3).channels)


@pytest.fixture(scope="module")
def unlimited(channels):
    return omniid.resolve(channels)


@pytest.fixture
def _any_limit(monkeypatch):
    """So small limits that the interpreter alone exceeds them: only what grows with pairs is bounded then."""
    monkeypatch.setattr(MemoryBudget, "require", lambda *_: None)
    monkeypatch.setattr(run, "SMALLEST_CHUNK", 100)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("_any_limit")
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 200_000), st.integers(1, 3))
@example(1, 2)
@example(20_000_000, 1)
def test_any_limit_gives_the_same(channels, unlimited, limit, workers):
    found = omniid.resolve(channels, unlimited.spec, model=unlimited.model, memory_limit=limit, workers=workers)
    assert (found.summary.memory.spilled > 0) is (limit < 20_000_000)
    for name in TABLES:
        assert found.table(name).equals(unlimited.table(name)), name


@pytest.mark.usefixtures("_any_limit")
def test_what_is_saved_is_the_same_and_explains_itself(channels, unlimited, folder):
    found = omniid.resolve(channels, memory_limit=1000)  # learns its weights within the limit
    assert found.model == unlimited.model
    for one, name in ((found, "one"), (unlimited, "other")):
        one.save(folder / name)
    for path in (folder / "one").iterdir():
        assert path.read_bytes() == (folder / "other" / path.name).read_bytes(), path.name
    entity = found.table("profiles")["entity_id"][0].as_py()
    assert str(found.explain_entity(entity)) == str(unlimited.explain_entity(entity))


@pytest.mark.usefixtures("_any_limit")
def test_nothing_stays_on_disk(channels, unlimited, folder):
    found = omniid.resolve(channels, unlimited.spec, model=unlimited.model, memory_limit=1000)
    assert found.summary.memory.spilled > 0
    assert "went to disk" in str(found)
    del found
    gc.collect()
    assert not list(folder.iterdir())


@pytest.mark.usefixtures("_any_limit")
def test_nothing_stays_on_disk_after_it_was_cancelled(channels, unlimited, folder):
    def cancel(stage, done, _total):
        seen.extend(path for path in folder.rglob("*") if path.is_file())
        return not (stage == "match" and done and seen)

    seen = []
    with pytest.raises(CancelledError):
        omniid.resolve(channels, unlimited.spec, model=unlimited.model, memory_limit=1000, progress=cancel)
    assert seen
    assert not list(folder.iterdir())


def test_records_that_do_not_fit_are_refused_with_the_way_out(channels, monkeypatch):
    monkeypatch.setattr(memory, "resident_memory", lambda: 100 << 20)
    with pytest.raises(
        SpecError, match=r"memory_limit is 50 MiB, and this many records needs about .*; give memory_limit="
    ) as told:
        omniid.resolve(channels, memory_limit="50 MiB")
    enough = str(told.value).partition("give memory_limit='")[2].partition("'")[0]
    found = omniid.resolve(channels, memory_limit=enough)
    assert found.summary.memory.limit == MemoryBudget.of(enough).limit
    assert f"limit {enough}" in str(found)


def test_chunks_follow_the_limit(unlimited):
    plan = kernel_plan_like(unlimited)
    sizes = [
        kernel.chunk_within(plan, most, workers)
        for most, workers in ((None, 2), (1 << 30, 2), (1 << 26, 2), (1 << 26, 4), (1, 1))
    ]
    assert sizes[0] == sizes[1] == run.CHUNK
    assert sizes[1] > sizes[2] > sizes[3] > sizes[4] == run.SMALLEST_CHUNK


class kernel_plan_like:  # noqa: N801  # stands in for a plan: only its comparisons and rules are counted
    def __init__(self, found):
        self.traits, self.rules = found.parts.plan.comparisons, found.model.rules
