"""`omniid review`, typed into, and through a pseudo terminal."""

import io
import os
import subprocess
import sys

import pytest
from rich.console import Console

import omniid
from omniid import datasets, read_decisions
from omniid.cli import main
from omniid.cli.differences import differing_parts
from omniid.cli.review_screen import ask, show_pair
from omniid.review_session import ReviewSession, review_queue


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review") / "result"
    omniid.resolve(dict(datasets.generate(300, seed=11).channels)).save(folder)
    return folder


@pytest.fixture(scope="module")
def found(folder):
    return omniid.load(folder)


def sitting(found, path, keys, worth=12):
    """Type keys into a sitting; what was shown, and the session."""
    session = ReviewSession(found.parts, review_queue(found.parts, worth=worth), path)
    shown, typed = io.StringIO(), iter(keys)

    def read(prompt):
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    ask(session, Console(file=shown, width=120, force_terminal=True), read)
    return shown.getvalue(), session


def test_keys_answer(found, tmp_path):
    _, session = sitting(found, tmp_path / "a.jsonl", ["y", "N", "u", "s", "yes", "q", "y"])
    assert [one.kind for _, one in session.answers] == ["MUST_LINK", "CANNOT_LINK", "UNSURE", "MUST_LINK"]
    assert session.place == 5


def test_back_and_typing_mistakes(found, tmp_path):
    shown, session = sitting(found, tmp_path / "a.jsonl", ["b", "x", "", "y", "b", "n"])
    assert "nothing to take back" in shown
    assert "type y, n, u, s, b or q" in shown
    assert [one.kind for _, one in session.answers] == ["CANNOT_LINK"]
    assert [one.kind for one in read_decisions(tmp_path / "a.jsonl")] == ["MUST_LINK", "UNDO", "CANNOT_LINK"]


def test_both_records_and_the_weight_lines_are_shown(found, tmp_path):
    session = ReviewSession(found.parts, review_queue(found.parts, worth=12), tmp_path / "a.jsonl")
    for pair in session.pairs:
        out = Console(file=io.StringIO(), width=160, record=True)
        out.print(show_pair(session, pair))
        text = out.export_text()
        for row in pair:
            assert ":".join(found.parts.records.key(row)) in text
        assert "any two records" in text or "not" in text
        assert "1 of 12" in text


def test_values_with_markup_are_shown_as_they_are(tmp_path):
    rows = [
        {"id": "1", "name": "[red]Ann[/red] Lee", "email": "ann@x.com"},
        {"id": "2", "name": "[/] Ann", "email": "ann@x.com"},
    ]
    found = omniid.resolve(rows)
    session = ReviewSession(found.parts, [(0, 1)], tmp_path / "a.jsonl")
    out = Console(file=io.StringIO(), width=160, record=True)
    out.print(show_pair(session, (0, 1)))
    assert "ann@x.com" in out.export_text()


@pytest.mark.parametrize(
    ("left", "right", "spans"),
    [
        ("same", "SAME", ([], [])),
        ("", "", ([], [])),
        ("12 Oak St", "21 Oak St", ([(0, 1)], [(1, 2)])),
        ("İstanbul", "istanbul", None),
    ],
)
def test_what_differs_is_found(left, right, spans):
    found = differing_parts(left, right)
    if spans is not None:
        assert sum(b - a for a, b in found[0]) == sum(b - a for a, b in spans[0])
    for value, parts in zip((left, right), found, strict=True):
        assert all(0 <= start < end <= len(value) for start, end in parts)


def test_a_sheet_goes_out_and_comes_back(folder, tmp_path, capsys):
    sheet, answers = tmp_path / "sheet.csv", tmp_path / "answers.jsonl"
    assert main(["review", str(folder), "--export", str(sheet)]) == 0
    lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    sheet.write_text("\n".join([lines[0], "same" + lines[1], *lines[2:]]), encoding="utf-8")
    for wanted in ("1 answers added", "0 answers added"):
        assert main(["review", str(folder), "--import", str(sheet), "--answers", str(answers), "--author", "kim"]) == 0
        assert wanted in capsys.readouterr().out
    assert [one.author for one in read_decisions(answers)] == ["kim"]


def test_pairs_worth_judging_go_out_as_labels(folder, tmp_path):
    assert main(["review", str(folder), "--export", str(tmp_path / "labels.csv"), "--worth", "5"]) == 0
    assert len(omniid.read_labels(tmp_path / "labels.csv")) == 0
    assert len((tmp_path / "labels.csv").read_text(encoding="utf-8-sig").splitlines()) == 6


def test_one_of_two_ways_is_said(folder, capsys):
    assert main(["review", str(folder), "--export", "a", "--import", "b"]) == 2
    assert "one of the two" in capsys.readouterr().err


def test_answers_are_learned_from_with_out(folder, tmp_path, capsys, monkeypatch):
    typed = iter(["y", "n", "u", "q"])
    monkeypatch.setattr(Console, "input", lambda self, prompt="", **more: next(typed))
    answers = tmp_path / "answers.jsonl"
    assert main(["review", str(folder), "--worth", "8", "--answers", str(answers), "--out", str(tmp_path / "better")]) == 0
    told = capsys.readouterr().out
    assert "1 same, 1 different, 1 unsure" in told
    assert "judged pairs" in told
    assert omniid.load(tmp_path / "better").model.judged["same"] >= 0
    monkeypatch.setattr(Console, "input", lambda self, prompt="", **more: "q")
    assert main(["review", str(folder), "--worth", "8", "--answers", str(answers)]) == 0
    assert "going on after 3 lines" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals there")
def test_in_a_pseudo_terminal(folder, tmp_path):
    import pty

    terminal, inside = pty.openpty()
    command = [sys.executable, "-m", "omniid", "review", str(folder), "--worth", "3", "--answers", str(tmp_path / "a.jsonl")]
    with subprocess.Popen(command, stdin=inside, stdout=inside, stderr=inside, close_fds=True) as running:
        os.close(inside)
        os.write(terminal, b"y\nn\nq\n")
        shown = b""
        while True:
            try:
                if not (part := os.read(terminal, 65536)):
                    break
            except OSError:  # how a closed terminal says so
                break
            shown += part
        assert running.wait(timeout=60) == 0
    os.close(terminal)
    assert b"1 same, 1 different" in shown
    assert [one.kind for one in read_decisions(tmp_path / "a.jsonl")] == ["MUST_LINK", "CANNOT_LINK"]
