"""Every command on a live store, as people type it."""

import json
import shutil
from pathlib import Path

import pytest

import omniid
from omniid import Decision, Model, Spec, write_decisions
from omniid.cli import main
from omniid.cli.store_review import StoreSession
from omniid.decisions import standing
from omniid.review_session import review_queue

WEB = "id,email,name,changed\n1,ann@x.com,Ann Lee,10\n2,bob@x.com,Bob Ray,10\n3,cid@x.com,Cid Fox,10\n"
CRM = "id,mail,first name,last name,changed\n7,ANN@x.com,Ann,Lee,10\n8,zoe@x.com,Zoe,Stone,10\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files, and a store that learned from them."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "web.csv").write_text(WEB, encoding="utf-8")
    (folder / "export.csv").write_text(CRM, encoding="utf-8")
    files = [str(folder / "web.csv"), f"crm={folder / 'export.csv'}"]
    assert main(["ingest", str(folder / "people.omniid"), *files, "--version-column", "changed", "--quiet"]) == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entities(place: str = "people.omniid") -> dict[tuple[str, str], str]:
    with omniid.open(place, backend="rows") as resolver:
        return {(row["source"], row["record_id"]): row["entity_id"] for row in resolver.crosswalk()}


def test_ingest_makes_a_store_and_learns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "new.omniid", "web.csv", "crm=export.csv"]) == 0
    shown = capsys.readouterr().out
    assert "5 new\nlearned for the first time: 5 records are 4 people\n" in shown
    assert "ask: omniid lookup new.omniid" in shown
    named = entities("new.omniid")
    assert named["web", "1"] == named["crm", "7"] != named["web", "2"]


def test_ingest_goes_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = entities()
    (folder / "later.csv").write_text(
        "id,email,name,changed\n1,ann@x.com,Ann Lee,10\n2,bob@y.com,Bob Ray,11\n"
        "3,late@x.com,Cid Fox,9\n4,zoe@x.com,Zoe Stone,1\n"
    )
    later = ["ingest", "people.omniid", "web=later.csv", "--version-column", "changed"]
    assert main(later) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("1 new, 1 changed, 1 unchanged, 1 late\n")
    assert "learned" not in shown
    after = entities()
    assert after["web", "4"] == after["crm", "8"] == before["crm", "8"]
    assert main(later) == 0
    assert capsys.readouterr().out.startswith("3 unchanged, 1 late\n")
    assert entities() == after


def test_sync_deletes_what_is_absent(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "all.csv").write_text("id,email,name,changed\n1,ann@x.com,Ann Lee,10\n")
    assert main(["ingest", "people.omniid", "web=all.csv", "--sync"]) == 0
    assert capsys.readouterr().out.startswith("web: 2 deleted, 1 unchanged\n")
    assert {key for key in entities() if key[0] == "web"} == {("web", "1")}


def test_ingest_under_a_declaration(folder: Path) -> None:
    with omniid.open("people.omniid") as resolver:
        resolver.spec.save("spec.toml")
        resolver.model.save("model.json")
    files = ["web.csv", "crm=export.csv", "--spec", "spec.toml"]
    assert main(["ingest", "one.omniid", *files, "--model", "model.json"]) == 0
    assert main(["ingest", "two.omniid", *files]) == 0
    for place in ("one.omniid", "two.omniid"):
        with omniid.open(place) as resolver:
            assert resolver.spec.fields == Spec.load("spec.toml").fields
            assert resolver.model == Model.load("model.json")


def test_a_failed_first_ingest_leaves_no_store(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "new.omniid", "web.csv", "--version-column", "when"]) == 2
    assert "version column 'when' is not in source 'web'" in capsys.readouterr().err
    assert not (folder / "new.omniid").exists()
    size = (folder / "people.omniid").stat().st_size
    assert main(["ingest", "people.omniid", "web.csv", "--version-column", "when"]) == 2
    assert (folder / "people.omniid").stat().st_size >= size


