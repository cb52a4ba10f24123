"""The file: deterministic, harmless whatever the records hold, small, and free of values where they are to be hidden."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import omniid
from omniid.cli import main
from omniid.report.page_assembly import embedded_json, embedded_script

pytest.importorskip("vl_convert", reason="the scripts of the page come from vl-convert: pip install 'omniid[report]'")


UNCHANGED = "<div><dt>What changed?</dt><dd>nothing since the earlier result</dd></div>"


class Elements(HTMLParser):
    """Collects the elements of a page, and what its scripts hold."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        said = dict(attrs)
        self.ids += [said["id"]] if said.get("id") else []
        self.targets += [value for name, value in attrs if name in ("src", "href", "action", "data", "srcset") and value]


@pytest.fixture(scope="module")
def page(page_file: Path) -> str:
    return page_file.read_text(encoding="utf-8")


def test_values_do_no_harm(page: str) -> None:
    assert len(page.encode()) < 5_000_000
    read = Elements()
    read.feed(page)
    assert read.names.count("script") == 4  # the theme, the data, the library, the page: none of a record
    assert not [target for target in read.targets if not target.startswith("#")]
    assert len(set(read.ids)) == len(read.ids)
    assert {target[1:] for target in read.targets} <= set(read.ids)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "{{ 7 * 7 }}" in page  # shown as it came, and not worked out


def test_the_policy_lets_nothing_in(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    text = policy[1].replace("&#39;", "'")
    assert text.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in text
    assert "http" not in text


def test_a_saved_result_gives_the_same_bytes(tiny, tmp_path: Path) -> None:
    found = tiny({"email": "a@x.com", "name": "Ann Lee"}, {"email": "a@x.com", "name": "Anna Lee"})
    first = found.report(tmp_path / "first.html").read_text(encoding="utf-8")
    found.save(tmp_path / "saved")
    assert main(["report", str(tmp_path / "saved"), "--out", str(tmp_path / "again.html")]) == 0
    again = (tmp_path / "again.html").read_text(encoding="utf-8")
    assert again.replace(UNCHANGED, "") == first  # a saved result knows that nothing changed since


def test_hidden_values_are_nowhere(found: omniid.Resolution, tmp_path: Path) -> None:
    text = found.report(tmp_path / "hidden.html", values=False, title="Q <3").read_text(encoding="utf-8")
    assert "<h1>Q &lt;3</h1>" in text
    parts = found.parts
    shown = text[: text.index('<script type="application/json"')] + re.findall(r'id="data">(.*?)</script>', text)[0]
    for name in ("email", "phone", "birth_date", "street", "login", "loyalty"):
        for table in (parts.records.display, parts.records.columns, parts.records.raw):
            values = [value for value in table[name].vocabulary.to_pylist() if len(set(value)) > 4] if name in table else []
            assert not [value for value in values if value in shown]
    assert "alert(1)" not in shown


@pytest.mark.parametrize("rows", [[{}], [{"email": "a@x.com"}, {"email": "a@x.com"}]])
def test_small_results_have_their_page(tiny, rows: list[dict[str, str]], tmp_path: Path) -> None:
    text = tiny(*rows).report(tmp_path / "out.html").read_text(encoding="utf-8")
    assert "<h1>Resolution report</h1>" in text


def test_a_file_without_a_folder_is_refused(tiny, tmp_path: Path) -> None:
    found = tiny({"email": "a@x.com"})
    for path in (tmp_path / "nowhere" / "out.html", tmp_path):
        with pytest.raises(omniid.InputError, match="name a file in a folder that is there"):
            found.report(path)


def test_text_in_scripts_cannot_end_them() -> None:
    assert "<" not in embedded_json(["</script>", "<!--", "&"])
    assert "</script" not in embedded_script("'</script>' + '<!--' \r\n")
    assert "\r" not in embedded_script("a\r\nb\rc")
