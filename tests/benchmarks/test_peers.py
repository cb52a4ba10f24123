"""What every engine is given and how it is scored: blocks by kind, the file's kinds, the cut that is picked on the truth."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import omniid

sys.path.insert(0, str(Path(omniid.__file__).parents[2] / "benchmarks"))  # scripts, not a package

from accuracy_sets import make, stored
from peer_files import kinds_in, of_kind, sources_in, write_clusters
from peer_rules import Part, blocks
from people_scores import best_cut, score_clusters
from stage_clock import EngineError, try_fresh

KINDS = {"first_name": "first_name", "last_name": "last_name", "birth_date": "birth_date", "email": "email"}


@pytest.fixture
def csv_set(tmp_path: Path) -> Path:
    rows = ["unique_id,first_name,surname,dob,email,cluster", "1,Ann,Bee,1990-05-14,ann@x.com,0", "2,Ann,Bee,14/05/1990,,0"]
    (tmp_path / "tiny.csv").write_text("\n".join([*rows, "3,Tom,Lee,1980-01-02,tom@x.com,1"]))
    return tmp_path


def test_a_set_is_made_with_kinds_and_truth(csv_set: Path) -> None:
    one = make(csv_set / "made", csv_set, "tiny", stored)
    assert kinds_in(str(one.peers)) == KINDS
    assert sources_in(str(one.peers)) == ["tiny"]
    rows = {row["unique_id"]: row for row in pq.read_table(one.peers).to_pylist()}
    assert rows["tiny:2"]["birth_date"] == "1990-05-14"
    assert rows["tiny:2"]["email"] is None
    assert pq.read_table(one.truth)["person"].to_pylist() == ["0", "0", "1"]
    assert "cluster" not in pq.read_table(one.sources["tiny"]).column_names


def test_clusters_are_scored_in_any_order(csv_set: Path) -> None:
    one = make(csv_set / "made", csv_set, "tiny", stored)
    clusters = csv_set / "clusters.parquet"
    write_clusters(str(clusters), ["tiny:3", "tiny:2", "tiny:1"], ["b", "b", "a"])
    assert score_clusters(one.truth, clusters).f1 == 0
    write_clusters(str(clusters), ["tiny:3", "tiny:2", "tiny:1"], ["b", "a", "a"])
    assert score_clusters(one.truth, clusters) == (1, 1)


def test_the_best_cut_is_found(csv_set: Path) -> None:
    one = make(csv_set / "made", csv_set, "tiny", stored)
    pairs = csv_set / "pairs.parquet"
    pq.write_table(pa.table({"l": ["tiny:1", "tiny:2"], "r": ["tiny:2", "tiny:3"], "weight": [9.0, 2.5]}), pairs)
    assert best_cut(one.truth, pairs, (0, 5, 10)) == (5, (1, 1))


def test_blocks_follow_the_kinds_and_the_size() -> None:
    assert blocks({"postcode": "postcode"}) == []
    assert (Part("email"),) in blocks(KINDS)
    assert (Part("last_name"), Part("birth_date")) in blocks(KINDS)
    assert (Part("last_name"),) in blocks(KINDS, 1_000)
    assert (Part("last_name"),) not in blocks(KINDS, 1_000_000)
    assert of_kind(KINDS, "email", "first_name") == ["email", "first_name"]


def test_an_engine_that_fails_or_is_slow_says_why(tmp_path: Path) -> None:
    script = tmp_path / "side.py"
    script.write_text("raise SystemExit('no such column')")
    with pytest.raises(EngineError, match="no such column"):
        try_fresh(sys.executable, script)
    script.write_text("import time; time.sleep(30)")
    with pytest.raises(EngineError, match="gave up after"):
        try_fresh(sys.executable, script, timeout=0.2)
