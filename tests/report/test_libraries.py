"""Where the extra is not installed, the message says how to install it, before any work."""

from pathlib import Path

import pytest

import omniid
from omniid.cli import main
from omniid.report import libraries


def test_a_missing_library_is_told_with_its_install_line(
    tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = tiny({"email": "a@x.com"}, {"email": "a@x.com"})
    monkeypatch.setattr(libraries, "find_spec", lambda name: None)
    with pytest.raises(omniid.MissingExtraError, match=r"altair is not installed: pip install 'omniid\[report\]'"):
        found.report(tmp_path / "out.html")
    assert main(["resolve", "missing.csv", "--report", str(tmp_path / "out.html"), "--quiet"]) == 2
    assert "pip install 'omniid[report]'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
