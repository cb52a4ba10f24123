"""Contact lists from the command line."""

from pathlib import Path

import omniid
from omniid.cli import main


def test_a_contact_list_of_a_saved_result_and_of_a_store(tmp_path: Path, capsys) -> None:
    spec = omniid.Spec(fields=[omniid.Email(), omniid.Consent("news", of="email", purpose="newsletter")])
    rows = [{"id": "1", "email": "ann@example.com", "news": "yes"}, {"id": "2", "email": "bob@example.com", "news": "no"}]
    omniid.resolve(rows, spec).save(tmp_path / "out")
    with omniid.open(tmp_path / "people.omniid", spec) as people:
        people.upsert({"records": rows})
        people.fit()
    told = []
    for place in ("out", "people.omniid"):
        listed = tmp_path / f"{place}.csv"
        assert main(["contacts", str(tmp_path / place), "--purpose", "newsletter", "--out", str(listed)]) == 0
        told.append((listed.read_text(), listed.with_name(f"{listed.stem}_refused.csv").read_text()))
    assert told[0] == told[1]
    assert "ann@example.com" in told[0][0]
    assert "bob@example.com" in told[0][1]
    assert main(["contacts", str(tmp_path / "out"), "--without-consent"]) == 0
    assert "to contact       2" in capsys.readouterr().out
    assert main(["contacts", str(tmp_path / "out"), "--purpose", "offers"]) == 2
