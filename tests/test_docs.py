"""Everything that README and docs show, runs: each page is one session, its python blocks executed in order."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"^```python\n(?P<code>(?:(?!^```).)*)^```\n+^```text\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
NEEDS = re.compile(r"^<!-- needs ([\w.]+) -->")  # a page whose blocks run only where this library is installed
TIMES = re.compile(r"\d+\.\d\d")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_blocks_run_and_print_what_is_shown(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = page.read_text(encoding="utf-8")
    if needed := NEEDS.match(text):
        pytest.importorskip(needed[1], reason=f"{page.name} is about {needed[1]}")
    monkeypatch.chdir(tmp_path)
    shown = {match["code"]: match["text"] for match in SHOWN.finditer(text)}
    session: dict[str, object] = {"__name__": "__docs__"}
    for code in BLOCK.findall(text):
        capsys.readouterr()
        exec(compile(code, str(page), "exec"), session)
        printed = capsys.readouterr().out
        if code in shown:
            assert _settled(printed) == _settled(shown[code]), (
                f"{page.name} shows another output than this code prints:\n{code}"
            )


def _settled(text: str) -> list[str]:
    """Lines without trailing blanks; seconds differ from run to run."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return [TIMES.sub("0.00", line) if line.startswith(("seconds", "      ")) else line for line in lines]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"