def test_lookup_by_identifiers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "people.omniid", "email= ANN@X.com "]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"person {entities()['web', '1']}, exact\n\nentity_id ")
    assert "\nlast_name    Lee\n" in shown
    assert main(["lookup", "people.omniid", "email=ann@x.com", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["entity_id"], told["exact"], told["profile"]["first_name"]) == (entities()["web", "1"], True, "Ann")
    assert main(["lookup", "people.omniid", "email=new@x.com", "email=newer@x.com"]) == 0
    assert capsys.readouterr().out == "nobody\n"


def test_lookup_of_a_partial_person(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "people.omniid", "email=zoe@x.com", "last_name=Stoone", "--limit", "1"]) == 0
    shown = capsys.readouterr().out
    assert entities()["crm", "8"] in shown
    assert ", by weight\n" in shown or "agrees on email" in shown


def test_explain_a_pair_an_entity_and_a_value(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "people.omniid", "web:1", "crm:7"]) == 0
    assert "Linked directly: " in capsys.readouterr().out
    entity = entities()["web", "1"]
    assert main(["explain", "people.omniid", "--entity", entity]) == 0
    assert "crm:7" in capsys.readouterr().out
    assert main(["explain", "people.omniid", "--entity", entity, "--field", "email"]) == 0
    assert "email of" in capsys.readouterr().out


def test_decide_undo_and_changes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_decisions([Decision("CANNOT_LINK", (("web", "1"),), (("crm", "7"),), time="2026-05-01")], "told.jsonl")
    write_decisions([Decision("MUST_LINK", (("web", "1"),), (("web", "99"),))], "early.jsonl")
    assert main(["changes", "people.omniid", "--json"]) == 0
    cursor = [json.loads(line)["cursor"] for line in capsys.readouterr().out.splitlines()][-1]
    assert main(["decide", "people.omniid", "told.jsonl", "early.jsonl", "--author", "kim"]) == 0
    assert capsys.readouterr().out == "2 decisions kept; 1 split\n1 wait for records that are not there\n"
    assert main(["changes", "people.omniid", "--since", str(cursor)]) == 0
    shown = capsys.readouterr().out
    assert " split " in shown
    assert "(decision)" in shown
    assert main(["decide", "people.omniid", "told.jsonl", "--undo"]) == 0
    assert capsys.readouterr().out.startswith("1 decisions withdrawn; 1 merged")
    assert main(["changes", "people.omniid", "--since", str(cursor + 2)]) == 0
    assert capsys.readouterr().out == f"nothing changed after {cursor + 2}\n"


def test_what_if_shows_and_applies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = entities()
    assert main(["what-if", "people.omniid", "--shared", "email=ann@x.com"]) == 0
    shown = capsys.readouterr().out
    assert "1 split" in shown
    assert "nothing written; say --apply" in shown
    assert entities() == before
    assert main(["what-if", "people.omniid", "--shared", "email=ann@x.com", "--apply"]) == 0
    assert "the change feed stands at" in capsys.readouterr().out
    assert entities() != before


def test_review_out_and_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "people.omniid", "--export", "sheet.csv"]) == 0
    assert "pairs to decide in sheet.csv" in capsys.readouterr().out
    (folder / "lee.csv").write_text("decision,left_records,right_records\nsame,web:2,crm:8\n", encoding="utf-8")
    assert main(["review", "people.omniid", "--import", "lee.csv", "--author", "lee"]) == 0
    assert capsys.readouterr().out == "1 answers kept\n1 entities changed by it\n"
    named = entities()
    assert named["web", "2"] == named["crm", "8"]


def test_answers_of_a_sitting_are_in_force_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rich.console.Console.input", lambda *_: "n")
    assert main(["review", "people.omniid", "--worth", "3", "--author", "kim"]) == 0
    shown = capsys.readouterr().out
    assert "0 same, 1 different, 0 unsure: in people.omniid.reviewed.jsonl\n1 entities changed by it" in shown
    with omniid.open("people.omniid") as resolver:
        (kept,) = resolver.decisions()
    assert (kept.kind, kept.author) == ("CANNOT_LINK", "kim")
    assert omniid.read_decisions("people.omniid.reviewed.jsonl") == (kept,)


def test_an_answer_that_is_taken_back_is_withdrawn_from_the_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with omniid.open("people.omniid") as resolver:
        parts = resolver.resolution().parts
        session = StoreSession(resolver, parts, review_queue(parts, worth=3), "told.jsonl")
        session.answer("CANNOT_LINK")
        assert len(resolver.decisions()) == 1
        assert session.back()
        assert resolver.decisions() == ()
        monkeypatch.setattr(resolver, "decide", busy)
        with pytest.raises(omniid.StoreBusyError):
            session.answer("CANNOT_LINK")
    assert standing(omniid.read_decisions("told.jsonl")) == ()  # the next sitting asks this pair again


