"""Write-back from the command line: planned, carried out, and planned again."""

import json
from pathlib import Path

import pytest

import omniid
from omniid.cli import main


def test_a_plan_is_written_carried_out_and_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crm, web, out, plan = (str(tmp_path / name) for name in ("crm.csv", "web.csv", "out", "plan"))
    Path(crm).write_text("id,e-mail,phone\n7,ann@x.com,\n8,bob@x.com,602 345 678\n")
    Path(web).write_text("id,e-mail,phone\n1,ann@x.com,+48501234567\n")
    spec = omniid.infer_spec({"crm": Path(crm), "web": Path(web)})
    taking = omniid.Source(region="PL", columns=spec.sources["crm"].columns, fills=["phone"])
    spec.replace(sources={**spec.sources, "crm": taking}).save(tmp_path / "spec.toml")
    options = ["--spec", str(tmp_path / "spec.toml"), "--out", out, "--quiet"]
    assert main(["resolve", crm, web, *options]) == 0
    assert main(["write-back", out, "--source", "crm", "--out", plan]) == 0
    assert "write back 1 fields of 1 records" in capsys.readouterr().out
    lines = Path(plan, "updates.jsonl").read_text().splitlines()
    assert [(one["record_id"], one["changes"][0]["new"]) for one in map(json.loads, lines)] == [("7", "501 234 567")]
    assert main(["write-back", out, "--applied", plan]) == 0
    assert "write back 0 fields" in capsys.readouterr().out
    after = omniid.load(out).write_back().apply(Path(crm))
    after.to_csv(crm, index=False)
    assert main(["resolve", crm, web, *options, "--written", plan]) == 0
    capsys.readouterr()
    assert main(["write-back", out]) == 0
    assert "write back 0 fields" in capsys.readouterr().out
    assert main(["write-back", out, "--field", "phones"]) == 2


def test_where_no_source_takes_anything_the_way_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {
        "crm": [{"id": "7", "email": "a@x.com", "phone": None}],
        "web": [{"id": "1", "email": "a@x.com", "phone": "+48501234567"}],
    }
    omniid.resolve(rows).save(tmp_path / "out")
    assert main(["write-back", str(tmp_path / "out")]) == 0
    assert (
        'no source takes anything yet; say what in the spec, under [sources.NAME]: accepts = ["email"]'
        in capsys.readouterr().out
    )
