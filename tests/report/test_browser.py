"""The page in a real browser: nothing is asked of a network, figures are the result's, and it can be used without a mouse."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import omniid

WAY = "python -m pip install 'omniid[test]', and a browser: apt-get install chromium"
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
MUST = "OMNIID_NEEDS_CHROMIUM" in os.environ  # set by the checks, which may not pass over these tests

if not MUST:
    pytest.importorskip("playwright", reason=f"the page is tested through playwright: {WAY}")
    pytest.importorskip("vl_convert", reason=f"the page is drawn through vl-convert: {WAY}")
    if CHROMIUM is None:
        pytest.skip(f"no chromium found: {WAY}", allow_module_level=True)

CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const under = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const bad = [], seen = new Set();
  for (const node of document.querySelectorAll("main *, header *, footer *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    const kind = [node, node.parentElement, node.parentElement.parentElement].map((one) => one.tagName + one.className).join();
    if (!own || seen.has(kind) || node.closest("svg") || !node.checkVisibility()) continue;
    seen.add(kind);
    const one = light(parse(getComputedStyle(node).color)), other = light(under(node));
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) bad.push([node.tagName, node.className, node.textContent.slice(0, 20), ratio]);
  }
  return bad;
}"""
NAMELESS = """() => {
  const label = (node) => node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.[0]?.textContent
    || document.getElementById(node.getAttribute("aria-labelledby"))?.textContent;
  return [...document.querySelectorAll("a, button, select, summary, [role=img], [role=region]")]
    .filter((node) => !node.closest("[aria-hidden=true]") && !label(node)).map((node) => node.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


def opened(browser: Any, path: Path, **options: Any) -> tuple[Any, list[str]]:
    """Open the page, and note whatever it asks for, logs or throws."""
    page = browser.new_page(**options)
    heard: list[str] = []
    page.route("**/*", lambda route: route.continue_() if route.request.url == path.as_uri() else route.abort())
    page.on("request", lambda request: heard.append(request.url) if request.url != path.as_uri() else None)
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    return page, heard


def draw_all(page: Any) -> None:
    """Bring every chart into view, one by one, until it is drawn."""
    for place in page.locator("[data-chart], #waterfall").all():
        place.scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart]:not([data-drawn])", state="detached")
    page.wait_for_selector("#waterfall svg")


def test_all_is_drawn_and_nothing_is_asked(browser: Any, page_file: Path, found: omniid.Resolution) -> None:
    page, heard = opened(browser, page_file, viewport={"width": 1280, "height": 900}, color_scheme="light")
    draw_all(page)
    assert heard == []
    summary = found.summary
    shown = dict(zip(page.locator(".heads dt").all_inner_texts(), page.locator(".heads strong").all_inner_texts(), strict=True))
    assert (shown["Records"], shown["People"]) == (f"{sum(summary.records.values()):,}", f"{summary.people:,}")
    assert shown["Expected precision"] == f"{100 * summary.expected.precision:.1f}%"
    assert page.locator("[data-chart^=comparison] svg").count() == len(found.model.comparisons)
    spec = json.loads(page.locator("#data").text_content())["charts"]["weights"]
    assert sum(row["pairs"] for row in spec["layer"][0]["data"]["values"]) == len(found.parts.scores.weight)
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(NAMELESS) == []
    page.close()


def test_a_pair_is_looked_at_by_keyboard_alone(browser: Any, page_file: Path, found: omniid.Resolution) -> None:
    page, heard = opened(browser, page_file, viewport={"width": 1280, "height": 900})
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert reached[:8] == ["Summary", "Match weights", "Agreement", "Clusters", "People", "Pairs", "Quality", "theme"]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.locator("#l-doubtful + p + ol a").first.focus()
    page.keyboard.press("Enter")
    card = page.locator("details.card[open]")
    assert card.count() == 1
    weakest = card.locator("button[data-pair]").first
    name = weakest.get_attribute("aria-label").removeprefix("Evidence on ")
    weakest.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "h-pairs"
    assert page.locator("#pair-name").inner_text() == name
    left, right = (tuple(key.split(":", 1)) for key in name.split(" ~ "))
    slow = found.explain(left, right).steps[0]
    total = page.locator("#pair-lines tr").last.locator("td").last.inner_text()
    assert float(total.replace("−", "-")) == pytest.approx(slow.match_weight, abs=0.051)
    before = page.locator("#pair-name").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "pick-pair"
    page.keyboard.press("ArrowDown")
    assert page.locator("#pair-name").inner_text() != before
    assert heard == []
    page.close()


def test_a_phone_shows_it_in_light_and_dark(browser: Any, page_file: Path) -> None:
    page, heard = opened(browser, page_file, viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    page.locator("details.card").evaluate_all("all => { for (const one of all.slice(0, 3)) one.open = true; }")
    page.locator("details.data").evaluate_all("all => { for (const one of all) one.open = true; }")
    page.locator("#waterfall").scroll_into_view_if_needed()
    page.wait_for_selector("#waterfall svg")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    assert page.evaluate(CONTRAST) == []
    page.locator("#theme").click()
    assert page.locator("#theme").inner_text() == "Theme: light"
    light = page.evaluate(ground)
    assert light != dark
    assert page.evaluate(CONTRAST) == []
    page.locator("#theme").click()
    assert (page.locator("#theme").inner_text(), page.evaluate(ground)) == ("Theme: dark", dark)
    page.locator("#theme").click()
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == light
    assert heard == []
    page.close()