def busy(_: object) -> None:
    raise omniid.StoreBusyError("held")


def test_export_and_erase(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["export", "people.omniid", "--record", "crm:7", "--out", "ann.json"]) == 0
    assert capsys.readouterr().out.startswith("2 records")
    held = json.loads((folder / "ann.json").read_text(encoding="utf-8"))
    assert main(["export", "people.omniid", "--entity", held["entity_id"]]) == 0
    assert json.loads(capsys.readouterr().out) == held
    monkeypatch.setattr("rich.console.Console.input", lambda *_: "")
    assert main(["erase", "people.omniid", "--record", "crm:7", "--record", "web:1"]) == 0
    assert capsys.readouterr().out == "nothing was erased\n"
    assert main(["erase", "people.omniid", "--record", "crm:7", "--record", "web:1", "--yes", "--key", "secret.key"]) == 0
    assert "2 records erased, 1 entity gone" in capsys.readouterr().out
    assert (folder / "secret.key").exists()
    assert b"ann@x.com" not in (folder / "people.omniid").read_bytes()


def test_check_backup_and_rebuild(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "people.omniid"]) == 0
    assert main(["backup", "people.omniid", "copy.omniid"]) == 0
    assert main(["rebuild", "copy.omniid"]) == 0
    assert capsys.readouterr().out.splitlines()[::2] == ["nothing is wrong", "no difference"]
    with omniid.open("copy.omniid") as resolver, resolver.store.writing() as store:
        store.remove("forms", "row", [1])
    assert main(["check", "copy.omniid"]) == 1
    assert main(["rebuild", "copy.omniid"]) == 1
    assert "rows that differ: 1 of forms" in capsys.readouterr().out


def test_fit_shows_what_it_would_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "people.omniid", "--quiet"]) == 0
    assert "nothing written; say --apply to use the new model" in capsys.readouterr().out
    assert main(["fit", "people.omniid", "--apply"]) == 0
    assert "the change feed stands at" in capsys.readouterr().out


def test_who_holds_the_store_is_said_and_exits_with_3(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with omniid.open("people.omniid") as resolver, resolver.store.writing():
        assert main(["ingest", "people.omniid", "web.csv", "--wait", "0.1"]) == 3
    assert capsys.readouterr().err.startswith("omniid: ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "none.omniid"], "there is no store none.omniid; make it with: omniid ingest none.omniid FILE…"),
        (["check", "."], "is a folder and no store"),
        (["check", "web.csv"], "web.csv"),
        (["ingest", "people.omniid", "none.csv"], "none.csv"),
        (["ingest", "people.omniid", "web.csv", "--spec", "spec.toml"], "leave --spec and --model out"),
        (["ingest", "new.omniid", "web.csv", "--model", "model.json"], "say --spec FILE, too"),
        (["lookup", "people.omniid", "mail=ann@x.com"], "knows no identifier 'mail'"),
        (["lookup", "people.omniid", "ann@x.com"], "write FIELD=VALUE"),
        (["explain", "people.omniid", "web:1", "web:99"], "web"),
        (["decide", "people.omniid", "none.jsonl"], "none.jsonl"),
        (["erase", "people.omniid"], "name what to erase"),
        (["erase", "people.omniid", "--record", "crm:99", "--yes"], "no record"),
        (["export", "people.omniid"], "name whose data to export"),
        (["backup", "people.omniid", "web.csv"], "web.csv"),
        (["what-if", "people.omniid", "--out", "two"], "say --apply"),
        (["what-if", ".", "--apply"], "are for a live store"),
        (["review", "people.omniid", "--out", "two"], "--out is for a saved result"),
    ],
)
def test_what_must_be_mended_is_said_and_exits_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("omniid: ")
    assert says in told
    assert not (folder / "none.omniid").exists()


@pytest.mark.parametrize(
    "command", ["ingest", "lookup", "decide", "changes", "fit", "erase", "export", "check", "backup", "rebuild", "review"]
)
def test_help_teaches(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert f"omniid {command} people.omniid" in capsys.readouterr().out.split("example", 1)[1]
