"""Every command, as people type it: exit codes, what is shown, what is written."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from omniid import Decision, Email, Model, Spec, write_decisions
from omniid.cli import main

WEB = "id,email,name\n1,ann@x.com,Ann Lee\n2,bob@x.com,Bob Ray\n3,nobody,Cid Fox\n"
CRM = "id,mail,first name,last name\n7,ANN@x.com,Ann,Lee\n8,zoe@x.com,Zoe Q,Stone\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "web.csv").write_text(WEB, encoding="utf-8")
    (tmp_path / "export.csv").write_text(CRM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_resolve_shows_and_writes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "web.csv", "crm=export.csv", "--out", "result", "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"people +4 ", shown)
    assert "written to result" in shown
    crosswalk = pq.read_table(folder / "result" / "crosswalk.parquet")
    assert set(crosswalk["source"].to_pylist()) == {"web", "crm"}
    made = {path.name for path in (folder / "result").iterdir()}
    assert {"profiles.parquet", "provenance.parquet", "rejects.parquet", "spec.toml", "model.json"} <= made


def test_resolve_without_out_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(folder.iterdir())
    assert main(["resolve", "web.csv", "--quiet"]) == 0
    assert "nothing written; say --out DIR" in capsys.readouterr().out
    assert set(folder.iterdir()) == before


def test_resolve_for_a_purpose(folder: Path) -> None:
    assert main(["infer", "web.csv", "--out", "spec.toml"]) == 0
    spec = Spec.load("spec.toml")
    fields = [Email(one.column, purposes=("ads",)) if isinstance(one, Email) else one for one in spec.fields]
    spec.replace(fields=fields).save("limited.toml")
    assert main(["resolve", "web.csv", "--spec", "limited.toml", "--purpose", "ads", "--out", "ads", "--quiet"]) == 0
    assert Spec.load("ads/spec.toml").purpose == "ads"


def test_resolve_as_csv_with_spec_model_and_decisions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["web.csv", "crm=export.csv"]
    assert main(["infer", *files, "--out", "spec.toml"]) == 0
    assert "taken as" in capsys.readouterr().out
    assert Spec.load("spec.toml").fields
    assert main(["resolve", *files, "--spec", "spec.toml", "--out", "one", "--quiet", "--workers", "1"]) == 0
    write_decisions([Decision("CANNOT_LINK", (("web", "1"),), (("crm", "7"),))], "decisions.jsonl")
    more = ["--model", "one/model.json", "--decisions", "decisions.jsonl", "--format", "csv", "--out", "two"]
    assert main(["resolve", *files, "--spec", "spec.toml", "--quiet", *more]) == 0
    assert Model.load("two/model.json") == Model.load("one/model.json")
    crosswalk = pacsv.read_csv("two/crosswalk.csv").to_pylist()
    assert len({row["entity_id"] for row in crosswalk}) == 5
    assert main(["evaluate", "two/crosswalk.csv", "one/crosswalk.parquet"]) == 0
    shown = capsys.readouterr().out
    assert "recall" in shown
    assert "precision" in shown


def test_explain_a_pair_an_entity_and_a_value(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "web.csv", "crm=export.csv", "--out", "result", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["explain", "result", "web:1", "crm:7"]) == 0
    assert "Linked directly: " in capsys.readouterr().out
    rows = pq.read_table("result/crosswalk.parquet").to_pylist()
    entity = next(row["entity_id"] for row in rows if (row["source"], row["record_id"]) == ("web", "1"))
    assert main(["explain", "result", "--entity", entity]) == 0
    assert "crm:7" in capsys.readouterr().out
    assert main(["explain", "result", "--entity", entity, "--field", "email"]) == 0
    assert "email of" in capsys.readouterr().out


def test_demo_writes_resolves_measures_and_explains(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "shown"]) == 0
    told = capsys.readouterr().out
    for part in ("channel files", "people", "precision", "one person?", "Linked", "results in"):
        assert part in told
    assert (folder / "shown" / "result" / "profiles.parquet").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["resolve", "none.csv"], "none.csv"),
        (["resolve", "web.csv", "web=export.csv"], "both source 'web'; write name=file"),
        (["resolve", "web.csv", "--spec", "none.toml"], "none.toml can't be read"),
        (["resolve", "web.csv", "--model", "none.json"], "none.json"),
        (["resolve", "web.csv", "--decisions", "none.jsonl"], "none.jsonl"),
        (["resolve", "web.csv", "--purpose", "fraud"], "no field is limited to a purpose"),
        (["resolve", "web.csv", "--workers", "-1"], "workers"),
        (["resolve", "web.csv", "--memory-limit", "much"], "memory_limit"),
        (["resolve", "web.csv", "--memory-limit", "1 MiB"], "memory_limit"),
        (["resolve", "web.csv", "--quiet", "--out", "web.csv"], "web.csv"),
        (["infer", "none.csv"], "none.csv"),
        (["explain", "none", "web:1", "web:2"], "holds no saved result"),
        (["explain", "none", "web:1"], "name two records as SOURCE:ID, or --entity ID; got 1"),
        (["explain", "none", "web1", "web:2"], "'web1' is no record key; write SOURCE:ID"),
        (["explain", "none", "web:1", "web:2", "--field", "email"], "--field"),
        (["evaluate", "none.csv", "web.csv"], "none.csv"),
    ],
)
def test_what_must_be_mended_is_said_and_exits_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.err.startswith("omniid: ")
    assert says in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("command", [[], ["resolve"], ["infer"], ["explain"], ["evaluate"], ["quality"], ["demo"]])
def test_help_teaches(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "omniid demo" in text if not command else f"omniid {command[0]}" in text.split("example", 1)[1]


def test_unknown_arguments_exit_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["dance"], ["resolve"], ["resolve", "web.csv", "--format", "xml"]):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 2
        capsys.readouterr()


def test_python_m_omniid_exits_with_what_main_returns() -> None:  # that it works, test_review_command.py shows in a terminal
    failed = subprocess.run(
        [sys.executable, "-m", "omniid", "resolve", "none.csv"], capture_output=True, text=True, check=False
    )
    assert failed.returncode == 2
    assert failed.stderr.startswith("omniid: ")


def test_ids_are_carried_over_and_the_review_comes_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["web.csv", "crm=export.csv", "--quiet"]
    assert main(["resolve", *files, "--out", "one", "--review", "review.csv"]) == 0
    assert "pairs to decide in review.csv" in capsys.readouterr().out
    write_decisions([Decision("CANNOT_LINK", (("web", "1"),), (("crm", "7"),), time="2026-05-01")], "kim.jsonl")
    (folder / "lee.csv").write_text(
        "Decision;left_records;right_records;time\n\n Same ;web:2;crm:8;2026-05-02\n;web:1;crm:8;\n", encoding="utf-8"
    )
    told = ["--model", "one/model.json", "--decisions", "kim.jsonl", "--decisions", "lee.csv", "--previous", "one"]
    assert main(["resolve", *files, *told, "--out", "two"]) == 0
    assert "changed since one: 1 split, 1 merged" in capsys.readouterr().out
    first, second = (pq.read_table(folder / name / "crosswalk.parquet").to_pylist() for name in ("one", "two"))
    was, became = ({(row["source"], row["record_id"]): row["entity_id"] for row in rows} for rows in (first, second))
    assert became["web", "2"] == became["crm", "8"] != became["web", "1"] != became["crm", "7"]
    assert became["web", "3"] == was["web", "3"]
    assert main(["resolve", *files, "--model", "one/model.json", "--previous", "two", "--out", "three"]) == 0
    third = pq.read_table(folder / "three" / "crosswalk.parquet").to_pylist()
    assert third == first  # undone: both old ids are back
    assert main(["resolve", *files, "--previous", "one/crosswalk.parquet"]) == 0
    assert main(["resolve", *files, "--previous", "nowhere"]) == 2
    assert "neither a saved result's folder nor a crosswalk file" in capsys.readouterr().err


def test_what_if_shows_and_applies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "web.csv", "crm=export.csv", "--quiet", "--out", "one"]) == 0
    capsys.readouterr()
    assert main(["what-if", "one", "--shared", "email=ann@x.com", "--out", "two"]) == 0
    shown = capsys.readouterr().out
    assert "link lost" in shown
    assert "written to two" in shown
    assert main(["what-if", "two", "--personal", "email=ann@x.com"]) == 0
    assert "link gained" in capsys.readouterr().out
    (folder / "limits.toml").write_text('[[limits]]\none_per_source = "web"\n', encoding="utf-8")
    assert main(["what-if", "one", "--limits", "limits.toml"]) == 0
    assert "no difference" in capsys.readouterr().out
    assert main(["what-if", "one", "--shared", "ann@x.com"]) == 2
    assert "write FIELD=VALUE" in capsys.readouterr().err


def test_evaluate_a_result_with_and_without_a_truth(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "web.csv", "crm=export.csv", "--out", "result", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["evaluate", "result"]) == 0
    assert "without looking at a truth" in capsys.readouterr().out
    truth = ["evaluate", "result", "result/crosswalk.parquet"]
    assert main([*truth, "--by", "source", "--by", "field", "--sweep", "--out", "told"]) == 0
    shown = capsys.readouterr().out
    assert "by_source\nsource" in shown
    assert "sweep\nlink_at" in shown
    assert {path.stem for path in (folder / "told").iterdir()} == {
        "over_merges", "under_merges", "by_source", "by_field", "sweep", "doubts",
    }  # fmt: skip  # names only
    assert main([*truth, "--json", "--examples", "0"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["measured"]["pairwise"]["f1"] == 1
    assert told["examples"] == []
    assert main(["evaluate", "result/crosswalk.parquet"]) == 2
    assert "a file needs a truth" in capsys.readouterr().err


def test_quality_of_a_saved_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "web.csv", "crm=export.csv", "--out", "result", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["quality", "result", "--out", "told", "--format", "csv"]) == 0
    shown = capsys.readouterr().out
    assert "web.email: 1 of 3 values can't be read, most often 'no @ sign' (e.g. 'nobody')" in shown
    assert pacsv.read_csv(folder / "told" / "issues.csv")["problem"].to_pylist() == ["unreachable", "unreadable"]
    assert main(["quality", "result", "--no-examples", "--json", "--as-of", "2025-01-01"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "nobody" not in json.dumps(told["issues"] + told["values"])
    assert main(["quality", "result", "--as-of", "soon"]) == 2
    assert "as_of is 'soon'" in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_is_refused_before_any_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "web.csv").write_text("id,email\n1,a@x.com\n")
    web = str(tmp_path / "web.csv")
    for command in (["resolve", web, "--out", web, "--quiet"], ["demo", web]):
        assert main(command) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err == f"omniid: {web} is a file; name a folder, which is made if it is not there\n"
